using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

public sealed class CustomResourceCases(Cluster cluster)
{
    private const string Properties =
        """
        {"size":{"type":"integer","minimum":1,"maximum":10,"default":2},
         "mode":{"type":"string","enum":["fast","slow"]},
         "name":{"type":"string","pattern":"^[a-z]+$","maxLength":5},
         "port":{"x-kubernetes-int-or-string":true},
         "note":{"type":"string","nullable":true,"default":"none"},
         "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
         "labels":{"type":"object","additionalProperties":{"type":"string"}},
         "parts":{"type":"array","maxItems":3,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],
                  "items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"kind":{"type":"string","default":"plain"}}}},
         "tags":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}}
        """;

    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_definition_is_established_and_the_kind_is_discovered()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);

        var crd = (await _api.GetAsync(kind.Crd)).Expect(200);
        var resources = (await ApiClient.EventuallyAsync(() => _api.GetAsync($"/apis/{kind.Group}/v1"), answer => answer.Code == 200, "the group is served")).Body;

        Assert.Contains(crd.Objects("status", "conditions"), condition => condition.Text("type") == "Established" && condition.Text("status") == "True");
        Assert.Equal(("gadget", "GadgetList", "v1"),
            (crd.Text("status", "acceptedNames", "singular"), crd.Text("status", "acceptedNames", "listKind"),
            crd["status"]!["storedVersions"]![0]!.GetValue<string>()));
        Assert.Equal(["gadgets", "gadgets/scale", "gadgets/status"],
            resources.Objects("resources").Select(resource => resource.Text("name")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Unknown_fields_are_pruned_but_where_they_are_to_be_kept()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", """{"unknown":1,"free":{"any":{"thing":[1]}}}"""))).Expect(201);

        Assert.Null(created.Field("spec", "unknown"));
        Assert.Equal("""{"any":{"thing":[1]}}""", created["spec"]!["free"]!.ToJsonString());
    }

    [Fact]
    public async Task Defaults_are_filled_in_also_in_items_and_for_nulls_that_are_not_allowed()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", """{"size":null,"note":null,"parts":[{"id":"x"}]}"""))).Expect(201);

        Assert.Equal((2, "plain"), (created.Number("spec", "size"), created.Objects("spec", "parts").Single().Text("kind")));
        Assert.True(created.Section("spec")!.ContainsKey("note") && created["spec"]!["note"] is null);
    }

    [Theory]
    [InlineData("""{"size":0}""", "spec.size", "should be greater than or equal to 1")]
    [InlineData("""{"size":11}""", "spec.size", "should be less than or equal to 10")]
    [InlineData("""{"size":"big"}""", "spec.size", "must be of type integer")]
    [InlineData("""{"mode":"other"}""", "spec.mode", "supported values: \"fast\", \"slow\"")]
    [InlineData("""{"name":"ABC"}""", "spec.name", "should match '^[a-z]+$'")]
    [InlineData("""{"name":"abcdef"}""", "spec.name", "")]
    [InlineData("""{"labels":{"x":1}}""", "spec.labels.x", "must be of type string")]
    [InlineData("""{"parts":[{"kind":"y"}]}""", "spec.parts[0].id", "Required value")]
    [InlineData("""{"parts":[{"id":"1"},{"id":"1"}]}""", "spec.parts[1]", "Duplicate value")]
    [InlineData("""{"parts":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"}]}""", "spec.parts", "")]
    [InlineData("""{"tags":["a","a"]}""", "spec.tags[1]", "Duplicate value")]
    public async Task What_the_schema_forbids_is_invalid_and_the_field_is_named(string spec, string field, string why)
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();

        var status = (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", spec))).ExpectStatus(422, "Invalid");

        Assert.Contains(why, status.Text("message"));

        // 1.20 does not say which item of a list has no id.
        var unplaced = field.Replace("[0].", ".", StringComparison.Ordinal);
        Assert.Contains(status.Objects("details", "causes"), cause => cause.Text("field") == field || cause.Text("field") == unplaced);
        Assert.Equal((kind.Group, "Gadget", "a"), (status.Text("details", "group"), status.Text("details", "kind"), status.Text("details", "name")));
    }

    [Theory]
    [InlineData("80")]
    [InlineData("\"http\"")]
    public async Task A_port_may_be_a_number_or_a_name(string port)
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", "{\"port\":" + port + "}"))).Expect(201);

        Assert.Equal(port, created["spec"]!["port"]!.ToJsonString());
    }

    [Fact]
    public async Task Required_fields_are_required_and_all_faults_are_told_at_once()
    {
        await using var kind = await CustomKind.DefineAsync(_api, """{"a":{"type":"string"},"b":{"type":"integer","minimum":1}}""", "\"required\":[\"a\"],");
        await using var ns = await cluster.NewNamespaceAsync();

        var status = (await _api.PostAsync(kind.Path(ns), kind.Gadget("x", """{"b":0}"""))).ExpectStatus(422, "Invalid");

        Assert.Equal(["spec.a", "spec.b"], status.Objects("details", "causes").Select(cause => cause.Text("field")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Exactly_one_of_several_can_be_demanded()
    {
        await using var kind = await CustomKind.DefineAsync(_api, """{"a":{"type":"string"},"b":{"type":"string"}}""", "\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}],");
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(kind.Path(ns), kind.Gadget("one", """{"a":"1"}"""))).Expect(201);
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("both", """{"a":"1","b":"2"}"""))).ExpectStatus(422, "Invalid");
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("none", "{}"))).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task A_change_of_the_spec_makes_a_new_generation_and_one_of_the_status_none()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();
        var created = (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", "{}"))).Expect(201);

        var changed = (await _api.PatchAsync($"{kind.Path(ns)}/a", ApiClient.Merge, """{"spec":{"mode":"fast"}}""")).Expect(200);
        var annotated = (await _api.PatchAsync($"{kind.Path(ns)}/a", ApiClient.Merge, """{"metadata":{"annotations":{"x":"1"}}}""")).Expect(200);
        var reported = (await _api.PatchAsync($"{kind.Path(ns)}/a/status", ApiClient.Merge, """{"status":{"size":2}}""")).Expect(200);

        Assert.Equal([1, 2, 2, 2], new[] { created, changed, annotated, reported }.Select(value => value.Generation()));
    }

    [Fact]
    public async Task The_status_and_the_rest_are_written_through_their_own_paths()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();
        var value = kind.Gadget("a", "{}");
        value["status"] = new JsonObject { ["size"] = 9 };

        var created = (await _api.PostAsync(kind.Path(ns), value)).Expect(201);
        var ignored = (await _api.PatchAsync($"{kind.Path(ns)}/a", ApiClient.Merge, """{"status":{"size":9}}""")).Expect(200);
        var reported = (await _api.PatchAsync($"{kind.Path(ns)}/a/status", ApiClient.Merge, """{"status":{"size":3},"spec":{"mode":"slow"},"metadata":{"labels":{"x":"1"}}}""")).Expect(200);

        Assert.Null(created["status"]);
        Assert.Null(ignored["status"]);
        Assert.Equal((3, "", null), (reported.Number("status", "size"), reported.Text("spec", "mode"), reported.Label("x")));
    }

    [Fact]
    public async Task Without_a_status_subresource_the_status_is_a_field_like_any_other()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties, status: false);
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", "{}"))).Expect(201);

        var patched = (await _api.PatchAsync($"{kind.Path(ns)}/a", ApiClient.Merge, """{"status":{"size":9}}""")).Expect(200);

        Assert.Equal((9, 2), (patched.Number("status", "size"), patched.Generation()));
        Assert.Equal(404, (await _api.PatchAsync($"{kind.Path(ns)}/a/status", ApiClient.Merge, "{}")).Code);
    }

    [Fact]
    public async Task A_scale_reads_and_writes_the_fields_that_the_definition_names()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", """{"size":4}"""))).Expect(201);
        (await _api.PatchAsync($"{kind.Path(ns)}/a/status", ApiClient.Merge, """{"status":{"size":3,"selector":"app=a"}}""")).Expect(200);

        var scale = (await _api.GetAsync($"{kind.Path(ns)}/a/scale")).Expect(200);
        (await _api.PatchAsync($"{kind.Path(ns)}/a/scale", ApiClient.Merge, """{"spec":{"replicas":5}}""")).Expect(200);

        Assert.Equal((4, 3, "app=a"), (scale.Number("spec", "replicas"), scale.Number("status", "replicas"), scale.Text("status", "selector")));
        Assert.Equal(5, (await _api.GetAsync($"{kind.Path(ns)}/a")).Expect(200).Number("spec", "size"));
    }

    [Fact]
    public async Task A_put_without_a_version_is_invalid()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", "{}"))).Expect(201);

        var status = (await _api.PutAsync($"{kind.Path(ns)}/a", kind.Gadget("a", "{}"))).ExpectStatus(422, "Invalid");

        Assert.Contains("metadata.resourceVersion: Invalid value: 0x0: must be specified for an update", status.Text("message"));
    }

    [Fact]
    public async Task A_strategic_merge_patch_is_not_for_custom_kinds()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", "{}"))).Expect(201);

        (await _api.PatchAsync($"{kind.Path(ns)}/a", ApiClient.Strategic, "{}")).ExpectStatus(415, "UnsupportedMediaType");
    }

    [Fact]
    public async Task Apply_shares_a_list_of_a_custom_kind_by_its_keys()
    {
        // No int-or-string here: 1.20 cannot make a model of a kind with one, and treats its lists as atomic then.
        await using var kind = await CustomKind.DefineAsync(_api,
            """
            {"parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],
                      "items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}}},
             "tags":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}}
            """);
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{kind.Path(ns)}/a", "one", kind.Gadget("a", """{"parts":[{"id":"x"}],"tags":["t1"]}""").ToJsonString())).Expect(201);

        var both = (await _api.ApplyAsync($"{kind.Path(ns)}/a", "two", kind.Gadget("a", """{"parts":[{"id":"y"}],"tags":["t2"]}""").ToJsonString())).Expect(200);
        var one = (await _api.ApplyAsync($"{kind.Path(ns)}/a", "one", kind.Gadget("a", "{}").ToJsonString())).Expect(200);

        Assert.Equal(["x", "y"], both.Objects("spec", "parts").Select(part => part.Text("id")).Order());
        Assert.Equal(["y"], one.Objects("spec", "parts").Select(part => part.Text("id")));
        Assert.Equal("""["t2"]""", one["spec"]!["tags"]!.ToJsonString());
    }

    [Fact]
    public async Task A_status_can_be_applied_by_its_own_path()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", """{"mode":"fast"}"""))).Expect(201);
        var value = kind.Gadget("a", "{}");
        value.Remove("spec");
        value["status"] = new JsonObject { ["size"] = 3 };

        var applied = (await _api.ApplyAsync($"{kind.Path(ns)}/a/status", "reporter", value.ToJsonString())).Expect(200);

        Assert.Equal((3, "fast", 1), (applied.Number("status", "size"), applied.Text("spec", "mode"), applied.Generation()));
    }

    [Fact]
    public async Task A_kind_ends_with_its_definition()
    {
        await using var kind = await CustomKind.DefineAsync(_api, Properties);
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", "{}"))).Expect(201);

        (await _api.DeleteAsync(kind.Crd)).Expect(200);

        await _api.EventuallyGoneAsync(kind.Crd);
        await _api.EventuallyGoneAsync($"{kind.Path(ns)}/a");
        await _api.EventuallyGoneAsync($"/apis/{kind.Group}/v1/gadgets");
    }

    [Theory]
    [InlineData("""{"x":{}}""", "must not be empty for specified object fields")]
    [InlineData("""{"x":{"type":"float"}}""", "Unsupported value: \"float\"")]
    [InlineData("""{"x":{"type":"array"}}""", "items: Required value")]
    public async Task A_definition_whose_schema_is_not_structural_is_invalid(string properties, string why)
    {
        var status = (await _api.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            CustomKind.DefinitionOf("bad.example.com", properties))).ExpectStatus(422, "Invalid");

        Assert.Contains(why, status.Text("message"));
    }

    [Fact]
    public async Task A_definition_is_named_by_its_plural_and_its_group()
    {
        var crd = CustomKind.DefinitionOf("bad.example.com", "{}");
        crd["metadata"]!["name"] = "other";

        var status = (await _api.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd)).ExpectStatus(422, "Invalid");

        Assert.Contains("must be spec.names.plural+\".\"+spec.group", status.Text("message"));
    }
}
