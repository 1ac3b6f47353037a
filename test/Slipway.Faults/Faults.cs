namespace Slipway.Faults;

/// <summary>What is done to the bytes of one direction.</summary>
public sealed record DirectionFaults
{
    /// <summary>Each piece of up to 16 KiB is held for so long.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>And for up to so much longer, drawn for each piece.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Nothing goes on, and nothing is lost: when it is lifted, everything comes in order.</summary>
    public bool Stalled { get; init; }

    /// <summary>What comes is thrown away, and the connection stays open.</summary>
    public bool Dropped { get; init; }

    /// <summary>A connection is reset once so many bytes went this way; null: never.</summary>
    public long? ByteLimit { get; init; }
}

/// <summary>All that a proxy does wrong at one time; nothing, where nothing is said.</summary>
public sealed record ProxyFaults
{
    public static readonly ProxyFaults None = new();

    public DirectionFaults ToServer { get; init; } = new();

    public DirectionFaults ToClient { get; init; } = new();

    /// <summary>So many of all new connections, from 0 to 1, end as soon as they begin.</summary>
    public double RefuseShare { get; init; }

    /// <summary>So many of all new connections, from 0 to 1, are reset on their way.</summary>
    public double ResetShare { get; init; }

    /// <summary>How many bytes to the client a connection that is to be reset has at most before that.</summary>
    public int ResetWithin { get; init; } = 64 << 10;
}

/// <summary>What becomes of one connection, whatever is sent over it.</summary>
/// <param name="ResetAfter">Bytes to the client; null: it is not reset.</param>
public sealed record ConnectionFate(bool Refused, long? ResetAfter)
{
    /// <summary>Follows from the faults, the seed and the connection's number alone.</summary>
    public static ConnectionFate Draw(ProxyFaults faults, int seed, int connection)
    {
        var draws = new SeededDraws(seed, connection);
        var (refused, reset, after) = (draws.Next(), draws.Next(), draws.Next());
        return new ConnectionFate(refused < faults.RefuseShare, reset < faults.ResetShare ? (long)(after * faults.ResetWithin) : null);
    }
}
