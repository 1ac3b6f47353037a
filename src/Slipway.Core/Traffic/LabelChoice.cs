using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Something that finds pods by their labels.</summary>
/// <param name="Kind">Service, NetworkPolicy, PodDisruptionBudget, PodMonitor.</param>
/// <param name="Selectors">Each of them for itself: a NetworkPolicy names pods in several places.</param>
public sealed record PodFinder(string Kind, string Name, ImmutableArray<LabelSelector> Selectors)
{
    /// <summary>Whether requests hang on it: without it a pod gets none, or gets those that it should not.</summary>
    public bool CarriesTraffic => Kind is "Service" or "NetworkPolicy";

    public override string ToString() => $"{Kind} {Name}";
}

/// <param name="Notes">What does not find the new version's pods, though no request hangs on it.</param>
/// <param name="Refusal">Why no label can be taken; null where one can.</param>
public sealed record LabelChoice(LabelOverride? Label, ImmutableArray<PodFinder> Notes, string? Refusal);

/// <summary>
/// Which label tells the new version's pods from the stable ones. The stable Service must not match them, so one label of its
/// selector gets another value; everything else that finds pods by that label would lose them, and is looked for before.
/// </summary>
public static class LabelChoices
{
    private const string StableTrack = "stable";

    /// <param name="service">The Service that must not match the new version's pods.</param>
    /// <param name="labels">Of the stable pods.</param>
    /// <param name="track">Appended to the value, or, of the label <c>slipway.dev/track</c>, the value itself.</param>
    /// <param name="finders">All of the namespace, but that Service.</param>
    public static LabelChoice Choose(
        string service, IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels, string track, IEnumerable<PodFinder> finders)
    {
        // A user has made room for us: nothing else is to use that label.
        if (selector.TryGetValue(ApiNames.TrackLabel, out var said) && said == StableTrack)
        {
            return new(new(ApiNames.TrackLabel, said, track), [], null);
        }

        var all = finders.ToArray();
        var choices = selector
            .Where(label => labels.TryGetValue(label.Key, out var value) && value == label.Value)
            .Select(label => Of(new(label.Key, label.Value, SideNames.Beside(label.Value, track)), labels, all))
            .OrderBy(choice => choice.Lost.Count(finder => finder.CarriesTraffic))
            .ThenBy(choice => choice.Lost.Length)
            .ThenBy(choice => choice.Label.Key, StringComparer.Ordinal)
            .ToArray();
        if (choices is not [var best, ..])
        {
            return new(null, [], $"the selector of Service {service} names no label of the stable pods");
        }

        var carrying = best.Lost.Where(finder => finder.CarriesTraffic).ToArray();
        return carrying.Length == 0
            ? new(best.Label, best.Lost, null)
            : new(null, best.Lost, BoundedText.Of(
                $"pods of the new version need another value of label {best.Label.Key}, so that Service {service} does not match them, and then {string.Join(", ", carrying.AsEnumerable())} would not either; "
                + $"add the label {ApiNames.TrackLabel}: {StableTrack} to the pod template, and to the selector of Service {service}", limit: 800));
    }

    /// <summary>The stable pods' labels as the new version's pods have them.</summary>
    public static ImmutableDictionary<string, string> Labels(IReadOnlyDictionary<string, string> stable, LabelOverride label) =>
        stable.ToImmutableDictionary().SetItem(label.Key, label.Is);

    private static (LabelOverride Label, ImmutableArray<PodFinder> Lost) Of(LabelOverride label, IReadOnlyDictionary<string, string> labels, PodFinder[] finders)
    {
        var other = Labels(labels, label);
        return (label, [.. finders.Where(finder => finder.Selectors.Any(selector => LabelSelectors.Matches(selector, labels) && !LabelSelectors.Matches(selector, other)))]);
    }
}
