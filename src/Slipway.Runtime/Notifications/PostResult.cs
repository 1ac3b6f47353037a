namespace Slipway.Notifications;

/// <summary>What came of telling one notification once.</summary>
/// <param name="Problem">Why it was not told; null: it was, or the format has no word for it. It holds nothing of a secret.</param>
/// <param name="ForGood">Telling it again cannot help: the message itself is refused.</param>
public sealed record PostResult(string? Problem = null, bool ForGood = false)
{
    public static readonly PostResult Told = new() { IsTold = true };

    /// <summary>The format has no word for such an event.</summary>
    public static readonly PostResult Nothing = new();

    /// <summary>The server has it.</summary>
    public bool IsTold { get; private init; }

    /// <summary>For how long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
