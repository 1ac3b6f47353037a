using System.Diagnostics;
using Slipway.Browser.Harness;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser;

[Collection(InTheHarbour.Name)]
public sealed class OverviewTests(Harbour harbour, ITestOutputHelper output)
{
    [Fact]
    public async Task Whoever_comes_is_asked_for_a_token_and_a_wrong_one_is_told()
    {
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address);
        await visitor.Page.GotoAsync("/dashboard/");
        await Expect(visitor["sign-in"]).ToBeVisibleAsync();
        await visitor.ShootAsync("sign-in");
        await visitor.AssertAccessibleAsync();

        await visitor["token"].FillAsync("nobodys");
        await visitor["sign-in-token"].ClickAsync();
        await Expect(visitor["sign-in-problem"]).ToBeVisibleAsync();
        await visitor.AssertAccessibleAsync();
    }

    [Fact]
    public async Task Five_thousand_Deliveries_are_shown_filtered_and_scrolled()
    {
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address);
        await visitor.SignInAsync(harbour.Cluster.Server.AdminToken);
        await Expect(visitor["shown"]).ToHaveTextAsync("5000 Deliveries");
        await Expect(visitor["row"].First).ToBeVisibleAsync();
        await visitor.ShootAsync("overview");
        await visitor.AssertAccessibleAsync();

        // Only what is seen is in the page.
        Assert.InRange(await visitor["row"].CountAsync(), 5, 200);

        await visitor["filter"].FillAsync("checkout-6");
        await Expect(visitor["shown"]).ToContainTextAsync("of 5000");
        await Expect(visitor["row"].First).ToContainTextAsync("checkout-6");
        Assert.DoesNotContain(visitor.Complaints, complaint => !complaint.Contains("401", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_useful_paint_is_measured()
    {
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address);
        await visitor.SignInAsync(harbour.Cluster.Server.AdminToken);
        foreach (var visit in new[] { "second", "third" })
        {
            var began = Stopwatch.GetTimestamp();
            await visitor.Page.GotoAsync("/dashboard/");
            await Expect(visitor["row"].First).ToBeVisibleAsync();
            output.WriteLine($"{visit} visit: the first rows of 5,000 after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        }
    }

    [Fact]
    public async Task It_is_dark_where_the_person_likes_it_dark()
    {
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address, dark: true);
        await visitor.SignInAsync(harbour.Cluster.Server.AdminToken);
        await Expect(visitor["shown"]).ToHaveTextAsync("5000 Deliveries");
        await Expect(visitor["live-state"]).ToHaveTextAsync("Live");
        await visitor.ShootAsync("overview-dark");
        await visitor.AssertAccessibleAsync();
    }

    [Fact]
    public async Task It_fits_a_phone()
    {
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address, 390, 844);
        await visitor.SignInAsync(harbour.Cluster.Server.AdminToken);
        await Expect(visitor["row"].First).ToBeVisibleAsync();
        await Expect(visitor["shown"]).ToHaveTextAsync("5000 Deliveries");
        await Expect(visitor["live-state"]).ToHaveTextAsync("Live");
        await visitor.ShootAsync("overview-phone");
        await visitor.AssertAccessibleAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the phone");
    }

    [Fact]
    public async Task Who_may_see_one_namespace_sees_that_one()
    {
        await harbour.Cluster.GrantAsync("narrow", "team-b", (["slipway.dev"], ["deliveries"], ["get", "list", "watch"]));
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address);
        await visitor.SignInAsync(harbour.Cluster.Server.AddUser("narrow"));
        await Expect(visitor["shown"]).ToHaveTextAsync("1240 Deliveries");
    }

    [Fact]
    public async Task The_keys_are_told_and_can_be_read()
    {
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address);
        await visitor.SignInAsync(harbour.Cluster.Server.AdminToken, "/dashboard/freezes");
        await Expect(visitor["freeze"].First).ToBeVisibleAsync();
        await visitor.Page.Keyboard.PressAsync("?");
        await Expect(visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Dialog)).ToContainTextAsync("into the filter");
        await visitor.AssertAccessibleAsync();
    }

    [Theory]
    [InlineData("approvals", "approval", false)]
    [InlineData("feeds", "feed", false)]
    [InlineData("freezes", "freeze", false)]
    [InlineData("freezes", "freeze", true)]
    public async Task Each_page_can_be_read_by_everybody(string page, string item, bool dark)
    {
        await using var visitor = await Visitor.ComeAsync(harbour.Controller.Address, dark: dark);
        await visitor.SignInAsync(harbour.Cluster.Server.AdminToken, $"/dashboard/{page}");
        await Expect(visitor[item].First).ToBeVisibleAsync();
        await Expect(visitor["live-state"]).ToHaveTextAsync("Live");
        await visitor.ShootAsync(dark ? $"{page}-dark" : page);
        await visitor.AssertAccessibleAsync();
    }
}
