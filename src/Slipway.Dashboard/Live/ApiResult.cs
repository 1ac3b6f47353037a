using Slipway.Views;

namespace Slipway.Dashboard.Live;

/// <summary>What came of asking the API.</summary>
public abstract record ApiResult<T>
{
    private ApiResult() { }

    public sealed record Answered(T Value) : ApiResult<T>;

    /// <summary>It said no, and why.</summary>
    public sealed record Refused(ProblemView Problem) : ApiResult<T>;

    /// <summary>Nothing answered, or not what is expected of the controller: it may be better in a moment.</summary>
    public sealed record Away(string Why) : ApiResult<T>;

    /// <summary>Null where there is no answer.</summary>
    public T? ValueOrDefault => this is Answered { Value: var value } ? value : default;

    /// <summary>For a person: why there is no answer, and the way out; null where there is one.</summary>
    public string? Complaint => this switch
    {
        Refused { Problem: var problem } => $"{Sentence(problem.Detail)} {Sentence(problem.WayOut)}",
        Away { Why: var why } => $"The controller does not answer: {Sentence(why)}",
        _ => null,
    };

    private static string Sentence(string text) => text.Length == 0 ? "" : $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";
}
