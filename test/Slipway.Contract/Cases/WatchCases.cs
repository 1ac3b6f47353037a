using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

public sealed class WatchCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_watch_from_a_list_sees_what_happens_after_it_in_order()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var version = await VersionAsync(ns.Deployments);
        using var watch = await _api.WatchAsync($"{ns.Deployments}?resourceVersion={version}");

        (await _api.PostAsync(ns.Deployments, Samples.Deployment("a"))).Expect(201);
        (await _api.PatchAsync($"{ns.Deployments}/a", ApiClient.Merge, """{"metadata":{"labels":{"step":"2"}}}""")).Expect(200);
        (await _api.DeleteAsync($"{ns.Deployments}/a")).Expect(200);

        var events = new List<Seen>();
        while (events.Count == 0 || events[^1].Type != "DELETED")
        {
            events.Add((await watch.NextAsync())!);
        }
        Assert.Equal("ADDED", events[0].Type);
        Assert.All(events[1..^1], seen => Assert.Equal("MODIFIED", seen.Type));
        Assert.Contains(events, seen => seen.Type == "MODIFIED" && seen.Value.Label("step") == "2");
        var versions = events.Select(seen => long.Parse(seen.Value.ResourceVersion())).ToArray();
        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public async Task A_watch_without_a_version_starts_with_what_is_there()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("secrets"), Secret("a"))).Expect(201);
        (await _api.PostAsync(ns.Core("secrets"), Secret("b"))).Expect(201);

        using var watch = await _api.WatchAsync($"{ns.Core("secrets")}?timeoutSeconds=1&labelSelector=of%3Dcase");
        var events = await watch.RestAsync();

        Assert.Equal(["ADDED a", "ADDED b"], events.Select(seen => seen.ToString()).Order());
    }

    [Fact]
    public async Task Objects_of_a_watch_say_their_kind()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("secrets"), Secret("a"))).Expect(201);

        using var watch = await _api.WatchAsync($"{ns.Core("secrets")}?labelSelector=of%3Dcase");
        var seen = await watch.NextAsync();

        Assert.Equal(("Secret", "v1"), (seen!.Value.Kind(), seen.Value.Text("apiVersion")));
    }

    [Fact]
    public async Task The_last_event_of_an_object_has_its_last_value_and_a_version_of_its_own()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = (await _api.PostAsync(ns.Core("secrets"), Secret("a"))).Expect(201);
        using var watch = await _api.WatchAsync($"{ns.Core("secrets")}?resourceVersion={created.ResourceVersion()}&labelSelector=of%3Dcase");

        (await _api.DeleteAsync($"{ns.Core("secrets")}/a")).Expect(200);
        var seen = (await watch.NextAsync())!;

        Assert.Equal(("DELETED", created.Uid()), (seen.Type, seen.Value.Uid()));
        Assert.True(long.Parse(seen.Value.ResourceVersion()) > long.Parse(created.ResourceVersion()));
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        using var watch = await _api.WatchAsync($"{ns.Deployments}?resourceVersion={await VersionAsync(ns.Deployments)}&timeoutSeconds=1");

        Assert.Empty(await watch.RestAsync());
    }

    [Fact]
    public async Task A_watch_with_bookmarks_gets_one_with_a_version_and_nothing_else()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        using var watch = await _api.WatchAsync(
            $"{ns.Deployments}?resourceVersion={await VersionAsync(ns.Deployments)}&allowWatchBookmarks=true&timeoutSeconds=12");

        // A real server sends one about two seconds before the end, and with less time than this perhaps none.
        var bookmark = (await watch.NextAsync())!;

        Assert.Equal(("BOOKMARK", "Deployment", "apps/v1", ""),
            (bookmark.Type, bookmark.Value.Kind(), bookmark.Value.Text("apiVersion"), bookmark.Value.Name()));
        Assert.NotEqual("", bookmark.Value.ResourceVersion());
    }

    [Fact]
    public async Task A_watch_from_a_version_that_is_long_gone_is_told_410_by_an_event()
    {
        using var watch = await _api.WatchAsync("/api/v1/namespaces/default/configmaps?resourceVersion=1");

        var seen = (await watch.NextAsync())!;
        Assert.SkipWhen(Cluster.IsReal && seen.Type == "ADDED", "this server is so young that its watch cache still has version 1");

        Assert.Equal(200, watch.Code);
        Assert.Equal(("ERROR", "Status", 410, "Expired"), (seen.Type, seen.Value.Kind(), seen.Value.Number("code"), seen.Value.Text("reason")));
        Assert.StartsWith("too old resource version: 1 (", seen.Value.Text("message"));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task To_a_watch_by_labels_objects_come_and_go_as_they_match()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var path = $"{ns.ConfigMaps}/a";
        var created = await ns.CreateConfigMapAsync("a");
        using var watch = await _api.WatchAsync($"{ns.ConfigMaps}?resourceVersion={created.ResourceVersion()}&labelSelector=on%3Dyes");

        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"labels":{"on":"yes"}}}""")).Expect(200);
        (await _api.PatchAsync(path, ApiClient.Merge, """{"data":{"a":"2"}}""")).Expect(200);
        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"labels":{"on":"no"}}}""")).Expect(200);
        (await _api.PatchAsync(path, ApiClient.Merge, """{"data":{"a":"3"}}""")).Expect(200);
        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"labels":{"on":"yes"}}}""")).Expect(200);

        Assert.Equal(["ADDED a", "MODIFIED a", "DELETED a", "ADDED a"], (await watch.TakeAsync(4)).Select(seen => seen.ToString()));
    }

    [Fact]
    public async Task A_watch_by_name_sees_one_object_alone()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        using var watch = await _api.WatchAsync($"{ns.ConfigMaps}?resourceVersion={await VersionAsync(ns.ConfigMaps)}&fieldSelector=metadata.name%3Db");

        await ns.CreateConfigMapAsync("a");
        await ns.CreateConfigMapAsync("b");

        Assert.Equal("ADDED b", (await watch.NextAsync())!.ToString());
    }

    [Fact]
    public async Task A_watch_of_one_namespace_sees_nothing_of_another()
    {
        await using var one = await cluster.NewNamespaceAsync();
        await using var two = await cluster.NewNamespaceAsync();
        using var watch = await _api.WatchAsync($"{one.Deployments}?resourceVersion={await VersionAsync(one.Deployments)}");

        (await _api.PostAsync(two.Deployments, Samples.Deployment("other"))).Expect(201);
        (await _api.PostAsync(one.Deployments, Samples.Deployment("mine"))).Expect(201);

        Assert.Equal("ADDED mine", (await watch.NextAsync())!.ToString());
    }

    [Fact]
    public async Task Many_changes_come_all_and_in_order()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", """{"n":"0"}""");
        using var watch = await _api.WatchAsync($"{ns.ConfigMaps}?resourceVersion={await VersionAsync(ns.ConfigMaps)}&fieldSelector=metadata.name%3Da");

        for (var i = 1; i <= 100; i++)
        {
            (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, "{\"data\":{\"n\":\"" + i + "\"}}")).Expect(200);
        }

        var events = await watch.TakeAsync(100);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"{i}"), events.Select(seen => seen.Value.Text("data", "n")));
    }

    [Fact]
    public async Task Two_watches_from_one_version_see_the_same()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var from = $"{ns.Deployments}?resourceVersion={await VersionAsync(ns.Deployments)}";
        using var early = await _api.WatchAsync(from);
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("a"))).Expect(201);
        using var late = await _api.WatchAsync(from);

        var (first, second) = (await early.NextAsync(), await late.NextAsync());

        Assert.True(JsonNode.DeepEquals(first!.Value, second!.Value));
    }

    [Fact]
    public async Task A_watch_can_be_of_rows()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");
        var answer = await _api.GetAsync($"{ns.ConfigMaps}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Da",
            "application/json;as=Table;v=v1;g=meta.k8s.io");

        var seen = JsonTree.ParseObject(answer.Text.Split('\n')[0]);

        Assert.Equal(("ADDED", "Table", "a"),
            (seen.Text("type"), seen.Text("object", "kind"), seen.Section("object")!.Objects("rows").Single()["cells"]![0]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_watch_that_streams_the_list_marks_where_the_list_ends()
    {
        cluster.Since(34, "a list as the start of a watch");
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");
        using var watch = await _api.WatchAsync($"{ns.ConfigMaps}?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Seen seen;
        do
        {
            seen = (await watch.NextAsync())!;
        }
        while (seen.Type == "ADDED");

        Assert.Equal(("BOOKMARK", "true"), (seen.Type, seen.Value.Annotation("k8s.io/initial-events-end")));
    }

    [Fact]
    public async Task A_watch_of_what_is_not_served_is_not_found()
    {
        using var watch = await _api.WatchAsync("/apis/nothing.example.com/v1/things");

        Assert.Equal(404, watch.Code);
    }

    private async Task<string> VersionAsync(string path) => (await _api.GetAsync(path)).Expect(200).Text("metadata", "resourceVersion");

    private static JsonObject Secret(string name) =>
        JsonTree.ParseObject("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"NAME","labels":{"of":"case"}}}""".Replace("NAME", name, StringComparison.Ordinal));
}
