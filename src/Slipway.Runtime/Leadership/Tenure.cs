namespace Slipway.Leadership;

/// <summary>A mutating request was not sent, or was cut off, because another process may be the leader by now.</summary>
public sealed class NotLeaderException(string message) : Exception(message);

/// <summary>
/// Whether this process may act. It knows by itself when its time is up: nothing has to run for it to end, so a process whose elector
/// hangs stops acting all the same.
/// </summary>
public sealed class Tenure(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Lock _telling = new();
    private readonly List<Action<bool>> _listeners = [];
    private bool _told;
    private CancellationTokenSource _term = Ended();
    private TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Moment _from;
    private TimeSpan _for;

    /// <summary>An instant by both clocks of this machine: the monotonic one stands still while the machine sleeps, the other may be set.</summary>
    internal readonly record struct Moment(long Timestamp, DateTimeOffset Wall);

    /// <summary>True as long as nobody else can be the leader.</summary>
    public bool IsLeader
    {
        get
        {
            lock (_gate)
            {
                return IsLeaderLocked();
            }
        }
    }

    /// <summary>Calls back when this process becomes the leader (true) and when it no longer is (false). A listener returns at once.</summary>
    public void OnChange(Action<bool> listener)
    {
        lock (_telling)
        {
            _listeners.Add(listener);
        }
    }

    /// <summary>Runs the work once in each term of this process, with a token that ends with the term, until stopped.</summary>
    public async Task WhileLeadingAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            CancellationToken term;
            try
            {
                term = await WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(term, stopping);
            await work(either.Token);

            // Work that ends before its term is not started again in it.
            await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for the next term, or takes part in the one that is; returns a token that is cancelled at its end.</summary>
    public async Task<CancellationToken> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task begun;
            lock (_gate)
            {
                if (IsLeaderLocked())
                {
                    return _term.Token;
                }

                begun = _begun.Task;
            }

            await begun.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        End();
        _term.Dispose();
    }

    /// <summary>The token of the running term; null when there is none.</summary>
    internal CancellationToken? Term
    {
        get
        {
            lock (_gate)
            {
                return IsLeaderLocked() ? _term.Token : null;
            }
        }
    }

    internal Moment Now() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Leads for so long, counted from the moment at which the renewal was sent.</summary>
    internal void Extend(Moment from, TimeSpan duration)
    {
        // By the wall clock the term may be over although no timer has ended it yet. What was refused since then has been left to the next leader,
        // so the next term of this process must begin as one.
        Lapsed()?.Cancel();
        lock (_gate)
        {
            (_from, _for) = (from, duration);
            var left = duration - Elapsed();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            if (_term.IsCancellationRequested)
            {
                _term.Dispose();
                _term = new CancellationTokenSource(left, time);
                _term.Token.Register(static state => ((Tenure)state!).Tell(), this);
                _begun.TrySetResult();
                _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else
            {
                _term.CancelAfter(left);
            }
        }

        Tell();
    }

    private CancellationTokenSource? Lapsed()
    {
        lock (_gate)
        {
            return _term.IsCancellationRequested || IsLeaderLocked() ? null : _term;
        }
    }

    internal void End()
    {
        CancellationTokenSource term;
        lock (_gate)
        {
            _for = TimeSpan.Zero;
            term = _term;
        }

        term.Cancel();
    }

    private bool IsLeaderLocked() => !_term.IsCancellationRequested && Elapsed() < _for;

    private TimeSpan Elapsed()
    {
        var monotonic = time.GetElapsedTime(_from.Timestamp);
        var wall = time.GetUtcNow() - _from.Wall;
        return monotonic > wall ? monotonic : wall;
    }

    // The end of one term and the beginning of the next come on two threads: what is told is how it stands now, each change once.
    private void Tell()
    {
        lock (_telling)
        {
            var leads = IsLeader;
            if (leads == _told)
            {
                return;
            }

            _told = leads;
            foreach (var listener in _listeners)
            {
                listener(leads);
            }
        }
    }

    private static CancellationTokenSource Ended()
    {
        var ended = new CancellationTokenSource();
        ended.Cancel();
        return ended;
    }
}
