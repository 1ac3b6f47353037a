using Microsoft.Extensions.Logging;
using Slipway.Images;
using Slipway.Sources;

namespace Slipway.Registry;

/// <summary>
/// The watch on one repository with one login, for all who subscribe to it. At any time one look is under way at most; what asks for
/// another one meanwhile gets exactly one more, however many ask.
/// </summary>
internal sealed partial class Feed : IAsyncDisposable
{
    private readonly RepositorySession _session;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _log;
    private readonly FeedMemory _memory = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, FeedSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private Task _look = Task.CompletedTask;
    private bool _looking, _again, _thorough, _hintWaits, _disposed;
    private HintBudget _hints;

    // A registry may tell of a push before the tag can be read: the distribution registry links the tag after it has sent the
    // notification (registry/handlers, PutManifest). So a hint that brought nothing new is looked into again.
    private static readonly TimeSpan[] Echoes = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(2)];
    private int _echoes = Echoes.Length;
    private bool _news;
    private int _failures;
    private DateTimeOffset _due;

    public Feed(RepositorySession session, TimeProvider time, Func<double> random, ILogger log)
    {
        (_session, _time, _random, _log) = (session, time, random, log);
        _timer = time.CreateTimer(static feed => ((Feed)feed!).Look(thorough: false), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public RepositoryName Repository => _session.Repository;

    /// <summary>The look that is under way, or the last one.</summary>
    public Task Current
    {
        get
        {
            lock (_lock)
            {
                return _look;
            }
        }
    }

    /// <summary>Adds or replaces a subscriber. Nothing happens where it asks what it asked before.</summary>
    /// <param name="feeds">How many feeds there are, for spreading first looks.</param>
    public void Subscribe(string subscriber, FeedRequest request, Action changed, int feeds)
    {
        lock (_lock)
        {
            var present = _subscriptions.GetValueOrDefault(subscriber);

            // What is known is a help at the start only, and changes with every release.
            if (present is not null && present.Request with { Known = request.Known } == request)
            {
                return;
            }

            var subscription = new FeedSubscription(request, changed);
            if ((present?.Request.Question == request.Question ? present : Sibling(request)) is { } equal)
            {
                subscription.Adopt(equal);
            }

            var isFirst = _subscriptions.Count == 0;
            _subscriptions[subscriber] = subscription;
            if (isFirst || (!subscription.IsAnswered && !_looking))
            {
                SetTimer(FeedSchedule.First(request.Known is not null, feeds, request.Interval, _random()));
            }
            else if (!_looking && !_hintWaits && FeedSchedule.Next(Interval(), _random()) is var next && _time.GetUtcNow() + next < _due)
            {
                SetTimer(next);
            }
        }
    }

    /// <summary>True where nobody is left.</summary>
    public bool Unsubscribe(string subscriber)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscriber);
            return _subscriptions.Count == 0;
        }
    }

    public SourceView Latest(string subscriber)
    {
        lock (_lock)
        {
            return _subscriptions.GetValueOrDefault(subscriber)?.View ?? SourceView.Pending;
        }
    }

    /// <summary>Somebody says that something changed: look now, and closely. Too many such words wait, and are then one.</summary>
    public void Hint()
    {
        lock (_lock)
        {
            _thorough = true;
            _echoes = 0;
            if (_hintWaits)
            {
                return;
            }

            (var wait, _hints) = _hints.Take(_time.GetUtcNow());
            if (wait > TimeSpan.Zero)
            {
                _hintWaits = true;
                SetTimer(wait);
                return;
            }
        }

        Look(thorough: true);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await Current;
        _stopping.Dispose();
    }

    private FeedSubscription? Sibling(FeedRequest request) =>
        _subscriptions.Values.FirstOrDefault(other => other.Request.Question == request.Question && other.View.Sighting is not Sighting.Pending);

    private void Look(bool thorough)
    {
        lock (_lock)
        {
            _thorough |= thorough;
            _hintWaits = false;
            _again |= _looking;
            if (!_looking && !_disposed)
            {
                _looking = true;
                _look = Task.Run(LookUntilQuietAsync);
            }
        }
    }

    private async Task LookUntilQuietAsync()
    {
        while (true)
        {
            var started = _time.GetTimestamp();
            bool thorough;
            lock (_lock)
            {
                (thorough, _thorough, _again, _news) = (_thorough, false, false, false);
            }

            var wait = await LookOnceAsync(thorough);
            lock (_lock)
            {
                if (!_again || _disposed)
                {
                    _looking = false;
                    SetTimer(_hintWaits ? null : Echo(thorough) ?? (wait - _time.GetElapsedTime(started)));
                    return;
                }
            }
        }
    }

    // Null where there is nothing more to expect from the last hint.
    private TimeSpan? Echo(bool hinted)
    {
        if (!hinted || _news || _echoes == Echoes.Length)
        {
            return null;
        }

        _thorough = true;
        return Echoes[_echoes++];
    }

    // How long after its start the next look is due. Here, as in the reconcile loop, a defect costs one object a retry and not the
    // process its life: what a registry sends passes through here.
    private async Task<TimeSpan> LookOnceAsync(bool thorough)
    {
        try
        {
            var look = await AnswerAllAsync(thorough);
            _failures = look.HasProblem && look.HostProblem is null ? _failures + 1 : 0;
            lock (_lock)
            {
                var interval = Interval();

                // A look that was cut short has not looked closely.
                _thorough |= thorough && look.HostProblem is not null;
                _echoes = look.HostProblem is null ? _echoes : Echoes.Length;
                return look.HostProblem?.RetryAfter is { } retryAfter ? FeedSchedule.AfterBackoff(retryAfter, interval, _random())
                    : look.HasProblem ? FeedSchedule.AfterProblem(interval, _failures, _random())
                    : look.IsUnfinished ? TimeSpan.Zero
                    : FeedSchedule.Next(interval, _random());
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e)
        {
            LogFailed(e, Repository);
            return FeedSchedule.AfterProblem(TimeSpan.FromMinutes(1), ++_failures, _random());
        }
    }

    private async Task<FeedLook> AnswerAllAsync(bool thorough)
    {
        var answered = new HashSet<FeedSubscription>();
        var look = new FeedLook(_session, _memory, JudgedByAll(), thorough, _stopping.Token);

        // Who subscribes while the look goes on is answered by it too: then a start with fifty subscribers is one list, and not two.
        while (Unanswered(answered) is { } subscription)
        {
            answered.Add(subscription);
            Publish(subscription, await look.AnswerAsync(subscription));
        }

        look.Remember();
        return look;
    }

    private void Publish(FeedSubscription subscription, SourceView view)
    {
        lock (_lock)
        {
            if (!_subscriptions.ContainsValue(subscription) || subscription.View == view)
            {
                return;
            }

            Log(subscription.View.Sighting, view.Sighting);
            _news |= view.Sighting is Sighting.Seen;
            subscription.View = view;
        }

        subscription.Changed();
    }

    private FeedSubscription? Unanswered(HashSet<FeedSubscription> answered)
    {
        lock (_lock)
        {
            return _subscriptions.Values.FirstOrDefault(subscription => !answered.Contains(subscription));
        }
    }

    private TagFingerprint? JudgedByAll()
    {
        lock (_lock)
        {
            var lists = _subscriptions.Values.Where(subscription => subscription.Request.Question is FollowQuestion.AmongTags or FollowQuestion.NewestBuild)
                .Select(subscription => subscription.Judged).Distinct().Take(2).ToList();
            return lists is [var one] ? one : null;
        }
    }

    private TimeSpan Interval() => _subscriptions.Count == 0 ? TimeSpan.FromMinutes(1) : _subscriptions.Values.Min(subscription => subscription.Request.Interval);

    private void SetTimer(TimeSpan? wait)
    {
        if (!_disposed && wait is { } due)
        {
            _due = _time.GetUtcNow() + due;
            _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Log(Sighting before, Sighting now)
    {
        switch (now)
        {
            case Sighting.Seen seen when (before as Sighting.Seen)?.Digest != seen.Digest:
                LogSeen(Repository, seen.Tag, seen.Digest, seen.Why);
                break;

            case Sighting.Problem problem when (before as Sighting.Problem)?.Reason != problem.Reason:
                LogProblem(Repository, problem.Reason, problem.Message);
                break;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Repository}: sees {Tag} at {Digest}: {Why}")]
    private partial void LogSeen(RepositoryName repository, string tag, string digest, string why);

    [LoggerMessage(LogLevel.Warning, "{Repository}: {Reason}: {Message}")]
    private partial void LogProblem(RepositoryName repository, string reason, string message);

    [LoggerMessage(LogLevel.Error, "{Repository}: the look failed")]
    private partial void LogFailed(Exception error, RepositoryName repository);
}
