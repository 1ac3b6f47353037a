using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

public sealed class ListCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_list_says_its_kind_and_a_version_and_has_the_objects_by_name()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        foreach (var name in new[] { "c", "a", "b" })
        {
            await ns.CreateConfigMapAsync(name);
        }

        var list = (await _api.GetAsync(ns.ConfigMaps)).Expect(200);

        Assert.Equal(("ConfigMapList", "v1"), (list.Kind(), list.Text("apiVersion")));
        Assert.NotEqual("", list.Text("metadata", "resourceVersion"));
        Assert.Equal(["a", "b", "c"], Own(list));
    }

    [Fact]
    public async Task Items_of_built_in_kinds_do_not_say_their_kind()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        var item = (await _api.GetAsync(ns.ConfigMaps)).Expect(200).Objects("items").First();

        Assert.Equal(("", ""), (item.Kind(), item.Text("apiVersion")));
    }

    [Fact]
    public async Task An_empty_list_has_items_and_a_version()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var list = (await _api.GetAsync(ns.Deployments)).Expect(200);

        Assert.Empty(Assert.IsType<JsonArray>(list["items"]));
        Assert.NotEqual("", list.Text("metadata", "resourceVersion"));
    }

    [Theory]
    [InlineData("tier=web", "a,b")]
    [InlineData("tier==web", "a,b")]
    [InlineData("tier!=web", "c,d")]
    [InlineData("tier in (web,db)", "a,b,c")]
    [InlineData("tier notin (web)", "c,d")]
    [InlineData("canary", "b")]
    [InlineData("!canary", "a,c,d")]
    [InlineData("tier=web,!canary", "a")]
    [InlineData("tier in (web),canary=yes", "b")]
    public async Task A_label_selector_picks(string selector, string expected)
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", labels: """{"tier":"web"}""");
        await ns.CreateConfigMapAsync("b", labels: """{"tier":"web","canary":"yes"}""");
        await ns.CreateConfigMapAsync("c", labels: """{"tier":"db"}""");
        await ns.CreateConfigMapAsync("d", labels: """{"other":"x"}""");

        var list = (await _api.GetAsync($"{ns.ConfigMaps}?labelSelector={Uri.EscapeDataString(selector + ",not-of-this-case!=x")}")).Expect(200);

        Assert.Equal(expected.Split(','), Own(list));
    }

    [Theory]
    [InlineData("tier in web")]
    [InlineData("=web")]
    [InlineData("tier=web,,")]
    [InlineData("ti er=web")]
    [InlineData("tier=a b")]
    public async Task A_label_selector_that_makes_no_sense_is_a_bad_request(string selector) =>
        (await _api.GetAsync($"/api/v1/configmaps?labelSelector={Uri.EscapeDataString(selector)}")).ExpectStatus(400, "BadRequest");

    [Fact]
    public async Task A_field_selector_picks_by_name_and_namespace()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");
        await ns.CreateConfigMapAsync("b");

        var byName = (await _api.GetAsync($"{ns.ConfigMaps}?fieldSelector=metadata.name%3Db")).Expect(200);
        var byBoth = (await _api.GetAsync($"/api/v1/configmaps?fieldSelector=metadata.namespace%3D{ns.Name},metadata.name%3Da")).Expect(200);
        var byNot = (await _api.GetAsync($"{ns.ConfigMaps}?fieldSelector=metadata.name!%3Db")).Expect(200);

        Assert.Equal(["b"], Own(byName));
        Assert.Equal(["a"], Own(byBoth));
        Assert.Equal(["a"], Own(byNot));
    }

    [Fact]
    public async Task A_field_selector_by_another_field_is_a_bad_request()
    {
        var status = (await _api.GetAsync("/api/v1/configmaps?fieldSelector=data.a%3D1")).ExpectStatus(400, "BadRequest");

        Assert.Contains("\"data.a\" is not a known field selector", status.Text("message"));
    }

    [Fact]
    public async Task Pods_can_be_picked_by_their_node_and_phase()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await WithServiceAccountAsync(ns);
        (await _api.PostAsync(ns.Core("pods"), Samples.Pod("web"))).Expect(201);

        var pending = (await _api.GetAsync($"{ns.Core("pods")}?fieldSelector=status.phase%3DPending,spec.nodeName%3D")).Expect(200);
        var running = (await _api.GetAsync($"{ns.Core("pods")}?fieldSelector=status.phase%3DRunning")).Expect(200);

        Assert.Equal(["web"], Own(pending));
        Assert.Empty(Own(running));
    }

    [Fact]
    public async Task Pages_hold_each_object_once_and_all_of_one_moment()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        for (var i = 0; i < 7; i++)
        {
            await ns.CreateConfigMapAsync($"cm-{i}");
        }
        var first = (await _api.GetAsync($"{ns.ConfigMaps}?limit=3")).Expect(200);
        var token = first.Text("metadata", "continue");
        await ns.CreateConfigMapAsync("cm-5-later");
        (await _api.DeleteAsync($"{ns.ConfigMaps}/cm-6")).Expect(200);

        List<string> names = [.. Own(first)];
        while (token.Length > 0)
        {
            var page = (await _api.GetAsync($"{ns.ConfigMaps}?limit=3&continue={Uri.EscapeDataString(token)}")).Expect(200);
            Assert.Equal(first.Text("metadata", "resourceVersion"), page.Text("metadata", "resourceVersion"));
            Assert.InRange(page.Objects("items").Count(), 1, 3);
            names.AddRange(Own(page));
            token = page.Text("metadata", "continue");
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"cm-{i}"), names);
    }

    [Fact]
    public async Task A_page_says_how_many_more_there_are()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            (await _api.PostAsync(ns.Deployments, Samples.Deployment(name))).Expect(201);
        }

        var page = (await _api.GetAsync($"{ns.Deployments}?limit=1")).Expect(200);

        Assert.Equal(3, page.Number("metadata", "remainingItemCount"));
    }

    [Fact]
    public async Task A_continue_token_of_nobody_is_a_bad_request() =>
        (await _api.GetAsync("/api/v1/configmaps?limit=1&continue=nonsense")).ExpectStatus(400, "BadRequest");

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task A_list_may_be_newer_than_the_version_that_is_asked_for(string version)
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.GetAsync($"{ns.ConfigMaps}?resourceVersion={version}")).Expect(200);
    }

    [Fact]
    public async Task A_list_not_older_than_a_write_has_the_write()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");

        var list = (await _api.GetAsync($"{ns.ConfigMaps}?resourceVersion={created.ResourceVersion()}&resourceVersionMatch=NotOlderThan")).Expect(200);

        Assert.Equal(["a"], Own(list));
    }

    [Fact]
    public async Task A_version_that_is_no_number_is_refused() =>
        Assert.InRange((await _api.GetAsync("/api/v1/configmaps?resourceVersion=abc")).Code, 400, 500);

    [Fact]
    public async Task A_list_of_all_namespaces_has_the_objects_of_each()
    {
        await using var one = await cluster.NewNamespaceAsync();
        await using var two = await cluster.NewNamespaceAsync();
        await one.CreateConfigMapAsync("a", labels: $$"""{"case":"{{one.Name}}"}""");
        await two.CreateConfigMapAsync("a", labels: $$"""{"case":"{{one.Name}}"}""");

        var list = (await _api.GetAsync($"/api/v1/configmaps?labelSelector=case%3D{one.Name}")).Expect(200);

        Assert.Equal(new[] { one.Name, two.Name }.Order(StringComparer.Ordinal), list.Objects("items").Select(item => item.Namespace()));
    }

    [Fact]
    public async Task Deleting_a_collection_deletes_what_the_selector_picks()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", labels: """{"x":"1"}""");
        await ns.CreateConfigMapAsync("b", labels: """{"x":"1"}""");
        await ns.CreateConfigMapAsync("c");

        (await _api.DeleteAsync($"{ns.ConfigMaps}?labelSelector=x%3D1")).Expect(200);

        Assert.Equal(["c"], Own((await _api.GetAsync(ns.ConfigMaps)).Expect(200)));
    }

    [Fact]
    public async Task Metadata_alone_can_be_asked_for()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        var one = (await _api.GetAsync($"{ns.ConfigMaps}/a", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")).Expect(200);
        var all = (await _api.GetAsync(ns.ConfigMaps, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")).Expect(200);

        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1", "a", null), (one.Kind(), one.Text("apiVersion"), one.Name(), one["data"]));
        Assert.Equal("PartialObjectMetadataList", all.Kind());
        Assert.All(all.Objects("items"), item => Assert.Null(item["data"]));
    }

    // A real cluster puts things of its own into each namespace.
    private static string[] Own(JsonObject list) => [.. list.Objects("items").Select(item => item.Name()).Where(name => name != "kube-root-ca.crt")];

    private async Task WithServiceAccountAsync(TestNamespace ns) => await ApiClient.EventuallyAsync(
        () => _api.GetAsync($"{ns.Core("serviceaccounts")}/default"), answer => answer.Code == 200, "the namespace has a service account");
}
