using System.Diagnostics;

namespace Slipway.Browser.Harness;

/// <summary>A cluster with 5,000 Deliveries and a controller, for all tests that change nothing of it.</summary>
public sealed class Harbour : IAsyncLifetime
{
    public const int Deliveries = 5000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-browser-");

    internal Cluster Cluster { get; private set; } = null!;

    internal RunningController Controller { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var began = Stopwatch.GetTimestamp();
        Cluster = await Cluster.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        await Parallel.ForAsync(0, Deliveries, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) => await Cluster.AddDeliveryAsync(Fleet.One(number, now)));
        foreach (var freeze in Fleet.Freezes(now))
        {
            await Cluster.PostAsync("/apis/slipway.dev/v1alpha1/freezes", freeze);
        }

        var kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        Cluster.Server.WriteKubeconfig(kubeconfig, Cluster.ControllerToken);
        Controller = new RunningController(kubeconfig, null);
        await Controller.StartAsync();
        TestContext.Current.SendDiagnosticMessage($"the harbour was ready after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    public async ValueTask DisposeAsync()
    {
        await Controller.DisposeAsync();
        await Cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InTheHarbour : ICollectionFixture<Harbour>
{
    public const string Name = "harbour";
}
