namespace Slipway.Dashboard.Live;

/// <summary>How what is shown stands to what is.</summary>
public abstract record LiveState
{
    private LiveState() { }

    /// <summary>The list is being made, for the first time or anew.</summary>
    public sealed record Loading : LiveState;

    /// <summary>What is shown follows.</summary>
    public sealed record Live : LiveState;

    /// <summary>What is shown is as it was then.</summary>
    public sealed record Away(DateTimeOffset Since, string Why) : LiveState;

    /// <summary>Nobody is signed in, or they may list nothing.</summary>
    public sealed record Refused(string Why) : LiveState;
}
