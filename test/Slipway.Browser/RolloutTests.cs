using Slipway.Browser.Harness;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser;

/// <summary>A canary as somebody sees it who opens the page once and never reloads it: pods, pushes and measurements are real, and so is what the controller does.</summary>
public sealed class RolloutTests
{
    private const string Canary = """
        {"canary": {"allowCoarse": true, "steps": [{"weight": 25, "hold": "15s", "checks": ["errors"]}, {"weight": 50, "approval": {} }], "traffic": {"settle": "0s", "drain": "0s"} } }
        """;

    // Of the failing version some measurements are to be seen before it is over.
    private const string Checks = """[{"name": "errors", "prometheus": {"query": "errors{pod=~'{{ candidate.pods }}'}"}, "pass": "result < 0.01", "warmUp": "0s", "interval": "1s", "failureLimit": 2}]""";

    [Fact]
    public async Task A_canary_goes_through_its_steps_waits_for_a_yes_and_ships()
    {
        await using var shop = await Rehearsal.StartAsync(Canary, Checks);
        shop.Errors.OfCanary = 0.0024;
        await using var visitor = await Visitor.ComeAsync(shop.Address, height: 1040);
        await visitor.SignInAsync(shop.Token, Rehearsal.Page);
        await Expect(visitor["release"]).ToHaveCountAsync(1);
        await Expect(visitor["no-rollout"]).ToBeVisibleAsync();

        await shop.PushAsync("1.5.0");
        await Expect(visitor["step"].Nth(0)).ToHaveAttributeAsync("data-standing", "Current");
        await Expect(visitor["check"].First).ToContainTextAsync("1 passed");
        await Expect(visitor["plot"].First).ToBeVisibleAsync();
        await Expect(visitor["traffic"]).ToContainTextAsync("new 20 %");
        await Expect(visitor["check"].First).ToContainTextAsync("4 passed");
        await visitor.ShootAsync("canary");
        await Expect(visitor["step"].Nth(0)).ToHaveAttributeAsync("data-standing", "Done");
        await Expect(visitor["step"].Nth(1)).ToHaveAttributeAsync("data-standing", "Current");
        await Expect(visitor["held"]).ToContainTextAsync("Awaiting approval");
        await visitor.AssertAccessibleAsync();

        await ApproveAsync(visitor);

        await visitor.Page.GotoAsync(Rehearsal.Page);
        await Expect(visitor["release"].First).ToHaveAttributeAsync("data-outcome", "Succeeded");
        await visitor["release"].First.Locator("summary").First.ClickAsync();
        await Expect(visitor["release"].First).ToContainTextAsync("sandbox-admin from api/127.0.0.1 (the numbers look good)");
        await visitor["release"].First.GetByTestId("compare").ClickAsync();
        await visitor["release"].Last.Locator("summary").First.ClickAsync();
        await visitor["release"].Last.GetByTestId("compare").ClickAsync();
        await Expect(visitor["diff"]).ToContainTextAsync("1.4.2");
        await Expect(visitor["diff"]).ToContainTextAsync("1.5.0");
        await visitor["diff"].ScrollIntoViewIfNeededAsync();
        await visitor.ShootAsync("diff");
        await visitor.AssertAccessibleAsync();

        Assert.EndsWith("1.5.0", Assert.Single(Tags(shop)), StringComparison.Ordinal);
        await RollBackAsync(visitor);
        Assert.EndsWith("1.4.2", Assert.Single(Tags(shop)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_fails_is_seen_with_its_values_and_their_limit_and_the_way_back_too()
    {
        await using var shop = await Rehearsal.StartAsync(Canary, Checks);
        shop.Errors.OfCanary = 0.0031;
        await using var visitor = await Visitor.ComeAsync(shop.Address, height: 1040);
        await visitor.SignInAsync(shop.Token, Rehearsal.Page);
        await Expect(visitor["release"]).ToHaveCountAsync(1);

        await shop.PushAsync("1.5.0");
        await Expect(visitor["check"].First).ToContainTextAsync("2 passed");
        shop.Errors.OfCanary = 0.0440;

        await Expect(visitor["release"].First).ToHaveAttributeAsync("data-outcome", "RolledBack");
        await visitor["release"].First.Locator("summary").First.ClickAsync();
        var check = visitor["release"].First.GetByTestId("check").First;
        await Expect(check).ToHaveAttributeAsync("data-verdict", "Failed");
        await Expect(check).ToContainTextAsync("result < 0.01");
        await Expect(check.Locator("svg .point.fail").First).ToBeVisibleAsync();
        await Expect(check.GetByTestId("plot")).ToContainTextAsync("limit 0.01");
        await Expect(check).ToContainTextAsync("3 failed");
        await check.ScrollIntoViewIfNeededAsync();
        await visitor.ShootAsync("failed-check");
        await visitor.AssertAccessibleAsync();
        await Expect(visitor["held"]).ToContainTextAsync("Rejected");
        Assert.EndsWith("1.4.2", Assert.Single(Tags(shop)), StringComparison.Ordinal);
    }

    private static string[] Tags(Rehearsal shop) => [.. shop.Serving().Select(image => image.Split('@')[0]).Distinct()];

    // To the first release, which is the last of the list.
    private static async Task RollBackAsync(Visitor visitor)
    {
        await visitor["release"].Last.GetByTestId("action-rollback").ClickAsync();
        await visitor["confirm-reason"].FillAsync("orders are lost");
        await visitor["confirm-ok"].ClickAsync();
        await Expect(visitor["release"]).ToHaveCountAsync(3);
        await Expect(visitor["release"].First).ToHaveAttributeAsync("data-outcome", "Succeeded");
        await Expect(visitor["release"].First).ToContainTextAsync("1.4.2");
        await Expect(visitor["held"]).ToContainTextAsync("orders are lost");
    }

    private static async Task ApproveAsync(Visitor visitor)
    {
        await visitor.Page.GotoAsync("/dashboard/approvals");
        await Expect(visitor["approval"]).ToHaveCountAsync(1);
        await Expect(visitor["live-state"]).ToHaveTextAsync("Live");
        await visitor.AssertAccessibleAsync();
        await visitor["approval"].GetByTestId("action-approve").ClickAsync();
        await visitor["confirm-reason"].FillAsync("the numbers look good");
        await visitor.ShootAsync("approve");
        await visitor.AssertAccessibleAsync();
        await visitor["confirm-ok"].ClickAsync();
        await Expect(visitor["no-approvals"]).ToBeVisibleAsync();
    }
}
