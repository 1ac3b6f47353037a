using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Notifications;
using Slipway.Tests.Controllers;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Notifications;

public sealed class NotificationDeskTests : IAsyncLifetime
{
    private static readonly ObjectKey Chat = new("prod", "chat");

    private readonly VirtualTime _time = new();
    private readonly CollectedLog _log = new();
    private readonly ConcurrentDictionary<ObjectKey, Notifier> _notifiers = [];
    private readonly ConcurrentQueue<(string Notifier, string Id, TimeSpan At)> _posted = new();
    private readonly ConcurrentQueue<NotifierStatus> _stored = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly NotificationDesk _desk;
    private volatile Func<Notification, PostResult> _answer = _ => PostResult.Told;

    public NotificationDeskTests() => _desk = new NotificationDesk(
        key => _notifiers.GetValueOrDefault(key), notifier => NotifierTerms.Read(notifier, "slipway"), PostAsync, StoreAsync, (_, outcome) => _counts.AddOrUpdate(outcome, 1, (_, before) => before + 1), _time, () => 0.5, _log.CreateLogger<NotificationDesk>());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task What_is_wanted_is_told_once_whoever_says_it_again()
    {
        Follow(Chat);

        Tell(1, 2);
        Tell(2, 3);
        _desk.Tell([Message(4) with { Namespace = "elsewhere" }]);
        await Eventually.TrueAsync(() => _posted.Count == 3 && _stored.LastOrDefault()?.LastDelivered is not null, "three are told");

        Assert.Equal(["1", "2", "3"], _posted.Select(post => post.Id));
        Assert.Equal(("True", "Listening"), (Ready.Status, Ready.Reason));
    }

    [Fact]
    public async Task An_endpoint_that_is_down_for_an_hour_is_asked_with_growing_pauses_and_gets_all_that_it_missed()
    {
        Follow(Chat);
        Follow(new ObjectKey("prod", "other"));
        _answer = _ => new PostResult("hooks.example.com answers 503");

        Tell([.. Enumerable.Range(1, 20)]);
        while (_time.Elapsed < TimeSpan.FromHours(1))
        {
            await Eventually.TrueAsync(() => _time.Armed >= 2, "both wait for their next try");
            _time.Advance(_time.UntilNext!.Value);
        }

        // 2, 4, 8, … seconds up to five minutes, a quarter less on average by the draw: neither a storm nor silence.
        Assert.InRange(_posted.Count(post => post.Notifier == "chat"), 12, 30);
        await Eventually.TrueAsync(() => _stored.Any(status => status.Conditions![0].Reason == "NotDelivered"), "it is said");
        Assert.Contains("503; messages that wait: 20", _stored.Last(status => status.Conditions![0].Reason == "NotDelivered").Conditions![0].Message, StringComparison.Ordinal);

        _posted.Clear();
        _answer = _ => PostResult.Told;
        await _time.RunUntilAsync(() => _posted.Count == 40, TimeSpan.FromSeconds(30));

        Assert.Equal(Enumerable.Range(1, 20).Select(id => $"{id}"), _posted.Where(post => post.Notifier == "chat").Select(post => post.Id));
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("delivered") == 40 && Ready.Reason == "Listening", "it is well again");
        Assert.Equal((0L, 0L), (_stored.Last().Failures, _stored.Last().Dropped));
    }

    [Fact]
    public async Task A_message_that_cannot_be_told_does_not_silence_those_behind_it()
    {
        Follow(Chat);
        _answer = message => message.Id == "2" ? throw new InvalidOperationException("https://hooks.example.com/secret") : PostResult.Told;

        Tell(1, 2, 3);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("delivered") == 2 && _counts.GetValueOrDefault("refused") == 1, "the others are told");

        Assert.Equal(["1", "2", "3"], _posted.Select(post => post.Id));
        await Eventually.TrueAsync(() => _stored.LastOrDefault() is { Failures: 1, LastDelivered: not null }, "it is counted");
        Assert.All(_stored, status => Assert.DoesNotContain("secret", status.Conditions![0].Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_is_bounded_the_oldest_goes_and_is_counted()
    {
        Follow(Chat);
        _answer = _ => new PostResult("down");
        Tell(1);
        await Eventually.TrueAsync(() => _time.Armed == 1, "it waits");

        Tell([.. Enumerable.Range(2, Outbox.Most + 9)]);
        _answer = _ => PostResult.Told;
        await _time.RunUntilAsync(() => _counts.GetValueOrDefault("delivered") == Outbox.Most, TimeSpan.FromSeconds(2));

        Assert.Equal(10, _counts["dropped"]);
        Assert.Equal("11", _posted.ElementAt(1).Id);
        await Eventually.TrueAsync(() => _stored.Last().Dropped == 10, "the status says so");
    }

    [Fact]
    public async Task What_is_older_than_a_day_is_given_up()
    {
        Follow(Chat);
        _answer = _ => new PostResult("down");
        Tell(1);
        for (var tries = 0; tries < 2000 && !_counts.ContainsKey("expired"); tries++)
        {
            await Eventually.TrueAsync(() => _time.Armed == 1 || _counts.ContainsKey("expired"), "it waits");
            _time.Advance(_time.UntilNext ?? TimeSpan.Zero);
        }

        await Eventually.TrueAsync(() => _stored.Last().Failures == 1, "it is counted");
        Assert.InRange(_time.Elapsed, TimeSpan.FromHours(24), TimeSpan.FromHours(25));
        await Eventually.TrueAsync(() => _log.ToString().Contains("Notifier prod/chat: Succeeded of prod/shop is not told: down", StringComparison.Ordinal), "it is in the log");
    }

    [Fact]
    public async Task A_message_that_is_refused_for_good_holds_up_no_other()
    {
        Follow(Chat);
        _answer = message => message.Id == "1" ? new PostResult("answers 400", ForGood: true) : PostResult.Told;

        Tell(1, 2);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("delivered") == 1, "the other is told");

        Assert.Equal(["1", "2"], _posted.Select(post => post.Id));
        Assert.Equal(1, _counts["refused"]);
    }

    [Fact]
    public async Task A_server_that_asks_for_time_is_given_it_up_to_an_hour()
    {
        Follow(Chat);
        _answer = _ => new PostResult("answers 429") { RetryAfter = TimeSpan.FromMinutes(10) };
        Tell(1);
        await Eventually.TrueAsync(() => _time.Armed == 1, "it waits");
        Assert.Equal(TimeSpan.FromMinutes(10), _time.UntilNext);

        _answer = _ => new PostResult("answers 429") { RetryAfter = TimeSpan.FromDays(3) };
        _time.Advance(TimeSpan.FromMinutes(10));
        await Eventually.TrueAsync(() => _posted.Count == 2 && _time.Armed == 1, "it waits again");
        Assert.Equal(TimeSpan.FromHours(1), _time.UntilNext);
    }

    [Fact]
    public async Task An_edit_is_tried_at_once_and_one_that_cannot_be_read_tells_nothing()
    {
        Follow(Chat);
        _answer = _ => new PostResult("answers 404");
        Tell(1);
        await Eventually.TrueAsync(() => _time.Armed == 1, "it waits");

        Follow(Chat, "{}", generation: 2);
        await Eventually.TrueAsync(() => Ready.Reason == "InvalidSpec", "it is refused");
        Tell(2);
        Assert.Single(_posted);

        _answer = _ => PostResult.Told;
        Follow(Chat, generation: 3);
        await Eventually.TrueAsync(() => _counts.GetValueOrDefault("delivered") == 1, "it is told without a wait");
        Assert.Equal(["1", "1"], _posted.Select(post => post.Id));
    }

    [Fact]
    public async Task One_that_hangs_holds_up_neither_who_tells_nor_another()
    {
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var desk = new NotificationDesk(
            key => _notifiers.GetValueOrDefault(key),
            notifier => NotifierTerms.Read(notifier, null),
            async (terms, message, stop) =>
            {
                await (terms.Name == "chat" ? hangs.Task.WaitAsync(stop) : Task.CompletedTask);
                return await PostAsync(terms, message, stop);
            },
            StoreAsync,
            (_, _) => { },
            _time,
            () => 0.5,
            _log.CreateLogger<NotificationDesk>());
        foreach (var name in new[] { "chat", "other" })
        {
            _notifiers[new ObjectKey("prod", name)] = Notified.Notifier("""{"slack":{"secretRef":{"name":"chat","key":"url"}}}""", name: name);
            desk.Look(new ObjectKey("prod", name));
        }

        desk.Tell([Message(1)]);

        await Eventually.TrueAsync(() => _posted.Any(post => post.Notifier == "other"), "the other is told");
        Assert.DoesNotContain("chat", _posted.Select(post => post.Notifier));
    }

    [Fact]
    public async Task A_Notifier_that_is_gone_is_told_nothing()
    {
        Follow(Chat);
        Tell(1);
        await Eventually.TrueAsync(() => _posted.Count == 1, "it is told");

        _notifiers.Clear();
        _desk.Look(Chat);
        Tell(2);
        await _desk.DisposeAsync();

        Assert.Single(_posted);
    }

    private Condition Ready => _stored.Last().Conditions!.Single();

    private static Notification Message(int id) => Notified.Succeeded with { Id = $"{id}", At = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };

    private void Tell(params int[] ids) => _desk.Tell([.. ids.Select(Message)]);

    private void Follow(ObjectKey key, string spec = """{"slack":{"secretRef":{"name":"chat","key":"url"}}}""", long generation = 1)
    {
        _notifiers[key] = Notified.Notifier(spec, key.Namespace, key.Name, generation);
        _desk.Look(key);
    }

    private Task<PostResult> PostAsync(NotifierTerms terms, Notification notification, CancellationToken cancellationToken)
    {
        _posted.Enqueue((terms.Name, notification.Id, _time.Elapsed));
        return Task.FromResult(_answer(notification));
    }

    private Task<bool> StoreAsync(Notifier notifier, NotifierStatus status, CancellationToken cancellationToken)
    {
        if (notifier.Metadata.Name == "chat")
        {
            _stored.Enqueue(status);
        }

        return Task.FromResult(true);
    }
}
