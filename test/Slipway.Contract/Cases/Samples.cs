using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>Objects that several cases need.</summary>
internal static class Samples
{
    /// <summary>Paused and without pods, so that no controller of a real cluster touches it while a case looks.</summary>
    public static JsonObject Deployment(string name, int? replicas = 0, string image = "shop:1.0")
    {
        var value = JsonTree.ParseObject(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"NAME"},
             "spec":{"paused":true,"selector":{"matchLabels":{"app":"NAME"}},
                     "template":{"metadata":{"labels":{"app":"NAME"}},
                                 "spec":{"containers":[{"name":"web","image":"IMAGE","ports":[{"containerPort":8080}]}]}}}}
            """.Replace("NAME", name, StringComparison.Ordinal).Replace("IMAGE", image, StringComparison.Ordinal));
        if (replicas is { } count)
        {
            value["spec"]!["replicas"] = count;
        }
        return value;
    }

    public static JsonObject CronJob(string apiVersion, string name) => JsonTree.ParseObject(
        """
        {"apiVersion":"VERSION","kind":"CronJob","metadata":{"name":"NAME"},
         "spec":{"schedule":"0 3 * * *","suspend":true,
                 "jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"report","image":"report:1.0"}]}}}}}}
        """.Replace("NAME", name, StringComparison.Ordinal).Replace("VERSION", apiVersion, StringComparison.Ordinal));

    public static JsonObject Pod(string name) => JsonTree.ParseObject(
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},
         "spec":{"schedulerName":"nobody","automountServiceAccountToken":false,"containers":[{"name":"web","image":"shop:1.0"}]}}
        """.Replace("NAME", name, StringComparison.Ordinal));
}
