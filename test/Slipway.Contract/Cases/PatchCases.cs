using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

public sealed class PatchCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_merge_patch_sets_and_removes_fields()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", """{"a":"1","b":"2"}""");

        var patched = (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"data":{"a":null,"c":"3"}}""")).Expect(200);

        Assert.Equal("""{"b":"2","c":"3"}""", patched["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_merge_patch_replaces_a_list_as_a_whole()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge,
            """{"spec":{"template":{"spec":{"containers":[{"name":"other","image":"other:1"}]}}}}""")).Expect(200);

        Assert.Equal(["other"], Containers(patched).Select(container => container.Text("name")));
    }

    [Fact]
    public async Task A_strategic_merge_patch_merges_containers_by_name()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic,
            """{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"shop:2.0"},{"name":"log","image":"log:1"}]}}}}""")).Expect(200);

        var containers = Containers(patched).ToDictionary(container => container.Text("name"));
        Assert.Equal(["log", "web"], containers.Keys.Order());
        Assert.Equal(("shop:2.0", 8080), (containers["web"].Text("image"), containers["web"].Objects("ports").Single().Number("containerPort")));
    }

    [Fact]
    public async Task A_strategic_merge_patch_deletes_a_container_by_a_directive()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);
        (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic, """{"spec":{"template":{"spec":{"containers":[{"name":"log","image":"log:1"}]}}}}""")).Expect(200);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic,
            """{"spec":{"template":{"spec":{"containers":[{"name":"web","$patch":"delete"}]}}}}""")).Expect(200);

        Assert.Equal(["log"], Containers(patched).Select(container => container.Text("name")));
    }

    [Fact]
    public async Task A_strategic_merge_patch_replaces_a_list_by_a_directive()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic,
            """{"spec":{"template":{"spec":{"containers":[{"name":"new","image":"new:1"},{"$patch":"replace"}]}}}}""")).Expect(200);

        Assert.Equal(["new"], Containers(patched).Select(container => container.Text("name")));
    }

    [Fact]
    public async Task A_strategic_merge_patch_orders_by_a_directive()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic,
            """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"first"},{"name":"web"}],"containers":[{"name":"first","image":"first:1"}]}}}}""")).Expect(200);

        Assert.Equal(["first", "web"], Containers(patched).Select(container => container.Text("name")));
    }

    [Fact]
    public async Task A_strategic_merge_patch_retains_only_named_keys()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic, """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""")).Expect(200);

        Assert.Equal("""{"type":"Recreate"}""", patched["spec"]!["strategy"]!.ToJsonString());
    }

    [Fact]
    public async Task A_strategic_merge_patch_adds_to_and_takes_from_the_finalizers()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");
        var path = $"{ns.ConfigMaps}/a";
        (await _api.PatchAsync(path, ApiClient.Strategic, """{"metadata":{"finalizers":["example.com/a"]}}""")).Expect(200);

        var both = (await _api.PatchAsync(path, ApiClient.Strategic, """{"metadata":{"finalizers":["example.com/b"]}}""")).Expect(200);
        var one = (await _api.PatchAsync(path, ApiClient.Strategic, """{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.com/a"]}}""")).Expect(200);
        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"finalizers":null}}""")).Expect(200);

        Assert.Equal(["example.com/a", "example.com/b"], both.Finalizers().Order());
        Assert.Equal(["example.com/b"], one.Finalizers());
    }

    [Fact]
    public async Task A_strategic_merge_patch_with_an_item_without_its_key_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var answer = await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic, """{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}""");

        Assert.InRange(answer.Code, 400, 500);
        Assert.Contains("does not contain declared merge key", answer.Body.Text("message"));
    }

    [Fact]
    public async Task A_json_patch_does_its_operations_in_order()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", """{"a":"1","b":"2"}""");

        var patched = (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.JsonPatch,
            """
            [{"op":"test","path":"/data/a","value":"1"},
             {"op":"add","path":"/metadata/annotations","value":{}},
             {"op":"add","path":"/metadata/annotations/example.com~1x","value":"slash"},
             {"op":"copy","from":"/data/b","path":"/data/c"},
             {"op":"move","from":"/data/a","path":"/data/d"},
             {"op":"replace","path":"/data/b","value":"two"}]
            """)).Expect(200);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"b":"two","c":"2","d":"1"}"""), patched["data"]), patched["data"]!.ToJsonString());
        Assert.Equal("slash", patched.Annotation("example.com/x"));
    }

    [Fact]
    public async Task A_json_patch_adds_to_a_list_at_a_place_and_at_the_end()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var patched = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.JsonPatch,
            """
            [{"op":"add","path":"/spec/template/spec/containers/0","value":{"name":"first","image":"first:1"}},
             {"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"last","image":"last:1"}}]
            """)).Expect(200);

        Assert.Equal(["first", "web", "last"], Containers(patched).Select(container => container.Text("name")));
    }

    [Fact]
    public async Task A_json_patch_whose_test_fails_changes_nothing()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");

        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.JsonPatch,
            """[{"op":"replace","path":"/data/a","value":"2"},{"op":"test","path":"/data/a","value":"1"}]""")).ExpectStatus(422, "Invalid");

        Assert.Equal(created.ResourceVersion(), (await _api.GetAsync($"{ns.ConfigMaps}/a")).Expect(200).ResourceVersion());
    }

    [Fact]
    public async Task A_json_patch_to_a_path_that_is_not_there_is_invalid()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.JsonPatch, """[{"op":"remove","path":"/data/nothing"}]""")).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task A_patch_of_a_kind_that_is_not_known_is_an_unsupported_media_type()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        (await _api.PatchAsync($"{ns.ConfigMaps}/a", "application/json", "{}")).ExpectStatus(415, "UnsupportedMediaType");
    }

    [Fact]
    public async Task A_patch_with_an_old_version_in_it_is_a_conflict()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");
        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"data":{"a":"2"}}""")).Expect(200);

        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge,
            $$$"""{"metadata":{"resourceVersion":"{{{created.ResourceVersion()}}}"},"data":{"a":"3"}}""")).ExpectStatus(409, "Conflict");
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_does_not_move_the_version()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");

        var patched = (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"data":{"a":"1"}}""")).Expect(200);

        Assert.Equal(created.ResourceVersion(), patched.ResourceVersion());
    }

    [Fact]
    public async Task A_patch_of_what_is_not_there_is_not_found() =>
        (await _api.PatchAsync("/api/v1/namespaces/default/configmaps/no-such", ApiClient.Merge, "{}")).ExpectStatus(404, "NotFound");

    [Fact]
    public async Task A_patch_that_makes_the_object_invalid_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await DeployAsync(ns);

        var status = (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge, """{"spec":{"replicas":-1}}""")).ExpectStatus(422, "Invalid");

        Assert.Equal(("spec.replicas", "FieldValueInvalid"),
            (status.Objects("details", "causes").First().Text("field"), status.Objects("details", "causes").First().Text("reason")));
    }

    [Fact]
    public async Task A_hundred_patches_at_once_are_all_there_in_the_end()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async writer =>
        {
            for (var i = 0; i < 20; i++)
            {
                Answer answer;
                do
                {
                    answer = await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, $$$"""{"data":{"w{{{writer}}}-{{{i}}}":"x"}}""");
                }
                while (answer.Code == 409);
                answer.Expect(200);
            }
        }));

        Assert.Equal(101, (await _api.GetAsync($"{ns.ConfigMaps}/a")).Expect(200).Section("data")!.Count);
    }

    private async Task DeployAsync(TestNamespace ns) => (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

    private static IEnumerable<JsonObject> Containers(JsonObject deployment) => deployment.Objects("spec", "template", "spec", "containers");
}
