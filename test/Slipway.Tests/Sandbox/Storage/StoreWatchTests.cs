using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Storage;

public sealed class StoreWatchTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_from_a_list_sees_each_change_once_and_in_order()
    {
        var store = Stores.Seeded();
        var listing = store.List(Known.ConfigMaps);
        for (var i = 0; i < 1000; i++)
        {
            store.Create(Known.ConfigMaps, Stores.Object($"cm-{i}"));
        }

        var seen = await store.WatchAsync(Known.ConfigMaps, from: listing.Version, cancellationToken: Stop).Take(1000).ToListAsync(Stop);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"cm-{i}"), seen.Select(change => change.Key.Name));
        Assert.Equal(seen.Select(change => change.Version).Order(), seen.Select(change => change.Version));
    }

    [Fact]
    public async Task A_watch_without_a_version_starts_with_what_is_there()
    {
        var store = Stores.Seeded();
        store.Create(Known.ConfigMaps, Stores.Object("there"));

        var first = await store.WatchAsync(Known.ConfigMaps, cancellationToken: Stop).FirstAsync(Stop);

        Assert.Equal((WatchEventType.Added, "there"), (first.Type, first.Key.Name));
    }

    [Fact]
    public async Task A_watch_wakes_when_something_happens()
    {
        var store = Stores.Seeded();
        var next = store.WatchAsync(Known.ConfigMaps, "default", store.Version, Stop).FirstAsync(Stop).AsTask();

        store.Create(Known.ConfigMaps, Stores.Object("elsewhere", "kube-system"));
        store.Create(Known.ConfigMaps, Stores.Object("late"));

        Assert.Equal("late", (await next).Key.Name);
    }

    [Fact]
    public async Task A_deletion_tells_what_was_there_and_has_a_version_of_its_own()
    {
        var store = Stores.Seeded();
        var created = store.Create(Known.ConfigMaps, Stores.Object("a"));
        store.Delete(new(Known.ConfigMaps, "default", "a"));

        var deleted = await store.WatchAsync(Known.ConfigMaps, from: long.Parse(created.ResourceVersion()), cancellationToken: Stop).FirstAsync(Stop);

        Assert.Equal(WatchEventType.Deleted, deleted.Type);
        Assert.Equal(created.Uid(), deleted.Value.Uid());
        Assert.Equal(store.Version.ToString(), deleted.Value.ResourceVersion());
    }

    [Fact]
    public async Task A_watch_from_before_the_history_is_told_that_it_expired()
    {
        var store = Stores.Seeded(limits: new(HistoryPerResource: 4));
        var from = store.Version;
        for (var i = 0; i < 6; i++)
        {
            store.Create(Known.ConfigMaps, Stores.Object($"cm-{i}"));
        }

        var e = await Assert.ThrowsAsync<StatusException>(async () =>
            await store.WatchAsync(Known.ConfigMaps, from: from, cancellationToken: Stop).FirstAsync(Stop));

        Assert.Equal((410, "Expired"), (e.Status.Code, e.Status.Reason));
    }

    [Fact]
    public void Compaction_forgets_all_that_happened() =>
        Assert.Throws<StatusException>(() =>
        {
            var store = Stores.Seeded();
            var from = store.Version;
            store.Create(Known.ConfigMaps, Stores.Object("a"));
            store.Compact();
            new Watch(store, Known.ConfigMaps, null, from).Read(out _);
        });
}
