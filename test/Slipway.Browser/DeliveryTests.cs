using Slipway.Browser.Harness;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser;

/// <summary>One Delivery, with a cluster of its own: these tests change it.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private const string Page = "/dashboard/namespaces/prod/deliveries/shop";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-browser-");
    private readonly Story _story = new(TimeProvider.System.GetUtcNow());
    private Cluster _cluster = null!;
    private RunningController _controller = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await Cluster.StartAsync();
        var delivery = _story.Delivery("shop");
        var uid = await _cluster.AddDeliveryAsync(delivery);
        await _cluster.PostAsync("/apis/slipway.dev/v1alpha1/namespaces/prod/releases", _story.Release("shop", uid, 1, "1.4.1", "Succeeded"));
        await _cluster.PostAsync("/apis/slipway.dev/v1alpha1/namespaces/prod/releases", _story.Release("shop", uid, 2, "1.4.2", "Succeeded"));
        var kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        _cluster.Server.WriteKubeconfig(kubeconfig, _cluster.ControllerToken);
        _controller = new RunningController(kubeconfig, null);
        await _controller.StartAsync();
    }

    [Fact]
    public async Task A_person_asks_for_a_rollback_with_a_reason_and_it_is_written()
    {
        await using var visitor = await Visitor.ComeAsync(_controller.Address);
        await visitor.SignInAsync(_cluster.Server.AdminToken, Page);
        await visitor["release"].Last.Locator("summary").ClickAsync();
        await visitor["release"].Last.GetByTestId("action-rollback").ClickAsync();
        await visitor["confirm-reason"].FillAsync("orders are lost");
        await visitor.ShootAsync("rollback");
        await visitor.AssertAccessibleAsync();
        await visitor["confirm-ok"].ClickAsync();
        await Expect(visitor["confirm"]).Not.ToBeVisibleAsync();

        var annotations = (await _cluster.GetAsync("/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries/shop"))["metadata"]!["annotations"]!;
        Assert.Contains("orders are lost", annotations.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_only_look_sees_buttons_that_say_why_they_do_nothing()
    {
        await _cluster.GrantAsync("viewer", "prod", (["slipway.dev"], ["deliveries", "releases"], ["get", "list", "watch"]));
        await using var visitor = await Visitor.ComeAsync(_controller.Address);
        await visitor.SignInAsync(_cluster.Server.AddUser("viewer"), Page);
        var suspend = visitor["actions"].GetByTestId("action-suspend");
        await Expect(suspend).ToBeDisabledAsync();
        await Expect(suspend).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("deliveries/suspend"));
        await Expect(visitor["no-rights"]).ToContainTextAsync("none of the rights");
        await Expect(visitor["release"]).ToHaveCountAsync(2);
        await visitor.ShootAsync("no-permission");
        await visitor.AssertAccessibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
