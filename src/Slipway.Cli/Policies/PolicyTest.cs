using System.Text.Json.Nodes;
using Slipway.Cli.Output;
using Slipway.Policies;

namespace Slipway.Cli.Policies;

/// <summary>What a policy makes of a list of tags.</summary>
/// <param name="Picked">Null when no tag fits.</param>
/// <param name="Version">The readable version of a moving tag, where the digests of the list tell it.</param>
/// <param name="Change">What the pick is to the tag that runs: upgrade, same, downgrade or change; null when none was named.</param>
internal sealed record PolicyAnswer(string? Picked, string Why, string? Version, string? Current, string? Change)
{
    /// <summary>Tag by tag; null where the policy does not choose among tags.</summary>
    public TagExplanation? Tags { get; init; }

    /// <summary>Whether the controller would deploy something now.</summary>
    public bool Ships => Picked is not null && Change is null or "upgrade" or "change";

    public JsonNode ToJson()
    {
        var json = new JsonObject { ["picked"] = Picked, ["why"] = Why };
        if (Version is not null)
        {
            json["version"] = Version;
        }

        if (Change is not null)
        {
            json["current"] = Current;
            json["change"] = Change;
        }

        json["ships"] = Ships;
        Tags?.AddTo(json);
        return json;
    }

    public void Write(TextWriter writer, Palette palette)
    {
        writer.WriteLine(Picked is null ? palette.Paint("nothing is picked", Tone.Bad) : palette.Paint(Picked, Tone.Good));
        writer.WriteLine($"  {Why}");
        if (Version is not null)
        {
            writer.WriteLine($"  it is version {Version}");
        }

        if (Sentence() is { } sentence)
        {
            writer.WriteLine($"  {sentence}");
        }

        Tags?.Write(writer, palette);
    }

    private string? Sentence() => Change switch
    {
        "upgrade" => $"newer than {Current}: it would be deployed",
        "same" => $"what runs already: nothing would be deployed, unless {Current} was pushed again",
        "downgrade" => $"older than {Current}: it would be held, since a version is not lowered because a tag vanished",
        "change" => $"another tag than {Current}, neither newer nor older by this policy: it would be deployed",
        _ => null,
    };
}

internal static class PolicyTest
{
    public static PolicyAnswer Run(SourceRule rule, IReadOnlyList<TagLine> lines, string? current)
    {
        var built = lines.DistinctBy(line => line.Tag).ToDictionary(line => line.Tag, line => line.Built);
        var tags = TagExplanation.Of(rule, lines);
        return rule.Pick([.. lines.Select(line => line.Tag)], built.GetValueOrDefault) switch
        {
            Selection.Picked picked => new PolicyAnswer(
                picked.Tag, picked.Why, VersionOf(rule, lines, picked.Tag), current, Change(rule.Order(built.GetValueOrDefault), picked.Tag, current)) { Tags = tags },
            Selection.None none => new PolicyAnswer(null, none.Why, null, current, null) { Tags = tags },
            var other => throw new System.Diagnostics.UnreachableException($"{other}"),
        };
    }

    private static string? Change(TagOrder? order, string picked, string? current) => current switch
    {
        null => null,
        _ when picked == current => "same",
        _ => order?.Compare(current, picked) switch
        {
            null or 0 => "change",
            < 0 => "upgrade",
            > 0 => "downgrade",
        },
    };

    private static string? VersionOf(SourceRule rule, IReadOnlyList<TagLine> lines, string picked)
    {
        if (rule.Follow is not FollowRule.MovingTag moving || lines.FirstOrDefault(line => line.Tag == picked)?.Digest is not { } digest)
        {
            return null;
        }

        return moving.VersionCandidates([.. lines.Where(line => line.Digest == digest).Select(line => line.Tag)]) is [var best, ..] ? best : null;
    }
}
