using Slipway.Api;

namespace Slipway.Rollouts;

/// <summary>What an attempt has been through, for its Release. It is part of the state, so that a transition is on record before its effect can be seen.</summary>
public static class Journal
{
    public const string StepStarted = nameof(StepStarted);
    public const string Approved = nameof(Approved);
    public const string Shifting = nameof(Shifting);
    public const string InEffect = nameof(InEffect);
    public const string Resized = nameof(Resized);
    public const string Promoting = nameof(Promoting);
    public const string Draining = nameof(Draining);
    public const string Reverting = nameof(Reverting);

    // The last ones are those that tell how it ended.
    private const int Most = 200;

    public static Attempt Noted(this Attempt attempt, DeliverySnapshot now, string what, string message, string? by = null) => attempt with
    {
        Transitions = [.. (attempt.Transitions ?? []).TakeLast(Most - 1), new Transition((attempt.Transitions is [.., var last] ? last.Ordinal : 0) + 1, now.Now, what, message, by)],
    };
}
