namespace Slipway.History;

/// <summary>The values of a Release's <c>status.outcome</c>.</summary>
public static class Outcomes
{
    public const string Running = nameof(Running);
    public const string Succeeded = nameof(Succeeded);
    public const string RolledBack = nameof(RolledBack);
    public const string Failed = nameof(Failed);
    public const string Superseded = nameof(Superseded);

    /// <summary>It had the time at its share that was asked for, and was taken back: neither a success nor a failure.</summary>
    public const string Exposed = nameof(Exposed);

    /// <summary>Whether an attempt is over. A Release that was created and has no status yet is not.</summary>
    public static bool IsFinal(string outcome) => outcome is not ("" or Running);
}

/// <summary>The values of a Release's <c>spec.cause</c>.</summary>
public static class Causes
{
    public const string NewImage = nameof(NewImage);

    /// <summary>It was found running when Slipway took over; nothing was written to the workload.</summary>
    public const string Adopted = nameof(Adopted);

    /// <summary>A person asked for it.</summary>
    public const string Rollback = nameof(Rollback);
}
