using CsCheck;
using Slipway.Kube;

namespace Slipway.Tests.Kube;

public sealed class InformerStoreTests
{
    private static readonly ObjectKey A = new("prod", "a");
    private static readonly ObjectKey B = new("prod", "b");

    private static InformerStore<Thing> Store() => new(new Dictionary<string, Func<Thing, IEnumerable<string>>> { ["color"] = thing => [thing.Color, thing.Color] });

    private static ResourceItem<Thing> Item(ObjectKey key, string version, string color = "red", string uid = "u1") => new(key, uid, version, new Thing(key.Name, color));

    private static InformerStore<Thing> Listed(string version, params ResourceItem<Thing>[] items)
    {
        var store = Store();
        store.ListStarts();
        store.Replace(items, [], version);
        return store;
    }

    private static string Tell(IEnumerable<Change<Thing>> changes) =>
        string.Join(' ', changes.Select(change => $"{change.Key.Name}:{change.Old?.Color ?? "-"}>{change.New?.Color ?? "-"}"));

    [Fact]
    public void A_list_replaces_all_and_tells_what_changed()
    {
        var store = Listed("10", Item(A, "1"), Item(B, "2"));
        store.ListStarts();

        var changes = store.Replace([Item(A, "11", "blue"), Item(new("prod", "c"), "12")], [], "12");

        Assert.Equal("a:red>blue c:->red b:red>-", Tell(changes));
        Assert.Null(store.Find(B));
    }

    [Fact]
    public void A_list_that_finds_nothing_new_tells_nothing()
    {
        var store = Listed("10", Item(A, "1"));
        store.ListStarts();

        Assert.Empty(store.Replace([Item(A, "1")], [], "20"));
    }

    [Fact]
    public void An_object_that_was_deleted_and_made_anew_is_a_change_even_at_the_same_version()
    {
        var store = Listed("10", Item(A, "1", uid: "u1"));
        store.ListStarts();

        Assert.Equal("a:red>red", Tell(store.Replace([Item(A, "1", uid: "u2")], [], "20")));
    }

    [Fact]
    public void Events_change_the_cache_in_their_order()
    {
        var store = Listed("10");

        Assert.Equal("a:->red", Tell(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "11")))));
        Assert.Equal("a:red>blue", Tell(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "12", "blue")))));
        Assert.Equal("a:blue>-", Tell(store.Apply(new WatchEvent<Thing>.Deleted(A, "13"))));
        Assert.Empty(store.Apply(new WatchEvent<Thing>.Deleted(A, "14")));
        Assert.Empty(store.Apply(new WatchEvent<Thing>.Bookmark("15")));
    }

    [Fact]
    public void Indexes_follow_the_objects()
    {
        var store = Listed("10", Item(A, "1"), Item(B, "2"), Item(new("test", "c"), "3"));
        Assert.Equal(["a", "b", "c"], store.ByIndex("color", "red").Select(thing => thing.Name).Order());

        store.Apply(new WatchEvent<Thing>.Applied(Item(A, "11", "blue")));
        store.Apply(new WatchEvent<Thing>.Deleted(B, "12"));

        Assert.Equal(["c"], store.ByIndex("color", "red").Select(thing => thing.Name));
        Assert.Equal(["a"], store.ByIndex("color", "blue").Select(thing => thing.Name));
        Assert.Equal(["a"], store.ByIndex(InformerStore<Thing>.NamespaceIndex, "prod").Select(thing => thing.Name));
        Assert.Empty(store.ByIndex("color", "green"));
        Assert.Empty(store.ByIndex("nonsense", "red"));
    }

    [Fact]
    public void An_unreadable_object_keeps_its_last_readable_version()
    {
        var store = Listed("10", Item(A, "1"));

        store.Apply(new WatchEvent<Thing>.Unreadable(new UnreadableObject(A, "11", "no color")));
        Assert.Equal("no color", store.Unreadable()[A]);
        Assert.Equal("red", store.Find(A)!.Value.Color);

        store.ListStarts();
        Assert.Empty(store.Replace([], [new UnreadableObject(A, "11", "no color"), new UnreadableObject(B, "9", "no color")], "20"));
        Assert.NotNull(store.Find(A));
        Assert.Null(store.Find(B));

        store.Apply(new WatchEvent<Thing>.Applied(Item(A, "21", "blue")));
        Assert.DoesNotContain(A, store.Unreadable().Keys);
    }

    [Fact]
    public void A_write_is_seen_at_once_and_the_past_does_not_come_back()
    {
        var store = Listed("10", Item(A, "1"));

        Assert.Equal("a:red>mine", Tell(store.Wrote(Item(A, "15", "mine"))));
        Assert.Empty(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "12", "older"))));
        Assert.Empty(store.Apply(new WatchEvent<Thing>.Deleted(A, "13")));
        Assert.Empty(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "15", "mine"))));
        Assert.Equal("a:mine>newer", Tell(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "16", "newer")))));
    }

    [Fact]
    public void A_second_write_follows_the_first()
    {
        var store = Listed("10", Item(A, "1"));

        store.Wrote(Item(A, "15", "first"));

        Assert.Equal("a:first>second", Tell(store.Wrote(Item(A, "17", "second"))));
        Assert.Empty(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "15", "first"))));
        Assert.Equal("second", store.Find(A)!.Value.Color);
    }

    [Fact]
    public void Answers_to_two_writes_may_come_in_the_wrong_order()
    {
        var store = Listed("10", Item(A, "1"));

        store.Wrote(Item(A, "17", "second"));

        Assert.Empty(store.Wrote(Item(A, "15", "first")));
        Assert.Equal("second", store.Find(A)!.Value.Color);
    }

    [Fact]
    public void A_watch_that_was_faster_than_the_answer_wins()
    {
        var store = Listed("10", Item(A, "1"));
        store.Apply(new WatchEvent<Thing>.Applied(Item(A, "15", "mine")));
        store.Apply(new WatchEvent<Thing>.Applied(Item(A, "16", "newer")));

        Assert.Empty(store.Wrote(Item(A, "15", "mine")));
        Assert.Equal("newer", store.Find(A)!.Value.Color);
    }

    [Fact]
    public void A_write_to_what_was_deleted_since_does_not_bring_it_back()
    {
        var store = Listed("10", Item(A, "1"));
        store.Apply(new WatchEvent<Thing>.Applied(Item(A, "15", "mine")));
        store.Apply(new WatchEvent<Thing>.Deleted(A, "16"));

        Assert.Empty(store.Wrote(Item(A, "15", "mine")));
        Assert.Null(store.Find(A));
    }

    [Fact]
    public void A_list_that_was_under_way_does_not_undo_a_write()
    {
        var store = Listed("10", Item(A, "1"));
        store.ListStarts();
        store.Wrote(Item(A, "15", "mine"));
        store.Wrote(Item(B, "16", "made"));

        Assert.Empty(store.Replace([Item(A, "1")], [], "12"));
        Assert.Equal(("mine", "made"), (store.Find(A)!.Value.Color, store.Find(B)!.Value.Color));

        // The watch starts at the list's version and tells of both.
        Assert.Empty(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "15", "mine"))));
        Assert.Equal("b:made>-", Tell(store.Apply(new WatchEvent<Thing>.Deleted(B, "17"))));
    }

    [Fact]
    public void A_list_that_is_newer_than_the_write_has_the_last_word()
    {
        var store = Listed("10", Item(A, "1"));
        store.ListStarts();
        store.Wrote(Item(A, "15", "mine"));

        Assert.Equal("a:mine>-", Tell(store.Replace([], [], "20")));
    }

    [Fact]
    public void After_a_restore_of_the_store_the_next_list_is_believed_though_its_versions_are_lower()
    {
        var store = Listed("1000", Item(A, "900"));
        store.Wrote(Item(A, "1001", "mine"));
        store.ListStarts();

        Assert.Equal("a:mine>restored", Tell(store.Replace([Item(A, "400", "restored")], [], "500")));
        Assert.Equal("a:restored>next", Tell(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "501", "next")))));
    }

    [Fact]
    public void Versions_without_an_order_never_hold_the_cache_up()
    {
        var store = Listed("x", Item(A, "p"));

        Assert.Equal("a:red>mine", Tell(store.Wrote(Item(A, "q", "mine"))));
        Assert.Equal("a:mine>other", Tell(store.Apply(new WatchEvent<Thing>.Applied(Item(A, "r", "other")))));
        Assert.Equal("a:other>-", Tell(store.Apply(new WatchEvent<Thing>.Deleted(A, "s"))));
    }

    /// <summary>
    /// A server with one object, a watch that runs behind by any number of events, full lists at any time, and answers that come late:
    /// after an answer the cache is never older than the write, and when all is told it is what the server has.
    /// </summary>
    [Fact]
    public void After_an_answer_the_cache_is_never_older_than_the_write() =>
        Gen.Int[0, 5].Array[1, 60].Sample(steps =>
        {
            var store = Listed("1");
            List<(string? Color, int Version)> history = [(null, 1)];
            var (told, newestAnswer, listedAt) = (1, 0, (int?)null);
            foreach (var step in steps)
            {
                switch (step)
                {
                    case 0: // another's write
                        history.Add(($"c{history.Count}", history.Count + 1));
                        break;
                    case 1: // another's deletion
                        history.Add((null, history.Count + 1));
                        break;
                    case 2: // ours, with its answer
                        history.Add(($"c{history.Count}", history.Count + 1));
                        store.Wrote(Item(A, $"{history.Count}", history[^1].Color!));
                        newestAnswer = history.Count;
                        break;
                    case 3 when told < history.Count && listedAt is null: // the watch tells of one event
                        Happens(store, history[told - 1].Color is not null, history[told]);
                        told++;
                        break;
                    case 4 when listedAt is null: // a list is taken at the server
                        store.ListStarts();
                        listedAt = history.Count;
                        break;
                    case 5 when listedAt is { } version: // and arrives
                        store.Replace(history[version - 1].Color is { } color ? [Item(A, $"{LastWrite(history, version)}", color)] : [], [], $"{version}");
                        (told, listedAt) = (version, null);
                        break;
                }

                if (store.Find(A) is { } cached && int.Parse(cached.ResourceVersion) < newestAnswer)
                {
                    return false;
                }
            }

            if (listedAt is { } late)
            {
                store.Replace(history[late - 1].Color is { } color ? [Item(A, $"{LastWrite(history, late)}", color)] : [], [], $"{late}");
                told = late;
            }

            for (; told < history.Count; told++)
            {
                Happens(store, history[told - 1].Color is not null, history[told]);
            }

            return store.Find(A)?.Value.Color == history[^1].Color;
        }, iter: 20_000);

    private static void Happens(InformerStore<Thing> store, bool existed, (string? Color, int Version) entry)
    {
        if (entry.Color is not null)
        {
            store.Apply(new WatchEvent<Thing>.Applied(Item(A, $"{entry.Version}", entry.Color)));
        }
        else if (existed)
        {
            store.Apply(new WatchEvent<Thing>.Deleted(A, $"{entry.Version}"));
        }
        else
        {
            store.Apply(new WatchEvent<Thing>.Bookmark($"{entry.Version}"));
        }
    }

    private static int LastWrite(List<(string? Color, int Version)> history, int version) => history[version - 1].Version;
}
