using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Sandbox.Api;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Leadership;

/// <summary>Three processes, one Lease in a real API, faults on the way, and leaders that are cut off again and again.</summary>
public sealed class SandboxElectionTests
{
    private static readonly ObjectKey Lease = new("default", "slipway");
    private static readonly LeaseTerms Quick = new("", TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaders_follow_each_other_and_never_overlap()
    {
        await using var server = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }, Ct);
        server.Faults = new FaultPlan { Seed = 5, ErrorBefore = 0.05, ErrorAfter = 0.05, Conflict = 0.05 };
        List<Process> processes = [new("a", server), new("b", server), new("c", server)];
        var (overlaps, leaders) = (0, new HashSet<string>());
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var watch = Task.Run(async () =>
        {
            while (!watching.IsCancellationRequested)
            {
                overlaps += processes.Count(process => process.Leads) > 1 ? 1 : 0;
                await Task.Yield();
            }
        }, Ct);

        for (var i = 0; i < 4; i++)
        {
            await Eventually.TrueAsync(() => processes.Any(process => process.Leads), "a leader");
            var leader = processes.First(process => process.Leads);
            leaders.Add(leader.Name);
            leader.Cut = true;
            await Eventually.TrueAsync(() => !leader.Leads && processes.Any(process => process.Leads), "another leader");
            leader.Cut = false;
        }

        await watching.CancelAsync();
        await watch;
        foreach (var process in processes)
        {
            await process.StopAsync();
            process.Dispose();
        }

        Assert.Equal(0, overlaps);
        Assert.True(leaders.Count > 1);
    }

    [Fact]
    public async Task What_the_server_stores_is_a_Lease_as_Kubernetes_knows_it()
    {
        await using var server = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }, Ct);
        using var process = new Process("a", server);
        await Eventually.TrueAsync(() => process.Leads, "a leader");
        using var connection = ClusterConnection.To(server.Url, token: server.AdminToken);
        var leases = new ResourceClient<JsonObject>(connection, ResourceTypes.Leases, json => JsonObject.Create(json.GetProperty("spec").Clone()));

        var held = (await leases.GetAsync(Lease, Ct))!.Value;
        await process.StopAsync();
        var left = (await leases.GetAsync(Lease, Ct))!.Value;

        Assert.Equal("a", (string?)held["holderIdentity"]);
        Assert.Equal(2, (int)held["leaseDurationSeconds"]!);
        Assert.Equal(0, (int)held["leaseTransitions"]!);
        Assert.Equal("", (string?)left["holderIdentity"]);
    }

    [Fact]
    public async Task Who_waits_is_told_when_the_Lease_is_given_back()
    {
        await using var server = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }, Ct);
        using var process = new Process("a", server);
        await Eventually.TrueAsync(() => process.Leads, "a leader");
        using var connection = ClusterConnection.To(server.Url, token: server.AdminToken);
        var told = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var watch = new LeaseWatch(connection, Lease, () => Interlocked.Increment(ref told), () => 0, NullLoggerFactory.Instance);
        var watching = watch.RunAsync(stop.Token);
        await watch.WaitForSyncAsync(Ct);
        Assert.Equal(0, told);

        await process.StopAsync();
        await Eventually.TrueAsync(() => told == 1, "somebody is told");
        await stop.CancelAsync();
        await watching;
    }

    private sealed class Process : IDisposable
    {
        private readonly ClusterConnection _connection;
        private readonly Tenure _tenure = new(TimeProvider.System);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;
        private volatile bool _cut;

        public Process(string name, SandboxApiServer server)
        {
            Name = name;
            _connection = ClusterConnection.To(server.Url, new ConnectionOptions { Handlers = [new Wire(this)] }, server.AdminToken);
            var random = new Random(name[0]);
            _run = new LeaderElector(_connection, Lease, Quick with { Identity = name }, _tenure, random.NextDouble, NullLogger<LeaderElector>.Instance).RunAsync(_stop.Token);
        }

        public string Name { get; }

        public bool Leads => _tenure.IsLeader;

        public bool Cut
        {
            set => _cut = value;
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _run;
        }

        public void Dispose()
        {
            _connection.Dispose();
            _tenure.Dispose();
            _stop.Dispose();
        }

        private sealed class Wire(Process process) : DelegatingHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                process._cut ? throw new HttpRequestException("cut off") : base.SendAsync(request, cancellationToken);
        }
    }
}
