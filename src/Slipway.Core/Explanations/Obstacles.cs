using Slipway.Api;
using Slipway.Conditions;

namespace Slipway.Explanations;

/// <summary>What stands in the way.</summary>
public static class Obstacles
{
    private const int MostRejections = 5;

    public static Paragraph? Held(Facts facts)
    {
        List<string> sentences = [];
        if (facts.Stalled is { } stalled)
        {
            sentences.Add($"{stalled.Reason}: {stalled.Message}");
        }

        if (facts.Status.Held is { } held)
        {
            sentences.Add($"{held.Reason}: {held.Message}");
            if (held.Until is { } until && until > facts.Now)
            {
                sentences.Add($"it ends by itself in {Words.Age(until - facts.Now)}");
            }
        }

        if (sentences.Count == 0 && Unsaid(facts) is { } ready)
        {
            sentences.Add($"{ready.Reason}: {ready.Message}");
        }

        return sentences.Count == 0 ? null : new Paragraph("Held", [.. sentences]);
    }

    // What is under way and what the registry complains of have paragraphs of their own.
    private static Condition? Unsaid(Facts facts) =>
        facts.Condition(DeliveryConditions.Ready) is { Status: "False" } ready
        && facts.Condition(DeliveryConditions.Reconciling) is null
        && facts.Condition(DeliveryConditions.SourceReady)?.Reason != ready.Reason
            ? ready
            : null;

    public static Paragraph? Rejected(Facts facts)
    {
        var rejected = facts.Status.Rejected ?? [];
        var shown = rejected.Reverse().Take(MostRejections).Select(rejection =>
            $"{Words.Named(rejection.Tag, rejection.Digest)} in release {rejection.Release}: {rejection.Reason}: {rejection.Message}").ToList();
        if (rejected.Count > MostRejections)
        {
            shown.Add($"and {rejected.Count - MostRejections} before that");
        }

        return shown.Count == 0 ? null : new Paragraph("Rejected", [.. shown]);
    }
}
