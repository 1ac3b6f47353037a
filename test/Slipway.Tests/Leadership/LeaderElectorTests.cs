using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Tests.Kube;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Leadership;

public sealed class LeaderElectorTests : IAsyncLifetime
{
    private static readonly ObjectKey Lease = new("slipway", "controller");

    private readonly VirtualTime _time = new();
    private readonly LeaseServer _lease = new();
    private readonly List<Candidate> _candidates = [];
    private ScriptedServer? _server;

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(_lease.AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        foreach (var candidate in _candidates)
        {
            await candidate.StopAsync();
            candidate.Dispose();
        }

        await _server!.DisposeAsync();
    }

    private Candidate Start(string identity)
    {
        var candidate = new Candidate(identity, _server!.Connect(new ConnectionOptions { Time = _time }), _time);
        _candidates.Add(candidate);
        return candidate;
    }

    [Fact]
    public async Task Alone_it_makes_the_lease_and_leads()
    {
        var me = Start("me");
        await _time.RunUntilAsync(() => me.Leads);

        var spec = _lease.Spec!;
        Assert.Equal("me", (string?)spec["holderIdentity"]);
        Assert.Equal(15, (int)spec["leaseDurationSeconds"]!);
        Assert.Matches(@"^2026-01-01T00:00:\d\d\.\d{6}Z$", (string?)spec["renewTime"]);
        Assert.Equal(0, (int)spec["leaseTransitions"]!);
        Assert.Equal("me", me.Elector.Holder);
    }

    [Fact]
    public async Task It_renews_and_goes_on_leading()
    {
        var me = Start("me");
        await _time.RunUntilAsync(() => me.Leads);
        var first = (string?)_lease.Spec!["renewTime"];

        await _time.RunUntilAsync(() => _time.Elapsed > TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(200));

        Assert.True(me.Leads);
        Assert.NotEqual(first, (string?)_lease.Spec!["renewTime"]);
        Assert.Equal([true], me.Changes);
    }

    [Fact]
    public async Task A_second_one_waits_and_takes_a_lease_that_was_given_back_without_waiting_it_out()
    {
        var first = Start("first");
        await _time.RunUntilAsync(() => first.Leads);
        var second = Start("second");
        await _time.RunUntilAsync(() => second.Elector.Holder == "first");
        Assert.False(second.Leads);

        var from = _time.Elapsed;
        await first.StopAsync();
        Assert.Equal("", _lease.Holder);
        Assert.Equal(1, (int)_lease.Spec!["leaseDurationSeconds"]!);
        await _time.RunUntilAsync(() => second.Leads);

        Assert.InRange(_time.Elapsed - from, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        Assert.Equal(1, (int)_lease.Spec!["leaseTransitions"]!);
        Assert.Equal([true, false], first.Changes);
    }

    [Fact]
    public async Task A_second_one_that_is_told_that_the_lease_is_free_takes_it_without_a_pause()
    {
        var first = Start("first");
        await _time.RunUntilAsync(() => first.Leads);
        var second = Start("second");
        await _time.RunUntilAsync(() => second.Elector.Holder == "first");
        await first.StopAsync();

        // Time stands still from here on.
        second.Elector.Look();
        await Eventually.TrueAsync(() => second.Leads, "the second leads");
    }

    [Fact]
    public async Task A_dead_holder_is_waited_for_as_long_as_its_lease_lasts_whatever_its_clock_wrote()
    {
        _lease.Write("dead");
        var me = Start("me");
        await _time.RunUntilAsync(() => me.Elector.Holder == "dead");
        var from = _time.Elapsed;

        await _time.RunUntilAsync(() => me.Leads);

        Assert.InRange(_time.Elapsed - from, TimeSpan.FromSeconds(14.8), TimeSpan.FromSeconds(20));
        Assert.Equal(4, (int)_lease.Spec!["leaseTransitions"]!);
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_stops_at_its_deadline()
    {
        var me = Start("me");
        await _time.RunUntilAsync(() => me.Leads);
        _lease.Fault = async (context, _) =>
        {
            await context.FailAsync(500, "InternalError");
            return true;
        };
        var from = _time.Elapsed;

        await _time.RunUntilAsync(() => !me.Leads);

        Assert.InRange(_time.Elapsed - from, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(10.2));
        Assert.Equal([true, false], me.Changes);
        await Eventually.TrueAsync(() => me.Elector.Problem is not null, "a problem");

        _lease.Fault = (_, _) => Task.FromResult(false);
        await _time.RunUntilAsync(() => me.Leads);
    }

    [Fact]
    public async Task A_leader_whose_requests_hang_stops_at_its_deadline_too()
    {
        var me = Start("me");
        await _time.RunUntilAsync(() => me.Leads);
        _lease.Fault = async (context, _) =>
        {
            await context.HoldAsync(_server!.Closing);
            return true;
        };
        _time.Busy = () => false;
        var from = _time.Elapsed;

        await _time.RunUntilAsync(() => !me.Leads);

        Assert.InRange(_time.Elapsed - from, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(10.2));
        _lease.Fault = (_, _) => Task.FromResult(false);
    }

    [Fact]
    public async Task A_lost_answer_to_the_taking_is_put_right_by_reading()
    {
        var lost = 0;
        _lease.Fault = async (context, request) =>
        {
            if (request.Method != "POST" || Interlocked.Exchange(ref lost, 1) == 1)
            {
                return false;
            }

            _lease.Write("me");
            await context.FailAsync(504, "Timeout");
            return true;
        };

        var me = Start("me");
        await _time.RunUntilAsync(() => me.Leads);

        Assert.True(_time.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_leader_that_finds_another_name_lets_go_at_once()
    {
        var me = Start("me");
        await _time.RunUntilAsync(() => me.Leads);

        _lease.Write("usurper");
        var from = _time.Elapsed;
        await _time.RunUntilAsync(() => !me.Leads);

        Assert.True(_time.Elapsed - from < TimeSpan.FromSeconds(5));
        Assert.Equal("usurper", _lease.Holder);
    }

    [Fact]
    public async Task Who_never_led_gives_nothing_back()
    {
        _lease.Write("other");
        var me = Start("me");
        await _time.RunUntilAsync(() => me.Elector.Holder == "other");

        await me.StopAsync();

        Assert.Equal("other", _lease.Holder);
        Assert.DoesNotContain(_server!.Requests, request => request.Method != "GET");
    }

    private sealed class Candidate : IDisposable
    {
        private readonly ClusterConnection _connection;
        private readonly Tenure _tenure;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;

        public Candidate(string identity, ClusterConnection connection, VirtualTime time)
        {
            _connection = connection;
            _tenure = new Tenure(time);
            _tenure.OnChange(Changes.Add);
            Elector = new LeaderElector(connection, Lease, LeaseTerms.Default(identity), _tenure, () => 0.5, NullLogger<LeaderElector>.Instance);
            _run = Elector.RunAsync(_stop.Token);
        }

        public LeaderElector Elector { get; }

        public List<bool> Changes { get; } = [];

        public bool Leads => _tenure.IsLeader;

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
    }
}
