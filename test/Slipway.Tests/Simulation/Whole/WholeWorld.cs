using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using Slipway.Tests.SandboxWorld;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>
/// The whole controller, one process of it or two, and the whole sandbox in virtual time. The clock stands until nobody has anything to do at this
/// instant; then it goes to the next for which somebody waits.
/// </summary>
internal sealed class WholeWorld : IDisposable
{
    private const int MostStepsAtOnce = 20_000;

    // Real time: a node pulls an image over a socket.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Stillness _stillness;
    private readonly Housekeeping _housekeeping;
    private readonly ClusterConnection _admin;
    private readonly DateTimeOffset _began;
    private readonly Random _dice;
    private readonly Process?[] _processes;
    private readonly List<Process> _dying = [];
    private readonly DateTimeOffset[] _upAgain = new DateTimeOffset[2];
    private int _started;
    private DateTimeOffset _slowUntil, _troubleUntil;

    public WholeWorld(WholeSchedule schedule, SharedImages images, Stillness stillness)
    {
        _stillness = stillness;
        (Schedule, Images, _dice, _processes) = (schedule, images, new Random(schedule.Seed), new Process?[schedule.Replicas]);
        _began = Time.GetUtcNow();
        Log = new WholeLog(this);
        Store = new ObjectStore(BuiltInResources.Table(), Time);
        ClusterSeed.Sow(Store);
        Server = new RequestHandler(Store, new ApiServerOptions { Time = Time }, _stopping.Token);
        _housekeeping = new Housekeeping(Store);
        Workloads = SandboxWorkloads.Start(Store, Time);
        (Workloads.Traffic.RouteLag, Workloads.Traffic.StatusLag) = (TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Witness = new Witness(this);
        Store.Committed += Witness.Sees;
        _admin = ClusterConnection.To(new Uri("http://sandbox.test/"), new ConnectionOptions
        {
            Handlers = [new InProcessApi(Server, Server.Tokens.AddUser(new Identity("admin", [Identity.Masters])))],
            Time = Time,
            Environment = _ => null,
        });
    }

    public WholeSchedule Schedule { get; }

    public SharedImages Images { get; }

    public ManualTime Time { get; } = new();

    public TimeSpan Elapsed => Time.GetUtcNow() - _began;

    public ObjectStore Store { get; }

    public RequestHandler Server { get; }

    public SandboxWorkloads Workloads { get; }

    public Witness Witness { get; }

    public WholeLog Log { get; }

    /// <summary>Tags that the registry has by now.</summary>
    public IReadOnlyCollection<string> Pushed { get; private set; } = [SharedImages.Tag(1, Fate.Good)];

    public GroupResource WorkloadResource => Schedule.Way == Way.Partition ? Known.StatefulSets : Known.Deployments;

    public Delivery Delivery => Store.Find(Deliveries, "default", "shop") is { } found ? JsonSerializer.Deserialize(found, ApiJson.Default.Delivery)! : new Delivery();

    public static GroupResource Deliveries { get; } = new(ApiNames.Group, ApiNames.DeliveryPlural);

    public static GroupResource Releases { get; } = new(ApiNames.Group, ApiNames.ReleasePlural);

    public static GroupResource Routes { get; } = new("gateway.networking.k8s.io", "httproutes");

    public bool IsSlow() => Time.GetUtcNow() < _slowUntil;

    public double Draw()
    {
        lock (_dice)
        {
            return _dice.NextDouble();
        }
    }

    public ResourceClient<JsonObject> Any(ResourceType type) => new(_admin, type, json => JsonNode.Parse(json.GetRawText())!.AsObject());

    /// <summary>What a person does: it is done when this returns.</summary>
    public static void Do(Task request) => request.GetAwaiter().GetResult();

    /// <summary>Version 1 runs and is adopted.</summary>
    public void Begin()
    {
        foreach (var definition in global::Slipway.Cli.Schemas.CustomResources.All)
        {
            Do(Any(new ResourceType("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false)).CreateAsync(null, definition, default));
        }

        if (Schedule.Way == Way.CanaryByRoute)
        {
            Store.Resources.Replace(Routes, [RouteDefinition]);
            Do(Any(WholeObjects.Routes).ApplyAsync(WholeObjects.Shop, WholeObjects.Route(), null, default, manager: "kubectl"));
        }

        Do(Any(ResourceTypes.Secrets).CreateAsync("default", WholeObjects.PullSecret(Images.Address), default));
        Do(Any(ResourceTypes.Services).ApplyAsync(WholeObjects.Shop, WholeObjects.Service(), null, default, manager: "kubectl"));
        var workload = WholeObjects.Workload(Schedule.Way, Images.Named(SharedImages.Tag(1, Fate.Good)), Schedule.Pods);
        Do(Any(WholeObjects.WorkloadOf(Schedule.Way)).ApplyAsync(WholeObjects.Shop, workload, null, default, manager: "kubectl"));
        Do(Any(ResourceTypes.Deliveries).ApplyAsync(WholeObjects.Shop, WholeObjects.Delivery(Schedule, Images.Address), null, default, manager: "kubectl"));
        for (var index = 0; index < _processes.Length; index++)
        {
            Start(index);
        }

        for (var second = 0; second < 60 && Delivery.Status?.Current is null; second++)
        {
            Advance(1);
        }

        Witness.Check("converges", Delivery.Status?.Current is not null, "what ran was never adopted");
        Witness.ThrowIfBroken();
    }

    /// <summary>What is there now, for people.</summary>
    public string Picture() => string.Join('\n', new[] { Deliveries, Releases, WorkloadResource, Known.Pods, Known.Services, Known.Leases }.Distinct()
        .SelectMany(resource => Store.List(resource, "default").Items)
        .Select(one => $"{one.Kind()} {one.Name()} {(one.Kind() == "Pod" ? one.Section("status")?["conditions"]?.ToJsonString() : one.Kind() is "Delivery" or "Release" ? one["status"]?.ToJsonString() : one["spec"]?.ToJsonString())}"));

    public void Push(string tag)
    {
        Pushed = [.. Pushed.Append(tag).Distinct()];
        Log.Note($"PUSH {tag}");
    }

    public Process? At(int index) => _processes[index % _processes.Length];

    public void Kill(int index, int downFor)
    {
        index %= _processes.Length;
        if (_processes[index] is { } process)
        {
            process.Stop();
            _dying.Add(process);
            _processes[index] = null;
            _upAgain[index] = Time.GetUtcNow() + TimeSpan.FromSeconds(downFor);
        }
    }

    public void Cause(FaultPlan plan, DateTimeOffset until) => (Server.Dice, _troubleUntil) = (new FaultDice(plan), until);

    public void Slow(DateTimeOffset until) => _slowUntil = until;

    public void EndTrouble()
    {
        (Server.Dice, _slowUntil, _troubleUntil) = (new FaultDice(FaultPlan.None), default, default);
        foreach (var process in _processes.OfType<Process>())
        {
            process.DieAt(0, done: false);
            (process.CutUntil, process.LeaseCutUntil) = (default, default);
        }
    }

    public void Advance(double seconds)
    {
        var until = Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        Settle();
        for (var step = 0; Time.NextDue is { } next && next <= until; step++)
        {
            Time.Advance(next - Time.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero);
            Settle();
            if (step > MostStepsAtOnce)
            {
                Witness.Check("no tight loop", false, $"more than {MostStepsAtOnce} instants within {seconds} s");
                Witness.ThrowIfBroken();
            }
        }

        Time.Advance(until - Time.GetUtcNow() is { Ticks: > 0 } rest ? rest : TimeSpan.Zero);
        Settle();
    }

    public void Dispose()
    {
        Witness.IsOver = true;
        for (var index = 0; index < _processes.Length; index++)
        {
            _processes[index]?.Die();
            Kill(index, int.MaxValue / 2);
        }

        for (var second = 0; second < 120 && _dying.Count > 0; second++)
        {
            Advance(1);
        }

        _stopping.Cancel();
        Workloads.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _admin.Dispose();
        _stopping.Dispose();
    }

    private void Start(int index) => _processes[index] = new Process(this, $"slipway-{(char)('a' + index)}{++_started}", (Schedule.Seed * 31) + _started);

    // Until nobody has anything to do at this instant, whoever that is.
    private void Settle()
    {
        if (Time.GetUtcNow() >= _troubleUntil && _troubleUntil != default)
        {
            (Server.Dice, _troubleUntil) = (new FaultDice(FaultPlan.None), default);
        }

        long version;
        do
        {
            version = Store.Version;
            _stillness.Wait();
            if (!Workloads.WhenIdleAsync().Wait(Patience, CancellationToken.None))
            {
                throw new TimeoutException("the sandbox is never idle");
            }

            _housekeeping.Settle();
            _stillness.Wait();
            Sweep();
        }
        while (Store.Version != version || !Workloads.WhenIdleAsync().IsCompleted);
        Witness.Looks();
        Witness.ThrowIfBroken();
    }

    private void Sweep()
    {
        for (var index = 0; index < _processes.Length; index++)
        {
            if (_processes[index] is { IsDead: true } dead)
            {
                Log.Note($"DIED {dead.Identity}");
                Kill(index, dead.DownFor);
            }
            else if (_processes[index] is null && Time.GetUtcNow() >= _upAgain[index] && !_stopping.IsCancellationRequested)
            {
                Start(index);
            }
        }

        foreach (var ended in _dying.Where(process => process.HasEnded).ToArray())
        {
            _dying.Remove(ended);
            ended.Dispose();
        }
    }

    private static readonly ResourceDefinition RouteDefinition = new()
    {
        Group = Routes.Group,
        Version = "v1",
        Plural = Routes.Plural,
        Kind = "HTTPRoute",
        Namespaced = true,
        HasStatus = true,
        BuiltIn = false,
        Generation = GenerationRule.AllButMetadataAndStatus,
    };
}
