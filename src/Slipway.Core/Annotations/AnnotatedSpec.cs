using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Images;
using Slipway.Workloads;

namespace Slipway.Annotations;

/// <summary>What the annotations of a workload make of it: the spec of a Delivery for that workload alone.</summary>
public static class AnnotatedSpec
{
    /// <summary>One annotation.</summary>
    /// <param name="Fields">The fields of the spec that it becomes, as <see cref="SpecProblem.Field"/> names them; a problem with one of them is the annotation's.</param>
    /// <param name="Set">The spec with it, or null with what is wrong.</param>
    private sealed record Setting(string Name, string Fields, Func<DeliverySpec, string, (DeliverySpec? Spec, string Error)> Set)
    {
        public string Annotation => AnnotationNames.Prefix + Name;
    }

    // In the order in which they are applied: what refines a policy comes after it. docs/spec/v1alpha1/annotations.md has the same table for users.
    private static readonly ImmutableArray<Setting> Settings =
    [
        new("follow", "spec.source.follow", SetFollow),
        new("prerelease", "spec.source.follow.semver.includePrerelease", (spec, text) => spec.Source?.Follow?.Semver is not { } semver
            ? (null, "it says nothing without follow: semver")
            : Flag(text, value => WithFollow(spec, new Follow { Semver = semver with { IncludePrerelease = value } }))),
        new("version-pattern", "spec.source.follow.tag.versionPattern", (spec, text) => spec.Source?.Follow?.Tag is not { } tag
            ? (null, "it says nothing without follow: tag")
            : (WithFollow(spec, new Follow { Tag = tag with { VersionPattern = text } }), "")),
        new("filter", "spec.source.filter.pattern", (spec, text) => (WithFilter(spec, filter => filter with { Pattern = text }), "")),
        new("extract", "spec.source.filter.extract", (spec, text) => (WithFilter(spec, filter => filter with { Extract = text }), "")),

        // Blanks divide, because {1,3} is a part of patterns and no tag has a blank.
        new("exclude", "spec.source.filter.exclude", (spec, text) => (WithFilter(spec, filter => filter with { Exclude = Words(text, ' ', '\n', '\t') }), "")),
        new("repository", "spec.source.repository", (spec, text) => (WithSource(spec, source => source with { Repository = text }), "")),
        new("interval", "spec.source.interval", (spec, text) => (WithSource(spec, source => source with { Interval = text }), "")),
        new("minimum-age", "spec.source.minimumAge", (spec, text) => (WithSource(spec, source => source with { MinimumAge = text }), "")),
        new("pull-secrets", "spec.source.pullSecrets", (spec, text) =>
            (WithSource(spec, source => source with { PullSecrets = [.. Words(text, ' ', ',').Select(name => new SecretReference(name))] }), "")),
        new("containers", "spec.targets", (spec, text) => (spec with { Targets = [spec.Targets![0] with { Containers = Words(text, ' ', ',') }] }, "")),
        new("pin", "spec.pin", (spec, text) => (spec with { Pin = text }, "")),
        new("hold", "spec.strategy.rolling.hold", (spec, text) => (spec with { Strategy = new Strategy(new RollingStrategy(text)) }, "")),
        new("progress-deadline", "spec.progressDeadline", (spec, text) => (spec with { ProgressDeadline = text }, "")),
        new("rollback-on-failure", "spec.rollback", (spec, text) => Flag(text, value => spec with { Rollback = value ? "OnFailure" : "Never" })),
        new("history-limit", "spec.history.limit", (spec, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? (spec with { History = new HistoryLimit(limit) }, "")
            : (null, $"{UntrustedText.Quote(text)} is no number")),
        new("suspend", "spec.suspend", (spec, text) => Flag(text, value => spec with { Suspend = value })),
    ];

    /// <summary>Whether the workload asks for a Delivery at all, rightly or wrongly.</summary>
    public static bool IsAskedFor(WorkloadSnapshot workload) => workload.Annotations.TryGetValue(AnnotationNames.Follow, out var follow) && !string.IsNullOrWhiteSpace(follow);

    /// <summary>The problem names the annotation. An annotation that is empty is as good as absent (rule 16).</summary>
    public static bool TryRead(WorkloadSnapshot workload, [NotNullWhen(true)] out DeliverySpec? spec, [NotNullWhen(false)] out SpecProblem? problem)
    {
        spec = null;
        var given = workload.Annotations.Where(annotation => !string.IsNullOrWhiteSpace(annotation.Value)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        problem = !given.ContainsKey(AnnotationNames.Follow) ? Lonely(given) : Unknown(given);
        var made = new DeliverySpec { Targets = [new Target { ApiVersion = workload.ApiVersion, Kind = workload.Key.Kind, Name = workload.Key.Name }] };
        foreach (var setting in Settings)
        {
            if (problem is null && given.TryGetValue(setting.Annotation, out var text))
            {
                var (next, error) = text.Length > AnnotationNames.LongestValue
                    ? (null, $"it is longer than {AnnotationNames.LongestValue} characters; write a Delivery instead")
                    : setting.Set(made, text.Trim());
                (made, problem) = (next ?? made, next is null ? new SpecProblem(setting.Annotation, error) : null);
            }
        }

        problem ??= DeliveryTerms.TryRead(made, out _, out var wrong) ? null : new SpecProblem(AnnotationOf(wrong.Field), wrong.Message);
        spec = problem is null ? made : null;
        return spec is not null;
    }

    private static SpecProblem? Lonely(ImmutableSortedDictionary<string, string> given) => given.Keys.FirstOrDefault() is { } first
        ? new SpecProblem(first, $"it says nothing without {AnnotationNames.Follow}; add that one, for example \"semver:>=1.0\", or remove this one")
        : null;

    private static SpecProblem? Unknown(ImmutableSortedDictionary<string, string> given) => given.Keys.FirstOrDefault(name => Settings.All(setting => setting.Annotation != name)) is { } unknown
        ? new SpecProblem(unknown, WhyUnknown(unknown))
        : null;

    private static string WhyUnknown(string name) => name is ApiNames.CheckAnnotation or ApiNames.RetryAnnotation or ApiNames.RollbackAnnotation or ApiNames.ResumeAnnotation
        ? "this is a request to a Delivery; set it on the Delivery, which has the workload's name"
        : $"no such annotation is known; known are {string.Join(", ", Settings.Select(setting => setting.Name))}";

    // The longest that fits: spec.source.follow stands for all of its fields but those that have an annotation of their own.
    private static string AnnotationOf(string field) =>
        Settings.Where(setting => field.StartsWith(setting.Fields, StringComparison.Ordinal)).MaxBy(setting => setting.Fields.Length)?.Annotation ?? AnnotationNames.Follow;

    private static (DeliverySpec? Spec, string Error) SetFollow(DeliverySpec spec, string text) =>
        FollowText.TryRead(text, out var follow, out var error) ? (WithFollow(spec, follow), "") : (null, error);

    private static DeliverySpec WithFollow(DeliverySpec spec, Follow follow) => WithSource(spec, source => source with { Follow = follow });

    private static DeliverySpec WithFilter(DeliverySpec spec, Func<Filter, Filter> change) => WithSource(spec, source => source with { Filter = change(source.Filter ?? new Filter()) });

    private static DeliverySpec WithSource(DeliverySpec spec, Func<Source, Source> change) => spec with { Source = change(spec.Source ?? new Source()) };

    private static (DeliverySpec? Spec, string Error) Flag(string text, Func<bool, DeliverySpec> set) => text.ToLowerInvariant() switch
    {
        "true" => (set(true), ""),
        "false" => (set(false), ""),
        _ => (null, $"{UntrustedText.Quote(text)} is neither true nor false"),
    };

    private static string[] Words(string text, params char[] separators) => text.Split(separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
