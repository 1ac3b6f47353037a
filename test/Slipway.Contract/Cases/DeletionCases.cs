using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>Deletion, finalizers, owners and namespaces.</summary>
public sealed class DeletionCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_deleted_object_is_gone_and_its_uid_is_told()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");

        var status = (await _api.DeleteAsync($"{ns.ConfigMaps}/a")).Expect(200);

        Assert.Equal(("Status", "Success", created.Uid()), (status.Kind(), status.Text("status"), status.Text("details", "uid")));
        (await _api.GetAsync($"{ns.ConfigMaps}/a")).ExpectStatus(404, "NotFound");
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_not_found() =>
        (await _api.DeleteAsync("/api/v1/namespaces/default/configmaps/no-such")).ExpectStatus(404, "NotFound");

    [Fact]
    public async Task A_deletion_of_another_uid_is_a_conflict_and_of_this_one_is_done()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");

        (await _api.DeleteAsync($"{ns.ConfigMaps}/a", """{"preconditions":{"uid":"11111111-2222-3333-4444-555555555555"}}""")).ExpectStatus(409, "Conflict");
        (await _api.DeleteAsync($"{ns.ConfigMaps}/a", """{"preconditions":{"uid":"UID"}}""".Replace("UID", created.Uid(), StringComparison.Ordinal))).Expect(200);
    }

    [Fact]
    public async Task A_deletion_of_an_old_version_is_a_conflict()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");
        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"data":{"a":"2"}}""")).Expect(200);

        (await _api.DeleteAsync($"{ns.ConfigMaps}/a", """{"preconditions":{"resourceVersion":"VERSION"}}""".Replace("VERSION", created.ResourceVersion(), StringComparison.Ordinal)))
            .ExpectStatus(409, "Conflict");
    }

    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_taken_away()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var path = $"{ns.ConfigMaps}/a";
        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","finalizers":["example.com/hold"]}}""")).Expect(201);

        var marked = (await _api.DeleteAsync(path)).Expect(200);
        Assert.Equal(("ConfigMap", 0), (marked.Kind(), marked.Number("metadata", "deletionGracePeriodSeconds")));
        Assert.True((await _api.GetAsync(path)).Expect(200).IsBeingDeleted());

        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"finalizers":null}}""")).Expect(200);
        Assert.Equal(404, (await _api.GetAsync(path)).Code);
    }

    [Fact]
    public async Task No_finalizer_can_be_added_to_what_is_being_deleted()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var path = $"{ns.ConfigMaps}/a";
        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","finalizers":["example.com/hold"]}}""")).Expect(201);
        (await _api.DeleteAsync(path)).Expect(200);

        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"finalizers":["example.com/hold","example.com/more"]}}""")).ExpectStatus(422, "Invalid");
        (await _api.PatchAsync(path, ApiClient.Merge, """{"metadata":{"finalizers":null}}""")).Expect(200);
    }

    [Fact]
    public async Task A_finalizer_that_is_no_name_is_invalid()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","finalizers":["not a name"]}}""")).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task What_an_object_owns_goes_with_it()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var owner = await ns.CreateConfigMapAsync("owner");
        (await _api.PostAsync(ns.ConfigMaps, Owned("child", owner))).Expect(201);

        (await _api.DeleteAsync($"{ns.ConfigMaps}/owner")).Expect(200);

        await _api.EventuallyGoneAsync($"{ns.ConfigMaps}/child");
    }

    [Fact]
    public async Task What_two_own_stays_until_both_are_gone()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var (one, two) = (await ns.CreateConfigMapAsync("one"), await ns.CreateConfigMapAsync("two"));
        var child = Owned("child", one);
        child["metadata"]!["ownerReferences"]!.AsArray().Add((JsonNode)Reference(two));
        (await _api.PostAsync(ns.ConfigMaps, child)).Expect(201);

        (await _api.DeleteAsync($"{ns.ConfigMaps}/one")).Expect(200);
        await ApiClient.EventuallyAsync(() => _api.GetAsync($"{ns.ConfigMaps}/child"),
            answer => answer.Body.Objects("metadata", "ownerReferences").Count() == 1, "one owner is left");
        (await _api.DeleteAsync($"{ns.ConfigMaps}/two")).Expect(200);

        await _api.EventuallyGoneAsync($"{ns.ConfigMaps}/child");
    }

    [Fact]
    public async Task Orphans_stay_without_an_owner()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var owner = await ns.CreateConfigMapAsync("owner");
        (await _api.PostAsync(ns.ConfigMaps, Owned("child", owner))).Expect(201);

        // The collector of a real cluster must have seen the child before it can be let go.
        await Task.Delay(TimeSpan.FromMilliseconds(Cluster.IsReal ? 1000 : 0), TimeProvider.System, TestContext.Current.CancellationToken);
        (await _api.DeleteAsync($"{ns.ConfigMaps}/owner", """{"propagationPolicy":"Orphan"}""")).Expect(200);

        await _api.EventuallyGoneAsync($"{ns.ConfigMaps}/owner");
        Assert.Empty((await _api.GetAsync($"{ns.ConfigMaps}/child")).Expect(200).Objects("metadata", "ownerReferences"));
    }

    [Fact]
    public async Task In_the_foreground_the_owner_goes_last()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var owner = await ns.CreateConfigMapAsync("owner");
        var child = Owned("child", owner);
        child["metadata"]!["ownerReferences"]![0]!["blockOwnerDeletion"] = true;
        child["metadata"]!["finalizers"] = new JsonArray("example.com/hold");
        (await _api.PostAsync(ns.ConfigMaps, child)).Expect(201);

        // As above.
        await Task.Delay(TimeSpan.FromMilliseconds(Cluster.IsReal ? 1000 : 0), TimeProvider.System, TestContext.Current.CancellationToken);
        var marked = (await _api.DeleteAsync($"{ns.ConfigMaps}/owner", """{"propagationPolicy":"Foreground"}""")).Expect(200);
        Assert.Equal(["foregroundDeletion"], marked.Finalizers());
        await ApiClient.EventuallyAsync(() => _api.GetAsync($"{ns.ConfigMaps}/child"), answer => answer.Body.IsBeingDeleted(), "the child is being deleted");
        Assert.True((await _api.GetAsync($"{ns.ConfigMaps}/owner")).Expect(200).IsBeingDeleted());

        (await _api.PatchAsync($"{ns.ConfigMaps}/child", ApiClient.Merge, """{"metadata":{"finalizers":null}}""")).Expect(200);
        await _api.EventuallyGoneAsync($"{ns.ConfigMaps}/owner");
    }

    [Fact]
    public async Task A_policy_that_is_not_known_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        Assert.InRange((await _api.DeleteAsync($"{ns.ConfigMaps}/a", """{"propagationPolicy":"Sideways"}""")).Code, 400, 422);
    }

    [Fact]
    public async Task A_namespace_goes_with_all_that_is_in_it_and_takes_nothing_new_meanwhile()
    {
        var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","finalizers":["example.com/hold"]}}""")).Expect(201);

        var marked = (await _api.DeleteAsync($"/api/v1/namespaces/{ns.Name}")).Expect(200);
        Assert.Equal("Terminating", marked.Text("status", "phase"));
        var status = (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"late"}}""")).ExpectStatus(403, "Forbidden");
        Assert.Contains("because it is being terminated", status.Text("message"));

        await ApiClient.EventuallyAsync(() => _api.GetAsync($"{ns.ConfigMaps}/held"), answer => answer.Body.IsBeingDeleted(), "what is held is being deleted");
        (await _api.PatchAsync($"{ns.ConfigMaps}/held", ApiClient.Merge, """{"metadata":{"finalizers":null}}""")).Expect(200);
        await _api.EventuallyGoneAsync($"/api/v1/namespaces/{ns.Name}");
    }

    [Fact]
    public async Task A_new_namespace_is_active_and_gets_a_service_account()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var read = (await _api.GetAsync($"/api/v1/namespaces/{ns.Name}")).Expect(200);
        await ApiClient.EventuallyAsync(() => _api.GetAsync($"{ns.Core("serviceaccounts")}/default"), answer => answer.Code == 200,
            "there is a service account");

        Assert.Equal(("Active", "kubernetes"), (read.Text("status", "phase"), read["spec"]!["finalizers"]![0]!.GetValue<string>()));
    }

    private static JsonObject Owned(string name, JsonObject owner) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["ownerReferences"] = new JsonArray(Reference(owner)) },
    };

    private static JsonObject Reference(JsonObject owner) =>
        new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = owner.Name(), ["uid"] = owner.Uid() };
}
