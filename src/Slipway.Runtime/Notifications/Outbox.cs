using Slipway.Api;
using Slipway.Kube;

namespace Slipway.Notifications;

/// <summary>
/// What one Notifier has still to tell, oldest first. It works while there is something, and rests without a timer. When its server is away, it
/// keeps so many and for so long; what is more is counted.
/// </summary>
internal sealed class Outbox(
    Func<NotifierTerms, Notification, CancellationToken, Task<PostResult>> post,
    Func<Notifier, NotifierStatus, CancellationToken, Task<bool>> store,
    Action<NotifierTerms, string, Notification, string?> count,
    TimeProvider time,
    Func<double> random) : IAsyncDisposable
{
    public const string Delivered = "delivered";
    public const string Retried = "retried";
    public const string Refused = "refused";
    public const string Expired = "expired";
    public const string Dropped = "dropped";

    /// <summary>So many wait. A message has about 1 KB.</summary>
    public const int Most = 500;

    /// <summary>What is older is no news.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    // A server that asks to be left alone for longer is asked after an hour all the same.
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // Between two writes of a status that say only numbers.
    private static readonly TimeSpan QuietStatus = TimeSpan.FromSeconds(30);

    private static readonly Backoff Pause = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    private readonly Lock _lock = new();
    private readonly LinkedList<Notification> _waiting = [];

    // So that one cause is told once, whoever announces it again; bounded with what waits.
    private readonly Queue<string> _known = [];

    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private bool _working;
    private bool _stopped;
    private bool _edited;

    // The status has not heard of the last result yet.
    private bool _told;

    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Notifier? _notifier;
    private NotifierTerms? _terms;
    private NotifierStatus _status = new();
    private NotifierStatus _said = new();
    private DateTimeOffset _stored;
    private string? _problem;

    public bool Wants(Notification notification) => _terms is { Problem: null } terms && terms.Route.Wants(notification);

    /// <summary>The Notifier as it is now. An edit of its spec wakes what waits for the next try.</summary>
    public void Follow(Notifier notifier, NotifierTerms terms)
    {
        lock (_lock)
        {
            var first = _notifier is null;
            if (first)
            {
                _status = _said = notifier.Status ?? new();
            }

            var edited = first || _notifier!.Metadata.Generation != notifier.Metadata.Generation;
            (_notifier, _terms) = (notifier, terms);
            if (edited)
            {
                _edited = true;
                _problem = null;
                _woken.TrySetResult();
                _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Work();
            }
        }
    }

    public void Add(Notification notification)
    {
        lock (_lock)
        {
            if (_known.Contains(notification.Id))
            {
                return;
            }

            _known.Enqueue(notification.Id);
            _waiting.AddLast(notification);
            if (_known.Count > 2 * Most)
            {
                _known.Dequeue();
            }

            if (_waiting.Count > Most)
            {
                var oldest = _waiting.First!.Value;
                _waiting.RemoveFirst();
                _status = _status with { Dropped = _status.Dropped + 1 };
                count(_terms!, Dropped, oldest, null);
            }

            Work();
        }
    }

    /// <summary>What waits is lost; what is on its way is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        Task work;
        lock (_lock)
        {
            (_stopped, work) = (true, _work);
        }

        await _stop.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Work()
    {
        if (!_working && !_stopped)
        {
            _working = true;
            var stop = _stop.Token;
            _work = Task.Run(() => WorkAsync(stop), CancellationToken.None);
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        var failures = 0;
        do
        {
            await StoreAsync(stop);
            if (Next() is not var (terms, notification))
            {
                continue;
            }

            var result = time.GetUtcNow() - notification.At > LongestLife ? new PostResult(_problem ?? "it is older than a day", ForGood: true) : await PostAsync(terms, notification, stop);
            var pause = Take(terms, notification, result, ref failures);
            if (pause > TimeSpan.Zero)
            {
                await StoreAsync(stop);
                await WaitAsync(pause, stop);
            }
        }
        while (!Rests());
    }

    // One message that cannot be told must not silence those behind it. What was thrown may quote an address, which may be a secret.
    private async Task<PostResult> PostAsync(NotifierTerms terms, Notification notification, CancellationToken stop)
    {
        try
        {
            return await post(terms, notification, stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            return new PostResult($"it cannot be told, by a defect of Slipway's ({e.GetType().Name})", ForGood: true);
        }
    }

    private (NotifierTerms Terms, Notification Notification)? Next()
    {
        lock (_lock)
        {
            return _waiting.First is { } first && _terms is { Problem: null } terms ? (terms, first.Value) : null;
        }
    }

    /// <summary>How long to wait before the next one.</summary>
    private TimeSpan Take(NotifierTerms terms, Notification notification, PostResult result, ref int failures)
    {
        lock (_lock)
        {
            _told = true;

            // It may have been dropped meanwhile, when others came.
            var done = result.Problem is null || result.ForGood;
            if (done)
            {
                _waiting.Remove(notification);
            }

            if (result.Problem is null)
            {
                (failures, _problem) = (0, null);
                if (result.IsTold)
                {
                    _status = _status with { LastDelivered = Instant.Of(time.GetUtcNow()) };
                    count(terms, Delivered, notification, null);
                }

                return TimeSpan.Zero;
            }

            _problem = result.Problem;
            if (result.ForGood)
            {
                _status = _status with { Failures = _status.Failures + 1 };
                count(terms, time.GetUtcNow() - notification.At > LongestLife ? Expired : Refused, notification, result.Problem);
                return TimeSpan.Zero;
            }

            failures++;
            count(terms, Retried, notification, result.Problem);
            var asked = result.RetryAfter > LongestPause ? LongestPause : result.RetryAfter ?? TimeSpan.Zero;
            var pause = Pause.After(failures, random());
            return asked > pause ? asked : pause;
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stop)
    {
        Task woken;
        lock (_lock)
        {
            woken = _woken.Task;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(Task.Delay(pause, time, waiting.Token), woken);
        await waiting.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Whether there is nothing to do; from then on somebody has to wake it.</summary>
    private bool Rests()
    {
        lock (_lock)
        {
            _working = _edited || _told || (_waiting.Count > 0 && _terms is { Problem: null });
            _told = false;
            return !_working;
        }
    }

    private async Task StoreAsync(CancellationToken stop)
    {
        Notifier notifier;
        NotifierStatus status;
        lock (_lock)
        {
            (notifier, _edited) = (_notifier!, false);
            var now = Instant.Of(time.GetUtcNow());
            status = NotifierConditions.Describe(_status, notifier.Metadata.Generation, _terms!.Problem, _problem, _waiting.Count, now);
            var sameWord = _said.Conditions is [var before] && status.Conditions is [var after] && (before.Status, before.Reason, before.ObservedGeneration) == (after.Status, after.Reason, after.ObservedGeneration);
            if (_said.SameAs(status) || (sameWord && now - _stored < QuietStatus && _waiting.Count > 0))
            {
                return;
            }

            (_status, _stored) = (status, now);
        }

        if (await store(notifier, status, stop))
        {
            lock (_lock)
            {
                _said = status;
            }
        }
    }
}
