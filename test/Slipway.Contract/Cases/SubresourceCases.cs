using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>Status, scale and generation: what is written through which path, and what moves with it.</summary>
public sealed class SubresourceCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task The_first_generation_is_one_and_a_change_of_the_spec_makes_the_next()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);
        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge, """{"spec":{"minReadySeconds":5}}""")).Expect(200);

        Assert.Equal((1, 2), (created.Generation(), patched.Generation()));
    }

    [Fact]
    public async Task A_change_of_labels_makes_no_new_generation()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge, """{"metadata":{"labels":{"x":"1"}}}""")).Expect(200);

        Assert.Equal(1, patched.Generation());
    }

    [Fact]
    public async Task A_change_of_the_annotations_of_a_deployment_makes_a_new_generation()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge, """{"metadata":{"annotations":{"x":"1"}}}""")).Expect(200);

        Assert.Equal(2, patched.Generation());
    }

    [Fact]
    public async Task A_config_map_has_no_generation()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        Assert.Null((await ns.CreateConfigMapAsync("a")).Number("metadata", "generation"));
    }

    [Fact]
    public async Task A_status_is_written_through_its_own_path_and_moves_no_generation()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Group("apps", "v1", "replicasets"), ReplicaSet("rs"))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.Group("apps", "v1", "replicasets")}/rs/status", ApiClient.Merge,
            """{"status":{"replicas":0,"conditions":[{"type":"Checked","status":"True","reason":"ByCase"}]},"spec":{"minReadySeconds":77}}""")).Expect(200);

        Assert.Equal("ByCase", patched.Objects("status", "conditions").Single(condition => condition.Text("type") == "Checked").Text("reason"));
        Assert.Equal((1, null), (patched.Generation(), patched.Number("spec", "minReadySeconds")));
    }

    [Fact]
    public async Task A_status_that_is_written_with_the_rest_is_ignored()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var value = Samples.Deployment("shop");
        value["status"] = new JsonObject { ["replicas"] = 7 };

        var created = (await _api.PostAsync(ns.Deployments, value)).Expect(201);
        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge, """{"status":{"replicas":7}}""")).Expect(200);

        Assert.NotEqual(7, created.Number("status", "replicas"));
        Assert.NotEqual(7, patched.Number("status", "replicas"));
    }

    [Fact]
    public async Task A_status_can_be_read_by_its_path()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        Assert.Equal("shop", (await _api.GetAsync($"{ns.Deployments}/shop/status")).Expect(200).Name());
    }

    [Fact]
    public async Task A_kind_without_a_status_has_no_path_for_one()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        Assert.Equal(404, (await _api.GetAsync($"{ns.ConfigMaps}/a/status")).Code);
    }

    [Fact]
    public async Task A_scale_shows_the_replicas_and_whose_they_are()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop", replicas: 0))).Expect(201);

        var scale = (await _api.GetAsync($"{ns.Deployments}/shop/scale")).Expect(200);

        Assert.Equal(("Scale", "autoscaling/v1", "shop", "app=shop"), (scale.Kind(), scale.Text("apiVersion"), scale.Name(), scale.Text("status", "selector")));
        Assert.Equal(created.Uid(), scale.Uid());
        Assert.Equal(0, scale.Number("spec", "replicas") ?? 0);
    }

    [Fact]
    public async Task A_scale_is_written_by_patch_and_makes_a_new_generation()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop", replicas: 1))).Expect(201);

        var scale = (await _api.PatchAsync($"{ns.Deployments}/shop/scale", ApiClient.Merge, """{"spec":{"replicas":0}}""")).Expect(200);
        var after = (await _api.GetAsync($"{ns.Deployments}/shop")).Expect(200);

        Assert.Equal(0, scale.Number("spec", "replicas") ?? 0);
        Assert.Equal((0, 2), (after.Number("spec", "replicas"), after.Generation()));
    }

    [Fact]
    public async Task A_scale_is_written_by_put_of_the_version_that_was_read()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Group("apps", "v1", "statefulsets"), StatefulSet("db"))).Expect(201);
        var path = $"{ns.Group("apps", "v1", "statefulsets")}/db";
        var scale = (await _api.GetAsync($"{path}/scale")).Expect(200);
        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"labels":{"moved":"on"}}}""")).Expect(200);
        scale["spec"]!["replicas"] = 0;

        (await _api.PutAsync($"{path}/scale", scale)).ExpectStatus(409, "Conflict");
    }

    [Fact]
    public async Task Who_wrote_a_scale_is_noted_from_1_22_on_and_before_the_replicas_stay_their_first_writers()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync($"{ns.Deployments}?fieldManager=first", Samples.Deployment("shop", replicas: 1))).Expect(201);

        (await _api.PatchAsync($"{ns.Deployments}/shop/scale?fieldManager=scaler", ApiClient.Merge, """{"spec":{"replicas":0}}""")).Expect(200);
        var after = (await _api.GetAsync($"{ns.Deployments}/shop")).Expect(200);

        var owners = after.Objects("metadata", "managedFields").Where(entry => entry.Field("fieldsV1", "f:spec", "f:replicas") is not null)
            .Select(entry => (entry.Text("manager"), entry.Text("subresource")));
        Assert.Equal([cluster.Minor >= 22 ? ("scaler", "scale") : ("first", "")], owners);
    }

    [Fact]
    public async Task A_scale_below_zero_is_invalid()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        (await _api.PatchAsync($"{ns.Deployments}/shop/scale", ApiClient.Merge, """{"spec":{"replicas":-1}}""")).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task A_selector_cannot_be_changed()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        var status = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge,
            """{"spec":{"selector":{"matchLabels":{"app":"other"}},"template":{"metadata":{"labels":{"app":"other"}}}}}""")).ExpectStatus(422, "Invalid");

        Assert.Contains("field is immutable", status.Text("message"));
    }

    [Fact]
    public async Task Writers_of_updates_are_told_apart_by_name()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync($"{ns.Deployments}?fieldManager=kubectl-client-side-apply", Samples.Deployment("shop"))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop?fieldManager=kubectl-set", ApiClient.Strategic,
            """{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"shop:2.0"}]}}}}""")).Expect(200);

        var owners = patched.Objects("metadata", "managedFields")
            .Where(entry => entry["fieldsV1"]!.ToJsonString().Contains("f:image\"", StringComparison.Ordinal))
            .Select(entry => (entry.Text("manager"), entry.Text("operation")));
        Assert.Equal([("kubectl-set", "Update")], owners);
    }

    private static JsonObject ReplicaSet(string name) => Controller("ReplicaSet", name, "");

    private static JsonObject StatefulSet(string name) => Controller("StatefulSet", name, "\"serviceName\":\"db\",");

    private static JsonObject Controller(string kind, string name, string more) => JsonTree.ParseObject(
        """
        {"apiVersion":"apps/v1","kind":"KIND","metadata":{"name":"NAME"},
         "spec":{MORE"replicas":0,"selector":{"matchLabels":{"app":"NAME"}},
                 "template":{"metadata":{"labels":{"app":"NAME"}},"spec":{"containers":[{"name":"web","image":"shop:1.0"}]}}}}
        """.Replace("KIND", kind, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal));
}
