using Slipway.Dashboard.Live;

namespace Slipway.Tests.Dashboard;

public sealed class RowStoreTests
{
    private readonly RowStore _store = new();

    [Fact]
    public void A_list_that_is_made_anew_takes_away_what_it_does_not_have_at_its_end_and_not_before()
    {
        List("a", "b");
        _store.Begin();
        _store.Add([Rows.Calm(name: "b")]);
        Assert.Equal(2, _store.Rows.Count);

        _store.End();

        Assert.Equal(["b"], Names());
    }

    [Fact]
    public void What_came_as_an_event_while_the_list_was_made_stays()
    {
        List("a");
        _store.Begin();
        _store.Apply(new("prod", "new", Rows.Calm(name: "new")));
        _store.Apply(new("prod", "a", Rows.Stepping("a")));
        _store.End();

        Assert.Equal(["a", "new"], Names());
        Assert.Equal("Stepping", _store.Find(new("prod", "a"))!.Phase);
    }

    [Fact]
    public void An_event_without_a_row_takes_it_away()
    {
        List("a", "b");
        _store.Apply(new("prod", "a", null));

        Assert.Equal(["b"], Names());
    }

    [Fact]
    public void The_version_rises_with_what_changes_and_only_then()
    {
        List("a");
        var before = _store.Version;
        _store.Apply(new("prod", "unknown", null));
        _store.Begin();
        Assert.Equal(before, _store.Version);

        _store.Apply(new("prod", "a", Rows.Stepping("a")));

        Assert.Equal(before + 1, _store.Version);
    }

    private void List(params string[] names)
    {
        _store.Begin();
        _store.Add(names.Select(name => Rows.Calm(name: name)));
        _store.End();
    }

    private string[] Names() => [.. _store.Rows.Select(row => row.Name).Order(StringComparer.Ordinal)];
}
