namespace Slipway.Registry;

/// <summary>What made a feed look. A later one of the list outweighs those before it.</summary>
public enum LookCause
{
    /// <summary>Its time had come.</summary>
    Poll,

    /// <summary>A person asked.</summary>
    Person,

    /// <summary>A registry spoke of a change.</summary>
    Hint,
}

/// <summary>
/// How far a repository's webhook has proven itself: changes in a row that a hint told of before a poll found them. What nobody saw happen
/// proves nothing, so that silence neither builds trust nor spends it.
/// </summary>
/// <param name="Told">Since the last change that a poll had to find, counted only as far as it matters.</param>
public readonly record struct HintTrust(int Told = 0)
{
    /// <summary>Fewer than this may be chance: a poll that came in time to be taken for the hint's doing.</summary>
    public const int Proof = 3;

    /// <summary>Polling is what a webhook falls back on, so that it never ends: at the most this is between two polls, unless the asker wants more.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // More than any stretch can use.
    private const int Most = 100;

    public HintTrust After(LookCause foundBy) => foundBy switch
    {
        LookCause.Hint => new(Math.Min(Told + 1, Most)),
        LookCause.Poll => default,
        _ => this,
    };

    /// <summary>Twice the interval at the proof, and once more with each change that follows.</summary>
    /// <param name="most">How many times the interval at the most; 1 keeps to the interval whatever was proven.</param>
    public TimeSpan Stretch(TimeSpan interval, int most)
    {
        var times = Math.Clamp(Told - Proof + 2, 1, Math.Max(1, most));
        var stretched = interval * times;
        return stretched <= Longest ? stretched : interval > Longest ? interval : Longest;
    }
}
