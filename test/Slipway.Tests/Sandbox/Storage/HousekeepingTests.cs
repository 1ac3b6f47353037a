using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Storage;

public sealed class HousekeepingTests
{
    private readonly ObjectStore _store = Stores.Seeded();
    private readonly Housekeeping _housekeeping;

    public HousekeepingTests() => _housekeeping = new(_store);

    [Fact]
    public void What_lost_its_last_owner_is_deleted_down_to_the_last_generation()
    {
        var deployment = _store.Create(Known.Deployments, Stores.Object("shop"));
        var replicaSet = _store.Create(Known.ReplicaSets, Stores.Object("shop-1").OwnedBy(deployment));
        _store.Create(Known.Pods, Stores.Object("shop-1-a").OwnedBy(replicaSet));

        Delete(Known.Deployments, "shop");

        Assert.Empty(_store.List(Known.ReplicaSets).Objects);
        Assert.Empty(_store.List(Known.Pods).Objects);
    }

    [Fact]
    public void An_object_whose_owner_never_was_is_deleted()
    {
        _store.Create(Known.ConfigMaps, Stores.Object("child").OwnedBy(new() { ["metadata"] = new JsonObject { ["uid"] = "nobody" } }));

        _housekeeping.Settle();

        Assert.Null(Find(Known.ConfigMaps, "child"));
    }

    [Fact]
    public void Orphans_stay_and_name_no_owner_any_more()
    {
        var owner = _store.Create(Known.ConfigMaps, Stores.Object("owner"));
        _store.Create(Known.ConfigMaps, Stores.Object("child").OwnedBy(owner));

        Delete(Known.ConfigMaps, "owner", Propagation.Orphan);

        Assert.Null(Find(Known.ConfigMaps, "owner"));
        Assert.Null(Find(Known.ConfigMaps, "child")!.Field("metadata", "ownerReferences"));
    }

    [Fact]
    public void In_the_foreground_an_owner_outlives_the_dependents_that_block_it()
    {
        var owner = _store.Create(Known.ConfigMaps, Stores.Object("owner"));
        var child = Stores.Object("child").OwnedBy(owner, block: true);
        child["metadata"]!["finalizers"] = new JsonArray("slipway.dev/hold");
        _store.Create(Known.ConfigMaps, child);

        Delete(Known.ConfigMaps, "owner", Propagation.Foreground);
        Assert.NotNull(Find(Known.ConfigMaps, "owner"));

        _store.Update(new(Known.ConfigMaps, "default", "child"), value => { value.Ensure("metadata").Remove("finalizers"); return value; });
        _housekeeping.Settle();
        Assert.Null(Find(Known.ConfigMaps, "owner"));
    }

    [Fact]
    public void A_job_leaves_its_pods_when_nobody_says_otherwise()
    {
        var job = _store.Create(Known.Jobs, Stores.Object("once"));
        _store.Create(Known.Pods, Stores.Object("once-a").OwnedBy(job));

        Delete(Known.Jobs, "once");

        Assert.Null(Find(Known.Jobs, "once"));
        Assert.NotNull(Find(Known.Pods, "once-a"));
    }

    [Fact]
    public void A_namespace_has_a_service_account_and_takes_all_with_it_when_it_goes()
    {
        _store.Create(Known.Namespaces, new() { ["metadata"] = new JsonObject { ["name"] = "prod" } });
        _housekeeping.Settle();
        Assert.NotNull(_store.Find(Known.ServiceAccounts, "prod", "default"));
        _store.Create(Known.ConfigMaps, Stores.Object("a", "prod"));

        Assert.False(_store.Delete(new(Known.Namespaces, "", "prod")).Gone);
        Assert.Equal("Terminating", _store.Find(Known.Namespaces, "", "prod")!.Text("status", "phase"));
        Assert.Equal("Forbidden", Assert.Throws<StatusException>(() => _store.Create(Known.ConfigMaps, Stores.Object("b", "prod"))).Status.Reason);

        _housekeeping.Settle();
        Assert.Null(_store.Find(Known.Namespaces, "", "prod"));
        Assert.Empty(_store.List(Known.ConfigMaps, "prod").Objects);
    }

    private JsonObject? Find(GroupResource resource, string name) => _store.Find(resource, "default", name);

    private void Delete(GroupResource resource, string name, Propagation? policy = null)
    {
        _store.Delete(new(resource, "default", name), new() { Propagation = policy });
        _housekeeping.Settle();
    }
}
