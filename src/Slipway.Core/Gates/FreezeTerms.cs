using System.Globalization;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Schedules;
using Slipway.Webhooks.Receivers;
using Slipway.Workloads;

namespace Slipway.Gates;

/// <summary>
/// A Freeze that was read. One that cannot be read freezes what it seems to mean: somebody wanted nothing to move, and a slip in a date must
/// not be what lets it.
/// </summary>
public sealed record FreezeTerms
{
    public required string Name { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>Who made it; null where nothing tells.</summary>
    public string? By { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Within any of them it freezes; none: all the time.</summary>
    public IReadOnlyList<Window> Windows { get; init; } = [];

    /// <summary>Patterns of names; none: all namespaces.</summary>
    public IReadOnlyList<NameGlob> Namespaces { get; init; } = [];

    /// <summary>Labels of Deliveries; null: all.</summary>
    public LabelSelector? Deliveries { get; init; }

    /// <summary>What cannot be read; null when all can.</summary>
    public SpecProblem? Problem { get; init; }

    /// <param name="manager">Who last wrote its spec, by the API server's word (metadata.managedFields).</param>
    public static FreezeTerms Read(Freeze freeze, string? manager)
    {
        SpecProblem? problem = null;
        var spec = freeze.Spec ?? new();
        var windows = new WindowReader(found => problem ??= found).Read([.. (spec.Windows ?? []).Select(window => new ReleaseWindow(window.Schedule, window.Duration, window.TimeZone))]).Allowing;
        var (from, until) = (InstantOf("spec.from", spec.From), InstantOf("spec.until", spec.Until));
        problem ??= from >= until ? new("spec.until", "it is not after spec.from, so that nothing would ever be frozen") : null;
        problem ??= spec.Deliveries is { } selector && LabelSelectors.Problem(selector) is { } wrong ? new("spec.deliveries", wrong) : null;
        return new FreezeTerms
        {
            Name = freeze.Metadata.Name,
            Reason = string.IsNullOrWhiteSpace(spec.Reason) ? "no reason is given" : spec.Reason.Trim(),
            By = freeze.Metadata.Annotations?.GetValueOrDefault(ApiNames.ByAnnotation) is { Length: > 0 } named ? named : manager,
            From = from,
            Until = until,
            Windows = windows,
            Namespaces = [.. (spec.Namespaces ?? []).Select(text => new NameGlob(text))],
            Deliveries = problem is null && !LabelSelectors.IsEmpty(spec.Deliveries) ? spec.Deliveries : null,
            Problem = problem,
        };

        DateTimeOffset? InstantOf(string field, string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            var read = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
            problem ??= read ? null : new(field, $"{Images.UntrustedText.Quote(text)} is no instant; write for example 2026-12-24T18:00:00Z");
            return read ? at.ToUniversalTime() : null;
        }
    }

    /// <summary>Whether the Delivery is one of those that it is for.</summary>
    public bool Concerns(string ns, IReadOnlyDictionary<string, string> labels) =>
        (Namespaces.Count == 0 || Namespaces.Any(glob => glob.Matches(ns))) && (Deliveries is null || LabelSelectors.Matches(Deliveries, labels));

    /// <summary>Whether it freezes now.</summary>
    public bool IsInForce(DateTimeOffset now) =>
        Problem is not null || (!(now < From) && !(now >= Until) && (Windows.Count == 0 || Windows.Any(window => window.Until(now) is not null)));

    /// <summary>When it ends by itself, at the earliest; null: when a person deletes it.</summary>
    public DateTimeOffset? Ends(DateTimeOffset now)
    {
        if (Problem is not null)
        {
            return null;
        }

        var window = Windows.Select(window => window.Until(now)).Max();
        return window < Until || Until is null ? window : Until;
    }
}
