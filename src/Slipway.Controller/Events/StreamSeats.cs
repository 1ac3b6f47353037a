namespace Slipway.Controller.Events;

/// <summary>Bounds of the streams of events.</summary>
internal sealed record StreamTerms
{
    /// <summary>At once, of all callers; a connection each.</summary>
    public int Most { get; init; } = 512;

    public int MostOfOne { get; init; } = 16;

    /// <summary>Deliveries whose change one watcher was not sent yet; one more, and it is cut.</summary>
    public int MostPending { get; init; } = 10_000;

    /// <summary>So often something is sent, so that a connection that nobody holds any more is noticed, and a token that is good no more.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A reader that has taken nothing for so long is cut.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Who watches at present, by fingerprint, as far as there is room.</summary>
internal sealed class StreamSeats(StreamTerms terms)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private int _all;

    public bool Take(string fingerprint)
    {
        lock (_gate)
        {
            var own = _taken.GetValueOrDefault(fingerprint);
            if (_all >= terms.Most || own >= terms.MostOfOne)
            {
                return false;
            }

            _taken[fingerprint] = own + 1;
            _all++;
            return true;
        }
    }

    public void Leave(string fingerprint)
    {
        lock (_gate)
        {
            _all--;
            if (--_taken[fingerprint] == 0)
            {
                _taken.Remove(fingerprint);
            }
        }
    }
}
