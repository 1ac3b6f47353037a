namespace Slipway.Registry;

/// <summary>
/// Whose turn it is to ask a host: as many at once as it has places, and as often as its budget allows. What a hint or a person asked for
/// goes before polls; within each, who came first is first. A feed waits for one turn at a time, so that this is fair between feeds.
/// </summary>
internal sealed class HostTurns : IDisposable
{
    // Hints may come without end. One turn in five is for polls, which are what hints fall back on.
    private const int UrgentInARow = 4;

    // What a host says is left is believed as far as this between two requests; where it means more than that, it will say no.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly LinkedList<Turn> _urgent = new();
    private readonly LinkedList<Turn> _routine = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly RequestRate _rate;
    private readonly ITimer _timer;
    private TokenBucket _bucket;
    private int _places;
    private int _urgentRow;

    // What the host says is left, spread; and until when that holds.
    private RequestRate _spread;
    private TimeSpan _spreadUntil;

    public HostTurns(int places, RequestRate rate, TimeProvider time)
    {
        (_places, _rate, _time, _origin) = (places, rate, time, time.GetTimestamp());
        _timer = time.CreateTimer(static turns => ((HostTurns)turns!).Retry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _urgent.Count + _routine.Count;
            }
        }
    }

    /// <summary>On the clock of the buckets.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Waits for the turn. Its end is told to the errand too: <see cref="Errand.Answered"/>.</summary>
    public async Task EnterAsync(Errand errand, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new Turn(this, errand, Now);

        // Before it is asked how urgent it is: so that it cannot become so unnoticed.
        errand.StandInLine(turn.Hurry);
        lock (_lock)
        {
            (errand.IsUrgent ? _urgent : _routine).AddLast(turn);
            Grant();
            if (!turn.Came.Task.IsCompleted)
            {
                turn.HasToWait = true;
                errand.HasToWait();
            }
        }

        await using var giveUp = cancellationToken.Register(() => GiveUp(turn, cancellationToken));
        await turn.Came.Task;
    }

    /// <param name="asked">False where nothing was sent after all.</param>
    public void Leave(bool asked)
    {
        lock (_lock)
        {
            _places++;
            _bucket = asked ? _bucket : _bucket.GiveBack(Rate().Step);
            Grant();
        }
    }

    /// <summary>One more request within a turn, such as the one after a challenge: nobody waits for it, and the next turn comes later.</summary>
    public void Charge()
    {
        lock (_lock)
        {
            _bucket = _bucket.Take(Now, Rate().Step);
        }
    }

    /// <summary>The host says how much of its limit is left: it is spread over the window, and a quarter of it may go at once.</summary>
    public void Told(RateLimit left)
    {
        if (left.Allowed > 0 && left.Window > TimeSpan.Zero)
        {
            lock (_lock)
            {
                _spread = new RequestRate(Math.Max(left.Allowed / left.Window.TotalSeconds, 1 / LongestStep.TotalSeconds), (int)Math.Clamp(left.Allowed / 4, 1, int.MaxValue));
                _spreadUntil = Now + left.Window;
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private RequestRate Rate() => Now < _spreadUntil
        ? new RequestRate(Math.Min(_rate.PerSecond, _spread.PerSecond), Math.Min(_rate.Burst, _spread.Burst))
        : _rate;

    private void Retry()
    {
        lock (_lock)
        {
            Grant();
        }
    }

    private void Grant()
    {
        while (_places > 0 && Next() is { First.Value: { } first } line)
        {
            var (now, rate) = (Now, Rate());
            if (_bucket.Wait(now, rate.Step, rate.Burst) is { Ticks: > 0 } wait)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            (_bucket, _places) = (_bucket.Take(now, rate.Step), _places - 1);
            _urgentRow = line == _urgent ? _urgentRow + 1 : 0;
            line.Remove(first);
            first.Errand.TurnCame(first.Hurry, first.HasToWait, now - first.Since);
            first.Came.SetResult();
        }
    }

    private LinkedList<Turn> Next() => _urgent.Count > 0 && (_urgentRow < UrgentInARow || _routine.Count == 0) ? _urgent : _routine;

    private void Promote(Turn turn)
    {
        lock (_lock)
        {
            if (_routine.Remove(turn))
            {
                _urgent.AddLast(turn);
                Grant();
            }
        }
    }

    // Who was given the turn in the same moment keeps it, and finds out about the cancellation when it asks.
    private void GiveUp(Turn turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_urgent.Remove(turn) || _routine.Remove(turn))
            {
                turn.Errand.LeaveLine(turn.Hurry);
                turn.Came.SetCanceled(cancellationToken);
            }
        }
    }

    private sealed class Turn
    {
        public Turn(HostTurns turns, Errand errand, TimeSpan since) => (Errand, Since, Hurry) = (errand, since, () => turns.Promote(this));

        public Errand Errand { get; }

        public TimeSpan Since { get; }

        public Action Hurry { get; }

        public bool HasToWait { get; set; }

        public TaskCompletionSource Came { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
