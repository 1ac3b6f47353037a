using Slipway.Dashboard.Deliveries;
using Slipway.Views;

namespace Slipway.Tests.Dashboard;

public sealed class RowListTests
{
    private static readonly DeliveryRow[] Some =
    [
        Rows.Calm("stage", "cart", "1.10.0") with { Since = Rows.Noon.AddMinutes(-5) }, Rows.Calm("prod", "cart", "1.9.0"), Rows.Held("Rejected", "orders") with { Since = Rows.Noon.AddHours(-1) }, Rows.Stepping("shop") with { Since = Rows.Noon.AddHours(1) },
    ];

    [Fact]
    public void What_asks_for_attention_comes_first() => Assert.Equal(["prod/orders", "prod/shop", "prod/cart", "stage/cart"], Names(new()));

    [Theory]
    [InlineData(RowOrder.Name, "prod/cart prod/orders prod/shop stage/cart")]
    [InlineData(RowOrder.Age, "prod/shop prod/cart stage/cart prod/orders")]
    [InlineData(RowOrder.Version, "prod/orders prod/shop prod/cart stage/cart")]
    public void Rows_are_sorted_as_asked(RowOrder order, string expected) => Assert.Equal(expected.Split(' '), Names(new(Order: order)));

    [Theory]
    [InlineData("cart", "prod/cart stage/cart")]
    [InlineData("CART stage", "stage/cart")]
    [InlineData("1.2.0", "prod/orders prod/shop")]
    [InlineData("rejected", "prod/orders")]
    [InlineData("cart rejected", "")]
    public void Each_word_narrows(string text, string expected) => Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Names(new(text)));

    [Fact]
    public void Labels_are_found_as_kubectl_writes_them() =>
        Assert.True(new RowQuery("team=web").Has(Rows.Calm() with { Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("team", "web") }));

    [Fact]
    public void Counts_are_of_what_a_click_would_show_and_do_not_move_with_the_click()
    {
        var list = RowList.Of(Some, new RowQuery(Namespace: "prod") { Standings = [Standing.Failing] });

        Assert.Equal((1, 1, 1, 1, 4), (list.Shown, list.Count(Standing.Failing), list.Count(Standing.RollingOut), list.Count(Standing.Healthy), list.All));
    }

    [Fact]
    public void Groups_have_headings_that_count_and_rows_keep_their_ordinals()
    {
        var list = RowList.Of(Some, new(Order: RowOrder.Name, Grouping: RowGrouping.Namespace));

        Assert.Equal(["# prod 3", "1 cart", "2 orders", "3 shop", "# stage 1", "4 cart"], list.Lines.Select(line => line switch
        {
            RowLine.Heading heading => $"# {heading.Title} {heading.Count}",
            RowLine.One one => $"{one.Ordinal} {one.Row.Name}",
            _ => "",
        }));
    }

    [Theory]
    [InlineData("1.9.0", "1.10.0", -1)]
    [InlineData("1.10", "1.9", 1)]
    [InlineData("v2", "v10", -1)]
    [InlineData("1.0.0", "1.0.0-rc.1", -1)]
    [InlineData("007", "7", 0)]
    [InlineData(null, "1", -1)]
    public void Versions_are_ordered_as_people_read_them(string? a, string? b, int sign) => Assert.Equal(sign, Math.Sign(VersionOrder.Compare(a, b)));

    [Fact]
    public void A_query_comes_back_from_the_address_as_it_was()
    {
        var query = new RowQuery("a b&c", "pro d", RowOrder.Age, RowGrouping.State) { Standings = [Standing.Held, Standing.Failing] };
        var again = RowQuery.Parse($"?{query.ToQueryString()}");

        Assert.Equal(query.ToQueryString(), again.ToQueryString());
        Assert.Equal((query.Text, query.Namespace, query.Order, query.Grouping), (again.Text, again.Namespace, again.Order, again.Grouping));
        Assert.Equal(query.Standings, again.Standings);
    }

    [Fact]
    public void What_an_address_says_that_is_not_understood_is_left_out()
    {
        Assert.Equal("", RowQuery.Parse("?state=Broken,&sort=99&group=x&y&=").ToQueryString());
        Assert.Equal("", new RowQuery().ToQueryString());
    }

    private static string[] Names(RowQuery query) => [.. RowList.Of(Some, query).Lines.OfType<RowLine.One>().Select(line => $"{line.Row.Namespace}/{line.Row.Name}")];
}
