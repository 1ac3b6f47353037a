using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

public sealed class DryRunCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_dry_creation_answers_as_a_real_one_and_keeps_nothing()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync($"{ns.Deployments}?dryRun=All", Samples.Deployment("shop"))).Expect(201);

        Assert.Equal(10, created.Number("spec", "revisionHistoryLimit"));
        Assert.NotEqual("", created.Uid());
        Assert.Equal(404, (await _api.GetAsync($"{ns.Deployments}/shop")).Code);
    }

    [Fact]
    public async Task A_dry_creation_of_what_is_there_already_exists()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        (await _api.PostAsync($"{ns.ConfigMaps}?dryRun=All", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")).ExpectStatus(409, "AlreadyExists");
    }

    [Fact]
    public async Task A_dry_patch_and_a_dry_apply_show_the_outcome_and_change_nothing()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");

        var patched = (await _api.PatchAsync($"{ns.ConfigMaps}/a?dryRun=All", ApiClient.Merge, """{"data":{"a":"2"}}""")).Expect(200);
        var applied = (await _api.PatchAsync($"{ns.ConfigMaps}/a?dryRun=All&fieldManager=one", ApiClient.ApplyYaml, """{"apiVersion":"v1","kind":"ConfigMap","data":{"b":"3"}}""")).Expect(200);

        Assert.Equal(("2", "3"), (patched.Text("data", "a"), applied.Text("data", "b")));
        Assert.Equal(created.ResourceVersion(), (await _api.GetAsync($"{ns.ConfigMaps}/a")).Expect(200).ResourceVersion());
    }

    [Fact]
    public async Task A_dry_patch_is_validated()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        (await _api.PatchAsync($"{ns.Deployments}/shop?dryRun=All", ApiClient.Merge, """{"spec":{"replicas":-1}}""")).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task A_dry_patch_shows_the_generation_that_there_would_be()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop?dryRun=All", ApiClient.Merge, """{"spec":{"minReadySeconds":9}}""")).Expect(200);

        Assert.Equal(2, patched.Generation());
    }

    [Fact]
    public async Task A_dry_deletion_deletes_nothing()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        (await _api.DeleteAsync($"{ns.ConfigMaps}/a?dryRun=All")).Expect(200);

        (await _api.GetAsync($"{ns.ConfigMaps}/a")).Expect(200);
    }

    [Fact]
    public async Task A_dry_run_of_another_stage_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        Assert.InRange((await _api.PostAsync($"{ns.ConfigMaps}?dryRun=Some", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")).Code, 400, 422);
    }
}
