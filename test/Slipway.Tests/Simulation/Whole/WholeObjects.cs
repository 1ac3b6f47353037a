using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>What the people of the simulated cluster have written: the workload, what leads requests to it, and the Delivery.</summary>
internal static class WholeObjects
{
    public static readonly ResourceType Routes = new("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute");

    public static readonly ObjectKey Shop = new("default", "shop");

    private const string Steps = """[{"weight":20,"hold":"5s"},{"weight":40,"hold":"5s"}]""";
    private const string Pace = "\"settle\":\"1s\",\"drain\":\"2s\"";

    public static ResourceType WorkloadOf(Way way) => way == Way.Partition ? ResourceTypes.StatefulSets : ResourceTypes.Deployments;

    /// <summary>Whether the new version runs beside the workload, which is not touched before it has passed.</summary>
    public static bool IsBeside(Way way) => way is Way.CanaryByPods or Way.CanaryByRoute or Way.BlueGreen;

    public static JsonObject Workload(Way way, string image, int replicas)
    {
        var spec = new JsonObject
        {
            ["replicas"] = replicas,
            ["selector"] = JsonNode.Parse("""{"matchLabels":{"app":"shop"}}"""),
            ["template"] = JsonNode.Parse($$$"""
                {"metadata":{"labels":{"app":"shop"} },"spec":{"imagePullSecrets":[{"name":"regcred"}],"containers":[{"name":"web","image":"{{{image}}}","env":[{"name":"SIZE","value":"1"}]}]} }
                """),
        };
        if (way == Way.Partition)
        {
            spec["serviceName"] = "shop";
        }

        return new JsonObject { ["spec"] = spec };
    }

    public static JsonObject Service() => new() { ["spec"] = JsonNode.Parse("""{"selector":{"app":"shop"},"ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]}""") };

    public static JsonObject Route() => new()
    {
        ["spec"] = JsonNode.Parse("""{"parentRefs":[{"name":"edge"}],"rules":[{"backendRefs":[{"name":"shop","port":80,"weight":100}]}]}"""),
    };

    public static JsonObject PullSecret(string host) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = "regcred" },
        ["type"] = "kubernetes.io/dockerconfigjson",
        ["data"] = new JsonObject
        {
            [".dockerconfigjson"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$$"""{"auths":{"{{{host}}}":{"auth":"{{{SharedImages.Login}}}"} } }""")),
        },
    };

    public static JsonObject Delivery(WholeSchedule schedule, string registry)
    {
        var spec = new JsonObject
        {
            ["targets"] = new JsonArray(new JsonObject { ["kind"] = WorkloadOf(schedule.Way).Kind, ["name"] = "shop" }),
            ["source"] = JsonNode.Parse("""{"follow":{"semver":{}},"interval":"10s"}"""),
            ["progressDeadline"] = "60s",
            ["strategy"] = JsonNode.Parse(schedule.Way switch
            {
                Way.CanaryByPods => $$$"""{"canary":{"allowCoarse":true,"steps":{{{Steps}}},"traffic":{{{{Pace}}}} } }""",
                Way.CanaryByRoute => $$$"""{"canary":{"allowCoarse":true,"steps":{{{Steps}}},"traffic":{{{{Pace}}},"httpRoute":{"name":"shop"} } } }""",
                Way.BlueGreen => $$$"""{"blueGreen":{"previewService":"shop-next","hold":"5s","keepOld":"5s",{{{Pace}}} } }""",
                Way.Rolling => """{"rolling":{"hold":"3s"}}""",
                _ => $$$"""{"canary":{"allowCoarse":true,"steps":[{"weight":50,"hold":"5s"}],"traffic":{{{{Pace}}}} } }""",
            }),
        };
        if (schedule.Checks)
        {
            var when = schedule.Way switch { Way.BlueGreen => "Before", Way.Rolling => "After", _ => "During" };
            spec["checks"] = JsonNode.Parse($$$"""[{"name":"smoke","when":"{{{when}}}","job":{"image":"{{{registry}}}/acme/smoke:{{ version }}"} }]""");
        }

        return new JsonObject { ["spec"] = spec };
    }
}
