using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Images;
using Slipway.Policies;
using Slipway.Rollouts;
using Slipway.Signatures;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Deliveries;

/// <summary>Makes terms of a spec, or says which field cannot be read, why, and what would be right.</summary>
internal static class DeliveryTermsReader
{
    private const string AutoPlatforms = "Auto";
    private const int MaxTargets = 100;
    private const int MaxHistory = 1000;
    private const int MaxPlatforms = 16;

    // The version that is shown for a moving tag may be a label of the image, under which the registry has nothing; and under the moving
    // tag's own name each image is written like the last one, so that no pod would be replaced.
    private const string PinnedByMovingTag =
        "Tag does not go with follow.tag: which image a moving tag is on is known by its digest only; write TagAndDigest or Digest, or follow versions";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static bool TryRead(DeliverySpec spec, PatternReader patterns, [NotNullWhen(true)] out DeliveryTerms? terms, [NotNullWhen(false)] out SpecProblem? problem)
    {
        terms = null;
        var found = new Problems();
        var targets = spec.Targets ?? [];
        found.Add(TargetsProblem(targets));
        found.Add(FollowRule.TryRead(spec.Source, out var rule, out var follow, patterns) ? null : follow);
        var repository = ReadRepository(spec.Source?.Repository, found);
        var limit = spec.History?.Limit ?? 50;
        found.Add(limit is >= 1 and <= MaxHistory ? null : new("spec.history.limit", $"{limit} is not between 1 and {MaxHistory}"));
        var gates = new GateTermsReader(spec, found.Add);
        var rollout = new RolloutTerms
        {
            Repository = repository?.ToString() ?? "",
            Hold = Duration("spec.strategy.rolling.hold", spec.Strategy?.Rolling?.Hold, "0s", TimeSpan.Zero, found),
            ProgressDeadline = Duration("spec.progressDeadline", spec.ProgressDeadline, "10m", Second, found),
            MinimumAge = Duration("spec.source.minimumAge", spec.Source?.MinimumAge, "0s", TimeSpan.Zero, found),
            RollsBack = OneOf("spec.rollback", spec.Rollback, found, "OnFailure", "Never") == 0,
            Suspended = spec.Suspend ?? false,
            Windows = gates.Windows(),
            Approval = gates.Approval(),
            After = gates.After(),
            Group = gates.Group(),
            HistoryLimit = limit,
            HistoryMaxAge = string.IsNullOrEmpty(spec.History?.MaxAge) ? null : Duration("spec.history.maxAge", spec.History.MaxAge, "0s", Second, found),
            FollowsMovingTag = rule?.Follow is FollowRule.MovingTag,
            CompareTags = rule is null ? (_, _) => null : rule.Compare,
            Publish = PublishedKey.Read(spec.Publish, out var unpublishable),
            Takes = rule is null ? _ => true : tag => tag is not null && rule.Takes(tag),
            Plan = new StrategyReader(spec, found.Add).Read(),
        };
        OneOf("spec.onInconclusive", spec.OnInconclusive, found, "RollBack", "Wait");
        found.Add(unpublishable);
        var pin = (PinForm)OneOf("spec.pin", spec.Pin, found, nameof(PinForm.TagAndDigest), nameof(PinForm.Tag), nameof(PinForm.Digest));
        var interval = Duration("spec.source.interval", spec.Source?.Interval, "1m", Second, found);

        var platforms = Platforms(spec.Source?.Platforms ?? [], found);
        found.Add(pin == PinForm.Tag && rule?.Follow is FollowRule.MovingTag ? new("spec.pin", PinnedByMovingTag) : null);
        found.Add(CheckPlans.Check(spec));
        found.Add(SignatureRule.TryRead(spec.Source?.Verify, out var signatures, out var unverifiable) ? null : unverifiable);

        problem = found.First;
        if (problem is not null)
        {
            return false;
        }

        terms = new DeliveryTerms
        {
            Targets = targets,
            Rule = rule!,
            Question = FollowQuestion.Of(rule!, spec.Source!),
            Repository = repository,
            Interval = interval,
            Platforms = platforms,
            Pin = pin,
            PullSecrets = [.. (spec.Source?.PullSecrets ?? []).Select(secret => secret.Name).Where(name => !string.IsNullOrEmpty(name))],
            Signatures = signatures,
            Rollout = rollout with { PinsDigest = pin != PinForm.Tag, Fingerprint = Fingerprint(spec) },
        };
        return true;
    }

    private static SpecProblem? TargetsProblem(IReadOnlyList<Target> targets)
    {
        if (targets.Count is 0 or > MaxTargets)
        {
            return new("spec.targets", targets.Count == 0
                ? "no workload is named; write for example targets: [{kind: Deployment, name: shop}]"
                : $"{targets.Count} targets are more than {MaxTargets}; split them over several Deliveries");
        }

        for (var index = 0; index < targets.Count; index++)
        {
            if (string.IsNullOrEmpty(targets[index].Name) == (targets[index].Selector is null))
            {
                return new($"spec.targets[{index}]", "either name or selector says which workload is meant: give exactly one of them");
            }

            // A kind that is refused is no matter of grammar, and is told with the other problems of the targets.
            if (!TargetKind.TryRead($"spec.targets[{index}]", targets[index], out _, out var problem) && !problem.Field.EndsWith(".kind", StringComparison.Ordinal))
            {
                return problem;
            }
        }

        return null;
    }

    private static RepositoryName? ReadRepository(string? text, Problems found)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (RepositoryName.TryParse(text, out var repository, out var error))
        {
            return repository;
        }

        found.Add(new("spec.source.repository", error));
        return null;
    }

    // One word, alone: the default, for those who like to see it.
    private static ImmutableArray<Platform> Platforms(IReadOnlyList<string> texts, Problems found)
    {
        if (texts is [AutoPlatforms])
        {
            return [];
        }

        found.Add(texts.Count > MaxPlatforms ? new("spec.source.platforms", $"{texts.Count} platforms are more than {MaxPlatforms}") : null);
        var platforms = ImmutableArray.CreateBuilder<Platform>();
        for (var index = 0; index < texts.Count; index++)
        {
            if (Platform.TryParse(texts[index], out var platform))
            {
                platforms.Add(platform);
            }
            else
            {
                found.Add(new($"spec.source.platforms[{index}]", texts[index] == AutoPlatforms
                    ? "Auto stands alone: it asks the nodes, and a list does not"
                    : $"{UntrustedText.Quote(texts[index])} is no platform; write it as linux/amd64 or linux/arm/v7"));
            }
        }

        return platforms.ToImmutable();
    }

    private static TimeSpan Duration(string field, string? text, string otherwise, TimeSpan least, Problems found)
    {
        if (!DurationText.TryParse(string.IsNullOrEmpty(text) ? otherwise : text, out var duration))
        {
            found.Add(new(field, $"{UntrustedText.Quote(text!)} is no duration; write for example 30s, 10m or 1h30m"));
        }
        else if (duration < least)
        {
            found.Add(new(field, $"{UntrustedText.Quote(text!)} is less than {DurationText.Write(least)}, the least that is taken"));
        }

        return duration;
    }

    private static int OneOf(string field, string? text, Problems found, params string[] values)
    {
        var index = string.IsNullOrEmpty(text) ? 0 : Array.IndexOf(values, text);
        found.Add(index >= 0 ? null : new(field, $"{UntrustedText.Quote(text!)} is not one of {string.Join(", ", values)}"));
        return Math.Max(index, 0);
    }

    /// <summary>
    /// A hash of what a failure may have hung on: what is deployed where, how it is chosen and how it is judged. Not of suspend, gates, interval,
    /// history or keys, so that a pause is not taken for a second chance. It is made of the wire form, where an absent field is not written: a
    /// controller that knows more fields comes to the same hash (I28).
    /// </summary>
    private static string Fingerprint(DeliverySpec spec)
    {
        var judged = spec with
        {
            Targets = [.. (spec.Targets ?? []).Select(target => target with { Selector = Sorted(target.Selector) })],
            Suspend = null,
            Windows = null,
            Approval = null,
            ApprovalExpires = null,
            After = null,
            Group = null,
            History = null,
            Publish = null,
            Source = spec.Source is null ? null : spec.Source with { Interval = null, PullSecrets = null, Verify = null },
        };
        var text = Said(JsonSerializer.SerializeToNode(judged, ApiJson.Default.DeliverySpec))?.ToJsonString() ?? "";
        return string.Create(CultureInfo.InvariantCulture, $"v1:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]}");
    }

    // An empty text or list says as much as an absent one (rule 16). An object without fields does say something: which policy is followed.
    private static JsonNode? Said(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(field => KeyValuePair.Create(field.Key, Said(field.Value))).Where(field => field.Value is not null)),
        JsonArray { Count: 0 } => null,
        JsonArray list => new JsonArray([.. list.Select(Said)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0 => null,
        _ => node?.DeepClone(),
    };

    // A dictionary's order is not the same in every process.
    private static LabelSelector? Sorted(LabelSelector? selector) => selector is null ? null : new LabelSelector
    {
        MatchExpressions =
        [
            .. (selector.MatchLabels ?? []).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => new LabelRequirement(label.Key, "In", [label.Value])),
            .. selector.MatchExpressions ?? [],
        ],
    };

    /// <summary>Keeps the first problem: one sentence is acted on, a list of them is not read.</summary>
    private sealed class Problems
    {
        public SpecProblem? First { get; private set; }

        public void Add(SpecProblem? problem) => First ??= problem;
    }
}
