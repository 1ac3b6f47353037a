using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>Server-side apply: who has which field, and what happens when two want one.</summary>
public sealed class ApplyCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task An_apply_creates_what_is_not_there()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(201);

        Assert.Equal("1", created.Text("data", "a"));
        var entry = Assert.Single(created.Objects("metadata", "managedFields"));
        Assert.Equal(("one", "Apply", "v1", "FieldsV1"), (entry.Text("manager"), entry.Text("operation"), entry.Text("apiVersion"), entry.Text("fieldsType")));
        Assert.Equal("""{"f:data":{"f:a":{}}}""", entry["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public async Task An_apply_may_be_written_in_yaml()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one",
            """
            # a comment
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              labels: {x: "1"}
            data:
              text: |
                two
                lines
              quoted: "true"
            """)).Expect(201);

        Assert.Equal(("two\nlines\n", "true", "1"), (created.Text("data", "text"), created.Text("data", "quoted"), created.Label("x")));
    }

    [Fact]
    public async Task The_same_apply_again_changes_nothing()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var first = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(201);

        var second = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(200);

        Assert.Equal(first.ResourceVersion(), second.ResourceVersion());
    }

    [Fact]
    public async Task A_field_that_is_no_longer_applied_goes_away()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1","b":"2"}"""))).Expect(201);

        var applied = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(200);

        Assert.Equal("""{"a":"1"}""", applied["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_field_that_somebody_else_has_too_stays_when_one_stops_applying_it()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1","b":"2"}"""))).Expect(201);
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "two", ConfigMap("""{"b":"2"}"""))).Expect(200);

        var applied = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(200);

        Assert.Equal("""{"a":"1","b":"2"}""", applied["data"]!.ToJsonString());
        Assert.Equal("""{"f:data":{"f:b":{}}}""", FieldsOf(applied, "two"));
    }

    [Fact]
    public async Task A_field_that_somebody_else_has_with_another_value_is_a_conflict()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(201);

        var status = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "two", ConfigMap("""{"a":"2"}"""))).ExpectStatus(409, "Conflict");

        var cause = Assert.Single(status.Objects("details", "causes"));
        Assert.Equal(("FieldManagerConflict", ".data.a"), (cause.Text("reason"), cause.Text("field")));
        Assert.Equal("conflict with \"one\"", cause.Text("message"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .data.a", status.Text("message"));
    }

    [Fact]
    public async Task Several_conflicts_are_told_together()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1","b":"1"}"""))).Expect(201);

        var status = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "two", ConfigMap("""{"a":"2","b":"2"}"""))).ExpectStatus(409, "Conflict");

        Assert.Equal("Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.a\n- .data.b", status.Text("message"));
        Assert.Equal(2, status.Objects("details", "causes").Count());
    }

    [Fact]
    public async Task A_forced_apply_takes_the_field()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1","b":"1"}"""))).Expect(201);

        var applied = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "two", ConfigMap("""{"a":"2"}"""), force: true)).Expect(200);

        Assert.Equal("2", applied.Text("data", "a"));
        Assert.Equal("""{"f:data":{"f:b":{}}}""", FieldsOf(applied, "one"));
        Assert.Equal("""{"f:data":{"f:a":{}}}""", FieldsOf(applied, "two"));
    }

    [Fact]
    public async Task Two_who_want_the_same_value_share_the_field()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(201);

        var applied = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "two", ConfigMap("""{"a":"1"}"""))).Expect(200);

        Assert.Equal((FieldsOf(applied, "one"), FieldsOf(applied, "two")), ("""{"f:data":{"f:a":{}}}""", """{"f:data":{"f:a":{}}}"""));
    }

    [Fact]
    public async Task An_update_takes_what_it_changes_from_who_applied_it()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1","b":"1"}"""))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.ConfigMaps}/a?fieldManager=editor", ApiClient.Merge, """{"data":{"a":"2"}}""")).Expect(200);

        Assert.Equal("""{"f:data":{"f:b":{}}}""", FieldsOf(patched, "one"));
        Assert.Equal("""{"f:data":{"f:a":{}}}""", FieldsOf(patched, "editor"));
        Assert.Equal("Update", EntryOf(patched, "editor")!.Text("operation"));
    }

    [Fact]
    public async Task A_conflict_with_an_update_says_its_version_and_its_time()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync($"{ns.ConfigMaps}?fieldManager=editor", ConfigMap("""{"a":"1"}"""))).Expect(201);

        var status = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"2"}"""))).ExpectStatus(409, "Conflict");

        Assert.Matches("^Apply failed with 1 conflict: conflict with \"editor\" using v1( at [-0-9T:]+Z)?: \\.data\\.a$", status.Text("message"));
    }

    [Fact]
    public async Task Without_a_field_manager_the_first_word_of_the_user_agent_is_it()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = await ns.CreateConfigMapAsync("a");

        Assert.Equal(("contract", "Update"),
            (created.Objects("metadata", "managedFields").Single().Text("manager"), created.Objects("metadata", "managedFields").Single().Text("operation")));
    }

    [Fact]
    public async Task A_container_is_shared_field_by_field()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var path = $"{ns.Deployments}/shop";
        (await _api.ApplyAsync(path, "owner", Samples.Deployment("shop").ToJsonString())).Expect(201);

        var status = (await _api.ApplyAsync(path, "slipway", Image("shop:2.0"))).ExpectStatus(409, "Conflict");
        var applied = (await _api.ApplyAsync(path, "slipway", Image("shop:2.0"), force: true)).Expect(200);

        Assert.Equal(".spec.template.spec.containers[name=\"web\"].image", Assert.Single(status.Objects("details", "causes")).Text("field"));
        var container = applied.Objects("spec", "template", "spec", "containers").Single();
        Assert.Equal(("shop:2.0", 8080), (container.Text("image"), container.Objects("ports").Single().Number("containerPort")));
        Assert.Equal("""{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:name":{}}}}}}}""", FieldsOf(applied, "slipway"));
        Assert.DoesNotContain("f:image", FieldsOf(applied, "owner"));
    }

    [Fact]
    public async Task A_container_that_is_no_longer_applied_goes_with_its_defaults()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var path = $"{ns.Deployments}/shop";
        var both = Samples.Deployment("shop");
        both["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Add((JsonNode)JsonTree.ParseObject("""{"name":"log","image":"log:1"}"""));
        (await _api.ApplyAsync(path, "owner", both.ToJsonString())).Expect(201);

        var applied = (await _api.ApplyAsync(path, "owner", Samples.Deployment("shop").ToJsonString())).Expect(200);

        Assert.Equal(["web"], applied.Objects("spec", "template", "spec", "containers").Select(container => container.Text("name")));
    }

    [Fact]
    public async Task Replicas_that_are_given_up_stay_as_the_other_owner_set_them()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var path = $"{ns.Deployments}/shop";
        (await _api.ApplyAsync(path, "owner", Samples.Deployment("shop").ToJsonString())).Expect(201);
        (await _api.ApplyAsync(path, "scaler", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop"},"spec":{"replicas":0}}""")).Expect(200);

        var applied = (await _api.ApplyAsync(path, "owner", Samples.Deployment("shop", replicas: null).ToJsonString())).Expect(200);

        Assert.Equal(0, applied.Number("spec", "replicas"));
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", FieldsOf(applied, "scaler"));
    }

    [Fact]
    public async Task A_port_is_known_by_its_number_and_the_default_protocol()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var applied = (await _api.ApplyAsync($"{ns.Deployments}/shop", "owner", Samples.Deployment("shop").ToJsonString())).Expect(201);

        Assert.Contains("""k:{\"containerPort\":8080,\"protocol\":\"TCP\"}""", FieldsOf(applied, "owner"));
    }

    [Fact]
    public async Task An_apply_of_an_old_version_is_a_conflict()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(201);
        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"data":{"x":"2"}}""")).Expect(200);
        var stale = JsonTree.ParseObject(ConfigMap("""{"a":"2"}"""));
        stale["metadata"]!["resourceVersion"] = created.ResourceVersion();

        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", stale.ToJsonString())).ExpectStatus(409, "Conflict");
    }

    [Fact]
    public async Task An_apply_of_the_current_version_is_done()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(201);
        var fresh = JsonTree.ParseObject(ConfigMap("""{"a":"2"}"""));
        fresh["metadata"]!["resourceVersion"] = created.ResourceVersion();

        Assert.Equal("2", (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", fresh.ToJsonString())).Expect(200).Text("data", "a"));
    }

    [Fact]
    public async Task An_apply_without_a_manager_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var answer = await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.ApplyYaml, ConfigMap("{}"));

        Assert.InRange(answer.Code, 400, 422);
        Assert.Contains("is required for apply patch", answer.Body.Text("message"));
    }

    [Fact]
    public async Task Force_is_for_apply_alone()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        var answer = await _api.PatchAsync($"{ns.ConfigMaps}/a?force=true", ApiClient.Merge, "{}");

        Assert.InRange(answer.Code, 400, 422);
        Assert.Contains("may not be specified for non-apply patch", answer.Body.Text("message"));
    }

    [Fact]
    public async Task An_apply_that_says_who_has_what_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var value = JsonTree.ParseObject(ConfigMap("{}"));
        value["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "x" });

        var answer = await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", value.ToJsonString());

        Assert.InRange(answer.Code, 400, 500);
        Assert.Contains("managedFields must be nil", answer.Body.Text("message"));
    }

    [Fact]
    public async Task An_apply_of_an_unknown_field_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var answer = await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"dta":{}}""");

        Assert.InRange(answer.Code, 400, 500);
        Assert.Contains("field not declared in schema", answer.Body.Text("message"));
    }

    [Fact]
    public async Task The_list_of_owners_can_be_emptied()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", ConfigMap("""{"a":"1"}"""))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"metadata":{"managedFields":[{}]}}""")).Expect(200);

        Assert.Empty(patched.Objects("metadata", "managedFields"));
    }

    [Fact]
    public async Task Labels_are_shared_one_by_one()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"x":"1"}}}""")).Expect(201);
        (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "two", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"y":"2"}}}""")).Expect(200);

        var applied = (await _api.ApplyAsync($"{ns.ConfigMaps}/a", "one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")).Expect(200);

        Assert.Equal("""{"y":"2"}""", applied["metadata"]!["labels"]!.ToJsonString());
        Assert.Null(EntryOf(applied, "one"));
    }

    private static string ConfigMap(string data) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{{data}}}""";

    private static string Image(string image) =>
        """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop"},"spec":{"template":{"spec":{"containers":[{"name":"web","image":"IMAGE"}]}}}}"""
            .Replace("IMAGE", image, StringComparison.Ordinal);

    private static JsonObject? EntryOf(JsonObject value, string manager) =>
        value.Objects("metadata", "managedFields").SingleOrDefault(entry => entry.Text("manager") == manager);

    private static string FieldsOf(JsonObject value, string manager) => EntryOf(value, manager)?["fieldsV1"]!.ToJsonString(Plain) ?? "";

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
