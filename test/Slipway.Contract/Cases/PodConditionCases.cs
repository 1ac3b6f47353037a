using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>Readiness gates, and the conditions that open them: written through the status of a pod, in each form of patch.</summary>
public sealed class PodConditionCases(Cluster cluster)
{
    private const string Gate = "slipway.dev/serving";

    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_gate_is_kept_as_it_was_written()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.Core("pods"), Gated("gated"))).Expect(201);

        Assert.Equal(Gate, created.Objects("spec", "readinessGates").Single().Text("conditionType"));
    }

    [Fact]
    public async Task A_gate_whose_name_is_none_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var status = (await _api.PostAsync(ns.Core("pods"), Gated("gated", "not a name"))).ExpectStatus(422, "Invalid");

        Assert.Contains("spec.readinessGates[0].conditionType", status.Text("message"));
    }

    [Fact]
    public async Task A_gate_cannot_be_added_to_a_pod_that_is_there()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("pods"), Samples.Pod("open"))).Expect(201);

        (await _api.PatchAsync($"{ns.Core("pods")}/open", ApiClient.Merge,
            $$"""{"spec":{"readinessGates":[{"conditionType":"{{Gate}}"}]} }""")).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task A_strategic_patch_of_the_status_sets_one_condition_and_leaves_the_others()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await WithConditionAsync(ns, "Other");

        (await PatchAsync(ns, ApiClient.Strategic, "True")).Expect(200);
        var twice = (await PatchAsync(ns, ApiClient.Strategic, "False")).Expect(200);

        Assert.Equal((("True", "False"), 2), ((StateOf(twice, "Other"), StateOf(twice, Gate)), Own(twice).Length));
    }

    [Fact]
    public async Task A_merge_patch_of_the_status_puts_its_list_in_the_place_of_the_whole_one()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await WithConditionAsync(ns, "Other");

        var patched = (await PatchAsync(ns, ApiClient.Merge, "True")).Expect(200);

        Assert.Equal([Gate], Own(patched));
    }

    [Fact]
    public async Task An_apply_of_the_status_owns_its_condition_alone_and_takes_it_away_again()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await WithConditionAsync(ns, "Other");
        var path = $"{ns.Core("pods")}/gated/status?fieldManager=slipway&force=true";

        var applied = (await _api.PatchAsync(path, ApiClient.ApplyYaml, Applied($$"""{"type":"{{Gate}}","status":"True"}"""))).Expect(200);
        var changed = (await _api.PatchAsync(path, ApiClient.ApplyYaml, Applied($$"""{"type":"{{Gate}}","status":"False"}"""))).Expect(200);
        var dropped = (await _api.PatchAsync(path, ApiClient.ApplyYaml, Applied(""))).Expect(200);

        Assert.Equal((("True", "True"), ("True", "False")), ((StateOf(applied, "Other"), StateOf(applied, Gate)), (StateOf(changed, "Other"), StateOf(changed, Gate))));
        Assert.Equal(["Other"], Own(dropped));
    }

    [Fact]
    public async Task A_patch_of_the_status_changes_nothing_of_the_spec()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("pods"), Gated("gated"))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.Core("pods")}/gated/status", ApiClient.Merge, """{"spec":{"activeDeadlineSeconds":5} }""")).Expect(200);

        Assert.Null(patched.Number("spec", "activeDeadlineSeconds"));
    }

    [Fact]
    public async Task A_patch_of_the_status_with_a_version_that_is_past_is_a_conflict()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = (await _api.PostAsync(ns.Core("pods"), Gated("gated"))).Expect(201);
        (await PatchAsync(ns, ApiClient.Strategic, "True")).Expect(200);

        (await _api.PatchAsync($"{ns.Core("pods")}/gated/status", ApiClient.Strategic, $$"""
            {"metadata":{"resourceVersion":"{{created.ResourceVersion()}}"},"status":{"conditions":[{"type":"{{Gate}}","status":"False"}]} }
            """)).ExpectStatus(409, "Conflict");
    }

    private async Task WithConditionAsync(TestNamespace ns, string type)
    {
        (await _api.PostAsync(ns.Core("pods"), Gated("gated"))).Expect(201);
        (await _api.PatchAsync($"{ns.Core("pods")}/gated/status", ApiClient.Strategic, $$"""{"status":{"conditions":[{"type":"{{type}}","status":"True"}]} }""")).Expect(200);
    }

    private Task<Answer> PatchAsync(TestNamespace ns, string type, string state) =>
        _api.PatchAsync($"{ns.Core("pods")}/gated/status", type, $$"""{"status":{"conditions":[{"type":"{{Gate}}","status":"{{state}}"}]} }""");

    private static string Applied(string condition) =>
        $$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"gated"},"status":{"conditions":[{{condition}}]} }""";

    // A scheduler that looks at the pod may have a condition of its own there.
    private static string[] Own(JsonObject pod) => [.. pod.Objects("status", "conditions").Select(one => one.Text("type")).Where(type => type is Gate or "Other")];

    private static string StateOf(JsonObject pod, string type) => pod.Objects("status", "conditions").Single(one => one.Text("type") == type).Text("status");

    private static JsonObject Gated(string name, string gate = Gate)
    {
        var pod = Samples.Pod(name);
        pod["spec"]!["readinessGates"] = new JsonArray(new JsonObject { ["conditionType"] = gate });
        return pod;
    }
}
