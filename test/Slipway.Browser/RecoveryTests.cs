using Slipway.Browser.Harness;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser;

/// <summary>With a controller of its own, which is killed.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-browser-");
    private Cluster _cluster = null!;
    private RunningController _controller = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await Cluster.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 0; number < 40; number++)
        {
            await _cluster.AddDeliveryAsync(Fleet.One(number, now));
        }

        var (kubeconfig, keys, configuration) = (At("kubeconfig"), At("keys"), At("config.yaml"));
        _cluster.Server.WriteKubeconfig(kubeconfig, _cluster.ControllerToken);

        // With a key of its own the session outlives the process.
        await File.WriteAllTextAsync(keys, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        await File.WriteAllTextAsync(configuration, $"api: {{sessionKeyFile: {keys}}}");
        _controller = new RunningController(kubeconfig, configuration);
        await _controller.StartAsync();
    }

    [Fact]
    public async Task A_change_is_seen_at_once_and_after_a_restart_the_page_goes_on_by_itself()
    {
        await using var visitor = await Visitor.ComeAsync(_controller.Address);
        await visitor.SignInAsync(_cluster.Server.AdminToken);
        await Expect(visitor["shown"]).ToHaveTextAsync("40 Deliveries");

        await AddAsync("harbour");
        await Expect(visitor["shown"]).ToHaveTextAsync("41 Deliveries");

        await _controller.KillAsync();
        await Expect(visitor["away-banner"]).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await visitor.ShootAsync("controller-away");
        await AddAsync("meanwhile");

        await _controller.StartAsync();
        await Expect(visitor["shown"]).ToHaveTextAsync("42 Deliveries", new() { Timeout = 90_000 });
        await Expect(visitor["away-banner"]).Not.ToBeVisibleAsync();
        await Expect(visitor["user-menu"]).ToBeVisibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Task<string> AddAsync(string name) => _cluster.AddDeliveryAsync(Fleet.Calm("prod", name, "1.0.0", 1, TimeProvider.System.GetUtcNow()));

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
