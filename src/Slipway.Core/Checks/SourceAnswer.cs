using Slipway.Checks.Expressions;

namespace Slipway.Checks;

/// <summary>What a source said when it was asked once.</summary>
public abstract record SourceAnswer
{
    private SourceAnswer() { }

    public sealed record Found(CheckValue Value) : SourceAnswer;

    /// <summary>It answered, and has nothing.</summary>
    public sealed record Empty(string Why) : SourceAnswer;

    /// <summary>It answered what cannot be used as a measurement.</summary>
    public sealed record Unclear(string Why) : SourceAnswer;

    /// <summary>It could not be asked.</summary>
    public sealed record Unanswered(string Why) : SourceAnswer;
}
