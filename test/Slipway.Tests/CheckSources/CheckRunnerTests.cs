using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Checks;
using Slipway.CheckSources;
using Slipway.Kube;
using Slipway.Tests.Queue;

namespace Slipway.Tests.CheckSources;

public sealed class CheckRunnerTests : IAsyncLifetime
{
    private static readonly ObjectKey Shop = new("prod", "shop");

    private readonly VirtualTime _time = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<string> _abandoned = new();
    private readonly ConcurrentQueue<ObjectKey> _told = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Measurement>> _answers = new();
    private readonly CheckRunner _runner;
    private int _atOnce;
    private int _mostAtOnce;

    public CheckRunnerTests() => _runner = new CheckRunner(MeasureAsync, AbandonAsync, _time, NullLogger<CheckRunner>.Instance) { Measured = _told.Enqueue };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _runner.DisposeAsync();

    [Fact]
    public async Task A_measurement_is_made_when_it_is_due_and_kept_until_it_is_no_longer_wished_for()
    {
        _runner.Follow(Shop, [Wish("errors", due: 30)]);
        await Eventually.TrueAsync(() => _time.Armed > 0, "it waits");
        Assert.Empty(_asked);

        _time.Advance(TimeSpan.FromSeconds(30));
        await AnswerAsync("errors/0");
        await Eventually.TrueAsync(() => !_told.IsEmpty, "it is told");

        var made = Assert.Single(_runner.Results(Shop));
        Assert.Equal(("shop-7", 0, "errors", 0, MeasuredAs.Pass), (made.Release, made.Step, made.Check, made.Ordinal, made.Measurement.Result));
        Assert.Equal(made, Assert.Single(_runner.Results(Shop)));

        _runner.Follow(Shop, [Wish("errors", ordinal: 1, due: 60)]);
        Assert.Empty(_runner.Results(Shop));
        Assert.Empty(_abandoned);
    }

    [Fact]
    public async Task Whoever_is_told_finds_what_was_made()
    {
        var found = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _runner.Measured = key => found.TrySetResult(_runner.Results(key).Length);

        _runner.Follow(Shop, [Wish("errors")]);
        await AnswerAsync("errors/0");

        Assert.Equal(1, await found.Task.WaitAsync(Eventually.Limit, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task However_often_it_is_wished_for_it_is_made_once()
    {
        for (var pass = 0; pass < 5; pass++)
        {
            _runner.Follow(Shop, [Wish("errors"), Wish("errors")]);
        }

        await AnswerAsync("errors/0");
        await Eventually.TrueAsync(() => !_told.IsEmpty, "it is told");
        _runner.Follow(Shop, [Wish("errors")]);

        Assert.Single(_runner.Results(Shop));
        Assert.Equal(["errors/0"], _asked);
    }

    [Fact]
    public async Task What_is_no_longer_wished_for_is_stopped_and_taken_away()
    {
        _runner.Follow(Shop, [Wish("smoke", job: true), Wish("errors", due: 100)]);
        await Eventually.TrueAsync(() => _asked.Contains("smoke/0"), "the job runs");

        _runner.Follow(Shop, []);
        await Eventually.TrueAsync(() => _abandoned.Count == 2, "both are taken away");
        _time.Advance(TimeSpan.FromSeconds(200));

        Assert.Empty(_runner.Results(Shop));
        Assert.Equal(["smoke/0"], _asked);
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Where_the_process_ends_what_runs_in_the_cluster_runs_on()
    {
        _runner.Follow(Shop, [Wish("smoke", job: true)]);
        await Eventually.TrueAsync(() => !_asked.IsEmpty, "the job runs");

        await _runner.DisposeAsync();
        _runner.Follow(Shop, [Wish("smoke", ordinal: 1)]);

        Assert.Empty(_abandoned);
        Assert.Equal(["smoke/0"], _asked);
    }

    [Fact]
    public async Task Sixteen_are_asked_at_once_and_the_others_wait_their_turn()
    {
        _runner.Follow(Shop, [.. Enumerable.Range(0, 40).Select(n => Wish($"check-{n}"))]);
        await Eventually.TrueAsync(() => _asked.Count == 16, "sixteen are asked");

        for (var n = 0; n < 40; n++)
        {
            await Eventually.TrueAsync(() => _answers.Count > n, "the next one is asked");
            _answers.Values.First(answer => !answer.Task.IsCompleted).TrySetResult(Passed);
        }

        await Eventually.TrueAsync(() => _runner.Results(Shop).Length == 40, "all are made");
        Assert.Equal(16, _mostAtOnce);
    }

    [Fact]
    public async Task Jobs_do_not_keep_others_waiting()
    {
        _runner.Follow(Shop, [.. Enumerable.Range(0, 30).Select(n => Wish($"job-{n}", job: true)), Wish("errors")]);

        await AnswerAsync("errors/0");

        await Eventually.TrueAsync(() => _runner.Results(Shop).Length == 1, "the other is made");
    }

    [Fact]
    public async Task A_defect_of_ours_is_an_error_and_not_a_silence()
    {
        _runner.Follow(Shop, [Wish("errors")]);
        await Eventually.TrueAsync(() => _answers.ContainsKey("errors/0"), "it is asked");
        _answers["errors/0"].SetException(new InvalidOperationException("oops"));
        await Eventually.TrueAsync(() => !_told.IsEmpty, "it is told");

        var measured = Assert.Single(_runner.Results(Shop)).Measurement;

        Assert.Equal(MeasuredAs.Error, measured.Result);
        Assert.Equal("a defect of the controller (InvalidOperationException): its log has more", measured.Message);
    }

    [Fact]
    public async Task Deliveries_have_their_own()
    {
        var other = Shop with { Name = "other" };
        _runner.Follow(Shop, [Wish("errors")]);
        _runner.Follow(other, [Wish("errors", release: "other-1")]);
        await Eventually.TrueAsync(() => _asked.Count == 2, "both are asked");

        _runner.Forget(other);
        await Eventually.TrueAsync(() => _abandoned.Count == 1, "one is given up");
        await AnswerAsync("errors/0");

        await Eventually.TrueAsync(() => _runner.Results(Shop).Length == 1, "the other is made");
        Assert.Empty(_runner.Results(other));
    }

    private static Measurement Passed => new(MeasuredAs.Pass, DateTimeOffset.UnixEpoch);

    private MeasureWish Wish(string check, int ordinal = 0, int due = 0, bool job = false, string release = "shop-7") => new(
        new CheckPlan { Name = check, Source = job ? new CheckSource.Job("busybox") : new CheckSource.Web("https://x") },
        0,
        ordinal,
        _time.Start.AddSeconds(due),
        new MeasureContext("prod", "shop", "uid", release, "shop", null, "1", "sha256:a", null, null));

    private async Task AnswerAsync(string name)
    {
        await Eventually.TrueAsync(() => _answers.ContainsKey(name), $"{name} is asked");
        _answers[name].TrySetResult(Passed);
    }

    private async Task<Measurement> MeasureAsync(MeasureWish wish, CancellationToken cancellationToken)
    {
        var name = $"{(wish.Context.Release == "shop-7" ? "" : wish.Context.Release)}{wish.Plan.Name}/{wish.Ordinal}";
        InterlockedMax(Interlocked.Increment(ref _atOnce));
        _asked.Enqueue(name);
        try
        {
            return await _answers.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private void InterlockedMax(int value)
    {
        lock (_asked)
        {
            _mostAtOnce = Math.Max(_mostAtOnce, value);
        }
    }

    private Task AbandonAsync(MeasureWish wish, CancellationToken cancellationToken)
    {
        _abandoned.Enqueue(wish.Plan.Name);
        return Task.CompletedTask;
    }
}
