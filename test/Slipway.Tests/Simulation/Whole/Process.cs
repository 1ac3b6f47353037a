using Microsoft.Extensions.Logging;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Registry;
using Slipway.Telemetry;
using User = Slipway.Sandbox.Api.Identity;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>One process of the controller, as ControllerHost puts it together, with a clock of its own.</summary>
internal sealed class Process : IDisposable
{
    public static readonly TimeSpan Tenancy = TimeSpan.FromSeconds(20);

    private static readonly ObjectKey Lease = new("default", "slipway");
    private static readonly Uri Server = new("http://sandbox.test/");

    private readonly WholeWorld _world;
    private readonly SlipwayMetrics _metrics = new();
    private readonly Tenure _tenure;
    private readonly ClusterConnection _connection, _leaseConnection;
    private readonly CancellationTokenSource _stopping = new(), _giveBack = new();
    private readonly Task _running;
    private int _diesAt;

    public Process(WholeWorld world, string identity, int seed)
    {
        (_world, Identity) = (world, identity);
        Clock = new SkewedTime(world.Time);
        Token = world.Server.Tokens.AddUser(new User(identity, [User.Masters]));
        _tenure = new Tenure(Clock);
        _connection = Connect(new LeaderFence(_tenure, Lease), new Wire(this, world, forLease: false));
        _leaseConnection = Connect(new Wire(this, world, forLease: true));
        var dice = new Random(seed);
        var context = new ControllerContext(_connection, null, Clock, () => Draw(dice), _metrics, world.Log);
        var registries = new RegistryOptions { Transport = () => world.Images.Transport(() => world.Pushed) };
        var controller = new DeliveryController(context, [Shard.Whole(_tenure)], registries, 1, identity, world.Log.CreateLogger<DeliveryController>());
        var terms = new LeaseTerms(identity, TimeSpan.FromSeconds(30), Tenancy, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(2));
        var elector = new LeaderElector(_leaseConnection, Lease, terms, _tenure, () => Draw(dice), world.Log.CreateLogger<LeaderElector>());
        _running = Task.Run(() => RunAsync(controller, elector));
    }

    public string Identity { get; }

    /// <summary>Its credential, which is to stand in no object.</summary>
    public string Token { get; }

    public SkewedTime Clock { get; }

    public bool IsDead { get; private set; }

    public bool DiesAfterWriting { get; private set; }

    public DateTimeOffset CutUntil { get; set; }

    public DateTimeOffset LeaseCutUntil { get; set; }

    /// <summary>What is cut gets no answer, and no refusal either.</summary>
    public bool Hangs { get; set; }

    public bool HasEnded => _running.IsCompleted;

    /// <summary>Seconds until it is started anew after it has died.</summary>
    public int DownFor { get; private set; }

    public void DieAt(int write, bool done, int downFor = 0) => (_diesAt, DiesAfterWriting, DownFor) = (write, done, downFor);

    public bool DiesNow() => _diesAt > 0 && Interlocked.Decrement(ref _diesAt) == 0;

    public void Die() => IsDead = true;

    /// <summary>Asks it to end; a dead one is only cleaned up after.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose()
    {
        _connection.Dispose();
        _leaseConnection.Dispose();
        _tenure.Dispose();
        _metrics.Dispose();
        _stopping.Dispose();
        _giveBack.Dispose();
    }

    private async Task RunAsync(DeliveryController controller, LeaderElector elector)
    {
        try
        {
            var electing = elector.RunAsync(_giveBack.Token);
            await controller.RunAsync(_stopping.Token);
            await _giveBack.CancelAsync();
            await electing;
        }
        catch (Exception e)
        {
            _world.Witness.Check("no pass throws", false, $"{Identity} ended with {e}");
        }
    }

    private ClusterConnection Connect(params DelegatingHandler[] handlers) => ClusterConnection.To(
        Server, new ConnectionOptions { Handlers = [.. handlers, new InProcessApi(_world.Server, Token)], Time = Clock, Metrics = _metrics, Environment = _ => null });

    private static double Draw(Random dice)
    {
        lock (dice)
        {
            return dice.NextDouble();
        }
    }
}
