using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Storage;

public sealed class StoreTests
{
    private static readonly ObjectKey Shop = new(Known.Deployments, "default", "shop");

    private readonly ObjectStore _store = Stores.Seeded();

    [Fact]
    public void A_created_object_has_a_uid_a_version_a_time_and_its_first_generation()
    {
        var shop = _store.Create(Known.Deployments, Stores.Object("shop"));

        Assert.NotEqual("", shop.Uid());
        Assert.Equal(_store.Version.ToString(), shop.ResourceVersion());
        Assert.Equal("2026-01-01T12:00:00Z", shop.Text("metadata", "creationTimestamp"));
        Assert.Equal(1, shop.Generation());
        Assert.Equal(("apps/v1", "Deployment"), (shop.Text("apiVersion"), shop.Kind()));
    }

    [Fact]
    public void The_same_seed_gives_the_same_uids_and_another_seed_others()
    {
        string FirstUid(int seed) => Stores.Seeded(seed).Create(Known.ConfigMaps, Stores.Object("a")).Uid();

        Assert.Equal(FirstUid(1), FirstUid(1));
        Assert.NotEqual(FirstUid(1), FirstUid(2));
    }

    [Fact]
    public void A_change_of_the_spec_moves_the_generation_and_one_of_the_status_does_not()
    {
        _store.Create(Known.Deployments, Stores.Object("shop"));

        var scaled = _store.Update(Shop, value => { value.Ensure("spec")["replicas"] = 3; return value; })!;
        var reported = _store.Update(Shop, value => { value.Ensure("status")["replicas"] = 3; return value; })!;

        Assert.Equal(2, scaled.Generation());
        Assert.Equal(2, reported.Generation());
        Assert.NotEqual(scaled.ResourceVersion(), reported.ResourceVersion());
    }

    [Fact]
    public void A_write_that_changes_nothing_is_no_write()
    {
        _store.Create(Known.Deployments, Stores.Object("shop"));
        var before = _store.Version;

        _store.Update(Shop, value => value);

        Assert.Equal(before, _store.Version);
    }

    [Fact]
    public void An_int_written_by_a_controller_reads_as_the_same_number_that_the_wire_brings()
    {
        _store.Create(Known.Deployments, Stores.Object("shop"));
        _store.Update(Shop, value => { value.Ensure("status")["replicas"] = 3; return value; });
        var before = _store.Version;

        _store.Update(Shop, value => { value["status"] = JsonTree.Parse("""{"replicas":3}"""); return value; });

        Assert.Equal(before, _store.Version);
    }

    [Fact]
    public async Task Concurrent_updates_are_all_there_in_the_end()
    {
        _store.Create(Known.Deployments, Stores.Object("shop"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                _store.Update(Shop, value => { value.Ensure("status")["count"] = (value.Number("status", "count") ?? 0) + 1; return value; });
            }
        }, TestContext.Current.CancellationToken)));

        Assert.Equal(400, _store.Find(Shop)!.Number("status", "count"));
    }

    [Fact]
    public void A_second_object_of_the_name_is_refused() =>
        Refused("AlreadyExists", () =>
        {
            _store.Create(Known.ConfigMaps, Stores.Object("a"));
            _store.Create(Known.ConfigMaps, Stores.Object("a"));
        });

    [Fact]
    public void An_object_in_a_namespace_that_is_not_there_is_refused() =>
        Refused("NotFound", () => _store.Create(Known.ConfigMaps, Stores.Object("a", "nowhere")));

    [Fact]
    public void What_was_handed_in_can_be_changed_without_changing_what_is_stored()
    {
        var mine = Stores.Object("a");
        _store.Create(Known.ConfigMaps, mine);

        mine["data"] = new JsonObject { ["x"] = "y" };

        Assert.Null(_store.Find(Known.ConfigMaps, "default", "a")!["data"]);
    }

    [Fact]
    public void A_deletion_with_the_uid_of_another_object_is_a_conflict()
    {
        _store.Create(Known.ConfigMaps, Stores.Object("a"));

        Refused("Conflict", () => _store.Delete(new(Known.ConfigMaps, "default", "a"), new() { Uid = "another" }));
    }

    [Fact]
    public void A_finalizer_holds_a_deleted_object_until_it_is_taken_away()
    {
        var key = new ObjectKey(Known.ConfigMaps, "default", "held");
        var held = Stores.Object("held");
        held["metadata"]!["finalizers"] = new JsonArray("slipway.dev/hold");
        _store.Create(Known.ConfigMaps, held);

        Assert.False(_store.Delete(key).Gone);
        Assert.True(_store.Find(key)!.IsBeingDeleted());
        Assert.Null(_store.Update(key, value => { value.Ensure("metadata").Remove("finalizers"); return value; }));
        Assert.Null(_store.Find(key));
    }

    [Fact]
    public void A_pod_on_a_node_stays_until_its_kubelet_lets_it_go()
    {
        var key = new ObjectKey(Known.Pods, "default", "web");
        _store.Create(Known.Pods, Stores.Object("web", spec: new() { ["nodeName"] = "node-1", ["terminationGracePeriodSeconds"] = 5 }));

        Assert.False(_store.Delete(key).Gone);
        Assert.Equal("2026-01-01T12:00:05Z", _store.Find(key)!.Text("metadata", "deletionTimestamp"));
        Assert.True(_store.Delete(key, new() { GracePeriodSeconds = 0 }).Gone);
    }

    [Fact]
    public void A_pod_that_was_never_on_a_node_goes_at_once()
    {
        _store.Create(Known.Pods, Stores.Object("web"));

        Assert.True(_store.Delete(new(Known.Pods, "default", "web")).Gone);
    }

    private static void Refused(string reason, Action act) =>
        Assert.Equal(reason, Assert.Throws<StatusException>(act).Status.Reason);
}
