using System.Text.Json.Nodes;
using Slipway.Cli.Output;

namespace Slipway.Cli.Diagnosis;

internal enum Verdict
{
    Ok,

    /// <summary>It works, and not as it should, or not for long.</summary>
    Warning,

    /// <summary>Something does not work until somebody does something.</summary>
    Problem,

    /// <summary>It could not be looked at, and why is said.</summary>
    Unknown,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Subject">A word or two, the same for all findings of a probe.</param>
/// <param name="Said">What was seen.</param>
/// <param name="Do">What to do about it; null where there is nothing to do.</param>
internal sealed record Finding(string Subject, Verdict Verdict, string Said, string? Do = null)
{
    public Tone Tone => Verdict switch { Verdict.Ok => Tone.Good, Verdict.Problem => Tone.Bad, _ => Tone.Notable };

    public string Word => Verdict switch { Verdict.Ok => "ok", Verdict.Warning => "warning", Verdict.Problem => "problem", _ => "unknown" };

    public JsonObject ToJson() => new() { ["subject"] = Subject, ["verdict"] = Word, ["said"] = Said, ["do"] = Do };
}
