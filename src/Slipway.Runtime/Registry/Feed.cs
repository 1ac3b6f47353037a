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
    private readonly FeedMemory _memory;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, FeedSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly FeedTiming _timing;
    private Task _look = Task.CompletedTask;
    private bool _looking, _again, _disposed;

    // Of the look that is under way: what it is for, whether it told anybody anything, and whether it found another image than there was.
    private LookCause _cause;
    private bool _news, _found;
    private DateTimeOffset _due;

    public Feed(RepositorySession session, RegistryOptions options, TimeProvider time, Func<double> random, ILogger log)
    {
        (_session, _time, _random, _log) = (session, time, random, log);
        _memory = new FeedMemory(options.CacheDirectory is { Length: > 0 } directory ? new BuildFile(directory, session.Repository, log) : null);
        _timing = new FeedTiming(options.MostStretch, random);
        _timer = time.CreateTimer(static feed => ((Feed)feed!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public RepositoryName Repository => _session.Repository;

    public FeedPace Pace
    {
        get
        {
            lock (_lock)
            {
                return _timing.PaceOf(Interval());
            }
        }
    }

    /// <summary>Whether the look that is under way only waits for its turn.</summary>
    public bool IsWaiting => _session.Errand.IsWaiting;

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
            else if (!_looking && !_timing.HintWaits && FeedSchedule.Next(_timing.Stretched(Interval()), _random()) is var next && _time.GetUtcNow() + next < _due)
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
    /// <param name="tag">What changed; null where that was not said.</param>
    public void Hint(string? tag, LookCause cause)
    {
        lock (_lock)
        {
            var what = tag is null ? HintedTags.Something : Concerns(tag) ? HintedTags.None.And(tag) : HintedTags.None;
            var wait = _timing.Hint(what, cause, _time.GetUtcNow());
            _session.Errand.Hurry();
            if (wait != TimeSpan.Zero)
            {
                SetTimer(wait);
                return;
            }
        }

        Look();
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

    private bool Concerns(string tag) => _subscriptions.Values.Select(subscription => subscription.Request.Question).Distinct().Any(question => question.Concerns(tag));

    private void Look()
    {
        lock (_lock)
        {
            _timing.Due();
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
            HintedTags hinted;
            lock (_lock)
            {
                (_again, _news, _found) = (false, false, false);
                (hinted, _cause) = _timing.Begin();
            }

            _session.Errand = new Errand(_cause is not LookCause.Poll);
            var wait = await LookOnceAsync(hinted);
            lock (_lock)
            {
                if (!_again || _disposed)
                {
                    _looking = false;
                    SetTimer(_timing.HintWaits ? null : _timing.Echo() ?? (wait - _time.GetElapsedTime(started)));
                    return;
                }

                _timing.KeepExpecting();
            }
        }
    }

    // How long after its start the next look is due. This is the feeds' reconcile loop: what registries send and what policies make of it
    // passes through here, for thousands of objects that must not die of one another's defects. So whatever is thrown costs this feed a
    // retry, and is told to its subscribers and in the log.
    private async Task<TimeSpan> LookOnceAsync(HintedTags hinted)
    {
        try
        {
            var look = await AnswerAllAsync(hinted);
            lock (_lock)
            {
                _timing.Waited(_session.Errand.Waited, _cause, Interval());
                return _timing.Ended(look, hinted, _cause, _news, Interval());
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e)
        {
            LogFailed(e, Repository);
            return Broke();
        }
    }

    private TimeSpan Broke()
    {
        List<FeedSubscription> all;
        TimeSpan wait;
        lock (_lock)
        {
            all = [.. _subscriptions.Values];
            wait = _timing.Broke(Interval());
        }

        var problem = new Sighting.Problem("LookFailed", $"{Repository} could not be looked at, by a defect of Slipway; the controller's log says more");
        all.ForEach(subscription => Publish(subscription, subscription.View with { Sighting = problem }));
        return wait;
    }

    private async Task<FeedLook> AnswerAllAsync(HintedTags hinted)
    {
        var answered = new HashSet<FeedSubscription>();
        var look = new FeedLook(_session, _memory, JudgedByAll(), hinted, _stopping.Token);

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
            Weigh(subscription.View.Sighting, view.Sighting);
            view = view with { Sighting = view.Sighting with { Pace = view.Sighting is Sighting.Problem ? null : _timing.Pace(Interval(), Repository.Domain) } };
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

    // A change that several subscribers are told of is one change.
    private void Weigh(Sighting before, Sighting now)
    {
        if (!_found && before is Sighting.Seen last && now is Sighting.Seen seen && (last.Tag, last.Digest) != (seen.Tag, seen.Digest))
        {
            _found = true;
            _timing.Found(_cause);
        }
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
