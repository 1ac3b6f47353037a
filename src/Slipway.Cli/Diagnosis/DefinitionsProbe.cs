using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Schemas;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>Our kinds: that they are installed, served, and as this program knows them.</summary>
internal static class DefinitionsProbe
{
    private const string Subject = "definitions";
    private const string Install = "slipway crds | kubectl apply --server-side -f -";
    private const int MostDifferences = 3;

    private static readonly ResourceType Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);

    public static async Task<IReadOnlyList<Finding>> LookAsync(Examination examination, CancellationToken cancellationToken)
    {
        var client = new ResourceClient<JsonObject>(examination.Connection, Definitions, element => JsonObject.Create(element.Clone()));
        List<Finding> findings = [];
        List<string> missing = [];
        try
        {
            foreach (var ours in CustomResources.All)
            {
                var found = await client.GetAsync(new ObjectKey("", (string)ours["metadata"]!["name"]!), cancellationToken);
                if (found is null)
                {
                    missing.Add((string)ours["metadata"]!["name"]!);
                }
                else
                {
                    findings.AddRange(Compare(ours, found.Value));
                }
            }
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            return await DiscoveredAsync(examination.Connection, cancellationToken);
        }

        if (missing.Count > 0)
        {
            findings.Insert(0, new Finding(Subject, Verdict.Problem, $"{string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} not installed", Install));
        }

        return findings.Count > 0 ? findings : [new Finding(Subject, Verdict.Ok, $"{CustomResources.All.Length} kinds of {ApiNames.Group}/{ApiNames.Version} are installed, as this program knows them")];
    }

    /// <summary>What is wrong with one definition; nothing where it is as ours.</summary>
    public static IEnumerable<Finding> Compare(JsonObject ours, JsonObject theirs)
    {
        var name = (string)ours["metadata"]!["name"]!;
        var served = (theirs["spec"]?["versions"] as JsonArray ?? []).FirstOrDefault(version => (string?)version?["name"] == ApiNames.Version);
        if (served is null || (bool?)served["served"] != true)
        {
            yield return new Finding(Subject, Verdict.Problem, $"{name} does not serve {ApiNames.Version}", Install);
            yield break;
        }

        foreach (var condition in (theirs["status"]?["conditions"] as JsonArray ?? []).Where(condition => (string?)condition?["type"] is "Established" or "NamesAccepted" && (string?)condition["status"] == "False"))
        {
            yield return new Finding(Subject, Verdict.Problem, $"{name} is not served: {condition!["reason"]}: {condition["message"]}", $"kubectl describe crd {name}");
        }

        string[] older = [.. SchemaDifference.Missing(ours["spec"]!["versions"]![0]!["schema"], served["schema"])];
        if (older.Length > 0)
        {
            yield return new Finding(Subject, Verdict.Warning, $"{name} is not as this program knows it: {Some(older)}: the cluster was installed from another version", Install);
        }

        string[] newer = [.. SchemaDifference.Missing(served["schema"], ours["spec"]!["versions"]![0]!["schema"])];
        if (older.Length == 0 && newer.Length > 0)
        {
            yield return new Finding(Subject, Verdict.Warning, $"{name} knows more than this program: {Some(newer)}", "use the version of slipway that the cluster was installed with, or a newer one");
        }
    }

    // Who may not read definitions may still ask what is served.
    private static async Task<IReadOnlyList<Finding>> DiscoveredAsync(ClusterConnection connection, CancellationToken cancellationToken)
    {
        using var discovery = new ApiDiscovery(connection);
        List<string> missing = [];
        foreach (var ours in CustomResources.All)
        {
            var kind = (string)ours["spec"]!["names"]!["kind"]!;
            if (await discovery.FindAsync(ApiNames.Group, kind, cancellationToken, ApiNames.Version) is null)
            {
                missing.Add(kind);
            }
        }

        return missing.Count > 0
            ? [new Finding(Subject, Verdict.Problem, $"{ApiNames.Group}/{ApiNames.Version} is not served with {string.Join(", ", missing)}", Install)]
            : [new Finding(Subject, Verdict.Unknown, $"all kinds of {ApiNames.Group}/{ApiNames.Version} are served; whether as this program knows them is not for you to read", "to compare them, ask for get on customresourcedefinitions.apiextensions.k8s.io")];
    }

    private static string Some(string[] paths) =>
        $"{string.Join(", ", paths.Take(MostDifferences))}{(paths.Length > MostDifferences ? $" and {paths.Length - MostDifferences} more" : "")}";
}
