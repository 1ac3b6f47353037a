using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Output;
using Slipway.Cli.Verbs;
using Slipway.Explanations;

namespace Slipway.Cli.Descriptions;

/// <summary>Two Releases beside each other, field by field.</summary>
internal sealed record ReleaseDifference(Release From, Release To, DateTimeOffset Now)
{
    private sealed record Row(string Field, string? From, string? To, bool IsOutcome = false)
    {
        public bool Differs => From != To;
    }

    private IEnumerable<Row> Rows()
    {
        Row Of(string field, Func<Release, string?> read, bool isOutcome = false) => new(field, read(From), read(To), isOutcome);
        yield return Of("version", release => release.Spec.Tag);
        yield return Of("image", release => release.Spec.Repository);
        yield return Of("digest", release => release.Spec.Digest);
        yield return Of("went on from", release => release.Spec.Previous is { } previous ? Words.Version(previous.Tag, previous.Digest) : null);
        yield return Of("cause", release => release.Spec.Cause);
        yield return Of("by", release => release.Spec.By);
        yield return Of("started", release => Words.Instant(release.Spec.StartedAt));
        yield return Of("took", release => Words.Age((release.Status?.FinishedAt ?? Now) - release.Spec.StartedAt));
        yield return Of("outcome", release => release.Status?.Outcome, isOutcome: true);
        yield return Of("reason", release => release.Status?.Reason);
        yield return Of("message", release => release.Status?.Message is { } message ? Words.Readable(message) : null);
        foreach (var name in Checks(From).Concat(Checks(To)).Distinct())
        {
            yield return Of($"check {name}", release => string.Join(", ", (release.Status?.Checks ?? []).Where(check => check.Name == name).Select(check => check.Verdict)));
        }
    }

    public Table ToTable()
    {
        var table = new Table("FIELD", $"RELEASE {From.Spec.Number}", $"RELEASE {To.Spec.Number}");
        foreach (var row in Rows())
        {
            table.Add(row.Field, Shown(row, row.From, Tone.Plain), Shown(row, row.To, row.Differs ? Tone.Strong : Tone.Plain));
        }

        return table;
    }

    public JsonObject ToJson() => new()
    {
        ["from"] = JsonSerializer.SerializeToNode(From, ApiJson.Default.Release),
        ["to"] = JsonSerializer.SerializeToNode(To, ApiJson.Default.Release),
        ["changed"] = new JsonArray([.. Rows().Where(row => row.Differs).Select(row => new JsonObject { ["field"] = row.Field, ["from"] = row.From, ["to"] = row.To })]),
    };

    private static Cell Shown(Row row, string? value, Tone tone)
    {
        Cell cell = value is { Length: > 0 } && row.Field == "digest" ? Words.ShortDigest(value) : value;
        return cell with { Tone = row.IsOutcome && value is not null ? HistoryVerb.ToneOf(value) : tone };
    }

    private static IEnumerable<string> Checks(Release release) => (release.Status?.Checks ?? []).Select(check => check.Name);
}
