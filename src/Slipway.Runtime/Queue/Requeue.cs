namespace Slipway.Queue;

/// <summary>When to look again if nothing changes. A change always comes first.</summary>
public readonly record struct Requeue(TimeSpan? After)
{
    public static Requeue OnChange => default;

    public static Requeue Now => new(TimeSpan.Zero);

    public static Requeue In(TimeSpan delay) => new(delay > TimeSpan.Zero ? delay : TimeSpan.Zero);

    public static Requeue At(DateTimeOffset due, DateTimeOffset now) => In(due - now);
}

/// <summary>Which keys go first. What a person or a registry waits for is ahead of what a list of everything brings.</summary>
public enum Urgency
{
    Routine,
    Urgent,
}
