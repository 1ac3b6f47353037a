using System.Diagnostics.CodeAnalysis;

namespace Slipway.Registry;

/// <summary>What a registry answered, or why there is no answer to use. Nothing that a registry does is an exception.</summary>
public abstract record RegistryAnswer<T>
{
    private RegistryAnswer() { }

    public sealed record Ok(T Value) : RegistryAnswer<T>;

    public sealed record Failed(RegistryProblem Problem) : RegistryAnswer<T>;

    /// <summary>True with the value, or false with the problem.</summary>
    public bool IsOk([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out RegistryProblem? problem)
    {
        (value, problem) = this switch
        {
            Ok ok => (ok.Value, (RegistryProblem?)null),
            Failed failed => (default(T), failed.Problem),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return problem is null;
    }

    // CA2225 wants named alternates; the constructors of the two cases are those.
    [SuppressMessage("Usage", "CA2225", Justification = "new Ok(...) and new Failed(...) say the same")]
    public static implicit operator RegistryAnswer<T>(T value) => new Ok(value);

    [SuppressMessage("Usage", "CA2225", Justification = "new Ok(...) and new Failed(...) say the same")]
    public static implicit operator RegistryAnswer<T>(RegistryProblem problem) => new Failed(problem);
}
