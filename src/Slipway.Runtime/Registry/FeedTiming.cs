using System.Numerics;
using Slipway.Deliveries;

namespace Slipway.Registry;

/// <summary>When a feed looks next, and how closely. It is asked under the feed's lock, and does nothing of its own accord.</summary>
/// <param name="mostStretch">See <see cref="RegistryOptions.MostStretch"/>.</param>
internal sealed class FeedTiming(int mostStretch, Func<double> random)
{
    // A registry may tell of a push before the tag can be read: the distribution registry links the tag after it has sent the
    // notification (registry/handlers, PutManifest). So a hint of which nothing is seen is looked into again.
    private static readonly TimeSpan[] Echoes = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(2)];

    private const int MostSlowed = 1024;

    private int _echoes = Echoes.Length;
    private int _failures;
    private int _slowed = 1;
    private bool _waited;
    private HintBudget _budget;
    private HintTrust _trust;
    private HintedTags _hinted = HintedTags.None;
    private HintedTags _expected = HintedTags.None;
    private LookCause _cause;

    /// <summary>Whether the timer is set for hints that had to wait; nothing may set it anew.</summary>
    public bool HintWaits { get; private set; }

    /// <summary>How long the look for this must wait; null where it is one with others that wait.</summary>
    /// <param name="what">Nothing where it cannot concern anybody: then it is one look, and no echo.</param>
    public TimeSpan? Hint(HintedTags what, LookCause cause, DateTimeOffset now)
    {
        (_hinted, _cause) = (_hinted.And(what), Later(_cause, cause));
        _echoes = what.IsEmpty || cause is not LookCause.Hint ? _echoes : 0;
        if (HintWaits)
        {
            return null;
        }

        (var wait, _budget) = _budget.Take(now);
        HintWaits = wait > TimeSpan.Zero;
        return wait;
    }

    /// <summary>The time that was set has come.</summary>
    public void Due() => HintWaits = false;

    /// <summary>What the look that begins now is for.</summary>
    public (HintedTags Hinted, LookCause Cause) Begin()
    {
        var begun = (_hinted, _cause);
        (_hinted, _expected, _cause) = (HintedTags.None, HintedTags.None, LookCause.Poll);
        return begun;
    }

    /// <summary>A look has found another image than the one before.</summary>
    public void Found(LookCause by) => _trust = _trust.After(by);

    /// <returns>How long after its start the next look is due, if nothing comes in between.</returns>
    /// <param name="news">Whether anybody was told of an image.</param>
    public TimeSpan Ended(FeedLook look, HintedTags hinted, LookCause cause, bool news, TimeSpan interval)
    {
        // Who was only told that the host is left alone has not failed.
        _failures = !look.HasProblem ? 0 : look.HostProblem is { Spared: true } ? _failures : _failures + 1;
        if (look.HostProblem is { RetryAfter: var retryAfter })
        {
            // A look that was cut short has seen nothing of what it was for: the one after the pause is for that too.
            (_hinted, _cause, _echoes) = (_hinted.And(hinted), Later(_cause, cause), Echoes.Length);
            var (told, own) = (FeedSchedule.AfterBackoff(retryAfter ?? interval, interval, random()), FeedSchedule.AfterHostProblem(_failures, random()));
            return told > own || _failures == 0 ? told : own;
        }

        _expected = cause is not LookCause.Hint || (news && hinted.Anything) ? HintedTags.None : look.Unseen;
        return look.HasProblem ? FeedSchedule.AfterProblem(interval, _failures, random())
            : look.IsUnfinished ? TimeSpan.Zero
            : FeedSchedule.Next(Stretched(interval), random());
    }

    /// <summary>After a defect of ours: what was hinted is not looked for again, since that is what may have led to it.</summary>
    public TimeSpan Broke(TimeSpan interval) => FeedSchedule.AfterProblem(interval, ++_failures, random());

    /// <summary>Keeps what the last look did not see for the one that follows at once.</summary>
    public void KeepExpecting() => _hinted = _hinted.And(_expected);

    /// <summary>How long after the end of the last look to look again for what it did not see; null where there is nothing more to expect.</summary>
    public TimeSpan? Echo()
    {
        if (_expected.IsEmpty || _echoes == Echoes.Length)
        {
            return null;
        }

        (_hinted, _cause) = (_hinted.And(_expected), LookCause.Hint);
        return Echoes[_echoes++];
    }

    public TimeSpan Stretched(TimeSpan interval) => _trust.Stretch(interval, mostStretch);

    /// <summary>Takes note of how long a look had to wait for its turns. One that waits is chance, as at a start; two are a budget that is too small.</summary>
    public void Waited(TimeSpan waited, LookCause cause, TimeSpan interval)
    {
        if (cause is not LookCause.Poll)
        {
            return;
        }

        var times = waited / interval;
        var needed = times < 1.1 ? 1 : Math.Min(MostSlowed, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Ceiling(Math.Min(times, MostSlowed))));
        (_slowed, _waited) = (needed == 1 || !_waited ? 1 : needed < _slowed && times > 0.4 * _slowed ? _slowed : needed, needed > 1);
    }

    public FeedPace PaceOf(TimeSpan interval) => _slowed > 1 ? FeedPace.Slowed : Stretched(interval) > interval ? FeedPace.Stretched : FeedPace.AsAsked;

    /// <summary>For who wonders that the registry is asked less often than the spec says. In steps of two, so that it is not written all the time.</summary>
    public string? Pace(TimeSpan interval, string host) => PaceOf(interval) switch
    {
        FeedPace.Slowed => $"looked at about every {DurationText.Write(interval * _slowed)} and not every {DurationText.Write(interval)}, because no more requests may be sent to {host}; see requestsPerSecond in the configuration",
        FeedPace.Stretched =>
            $"polled every {DurationText.Write(Stretched(interval))} and not every {DurationText.Write(interval)}, because its webhook tells of changes before a poll finds them",
        _ => null,
    };

    private static LookCause Later(LookCause left, LookCause right) => left > right ? left : right;
}

/// <summary>How often a feed looks, beside what its subscribers ask for.</summary>
public enum FeedPace
{
    AsAsked,

    /// <summary>Less often: its webhook has proven itself.</summary>
    Stretched,

    /// <summary>Less often: its host may not be asked more.</summary>
    Slowed,
}
