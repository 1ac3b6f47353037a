using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Images;
using Slipway.Policies;
using Slipway.Versions;

namespace Slipway.Cli.Migration;

/// <summary>keel: <c>keel.sh/…</c> annotations, or labels, of workloads (keel-hq/keel, types/types.go and its documentation, "Policies").</summary>
internal static class Keel
{
    private const string Peer = "keel";

    private const string Prefix = "keel.sh/";

    private const string Every = "@every ";

    private static readonly ImmutableArray<(string Name, string Why, string Instead)> NotCarried =
    [
        ("approvals", "nobody is asked before a version ships", "follow a moving tag, and let who approves move it: 'slipway tags move REPO VERSION prod'"),
        ("approvalDeadline", "there are no approvals that could run out", "nothing to do"),
        ("notify", "nobody is told in a chat", "watch Events and Releases, or 'slipway tags move --wait' in CI"),
        ("releaseNotes", "no notification is sent that could have the link", "nothing to do"),
        ("imageVolumes", "images of volumes are not updated", "write them by hand"),
    ];

    public static IEnumerable<Conversion> Convert(Fleet fleet) => fleet.Workloads.SelectMany(Convert);

    private static IEnumerable<Conversion> Convert(FleetWorkload workload)
    {
        var settings = Settings(workload.Manifest);
        if (settings.GetValueOrDefault("policy") is not { } policy)
        {
            yield break;
        }

        var (ns, name) = (workload.Manifest.Namespace, workload.Manifest.Name);
        if (policy == "never")
        {
            yield return new Draft(Peer, workload.Manifest.Title, name, ns).Nothing("keel.sh/policy", policy, "keel was told to leave it alone", "nothing to do", done: true);
            yield break;
        }

        var watched = Watched(workload, settings).ToArray();
        foreach (var unread in watched.Where(container => container.Image is null))
        {
            yield return new Draft(Peer, workload.Manifest.Title, name, ns).Nothing($"container {unread.Name}", null, "its image cannot be read", "convert the manifest as it is in the cluster: kubectl get -o yaml");
        }

        var repositories = watched.Where(container => container.Image is not null).GroupBy(container => container.Image!.Repository).ToArray();
        foreach (var group in repositories)
        {
            var draft = new Draft(Peer, workload.Manifest.Title, repositories.Length == 1 ? name : $"{name}-{group.First().Name}", ns);
            yield return Convert(draft, workload, [.. group], settings, policy);
        }
    }

    private static Conversion Convert(Draft draft, FleetWorkload workload, ImmutableArray<FleetContainer> containers, IReadOnlyDictionary<string, string> settings, string policy)
    {
        var image = containers[0].Image!;
        var all = workload.Containers.Where(container => container.Image?.Repository == image.Repository).Count() == containers.Length;
        draft.Spec = draft.Spec with { Targets = [workload.Target(all ? null : [.. containers.Select(container => container.Name)])] };
        draft.Source = draft.Source with
        {
            Repository = image.WrittenName,
            Interval = Interval(draft, settings),
            PullSecrets = settings.GetValueOrDefault("imagePullSecret") is { } secret ? [new SecretReference(secret)] : null,
        };
        Choose(draft, policy, image.Tag ?? ImageReference.DefaultTag, settings);
        foreach (var (name, why, instead) in NotCarried)
        {
            draft.NoteIf(Prefix + name, name == "approvals" && settings.GetValueOrDefault(name) == "0" ? null : settings.GetValueOrDefault(name), why, instead);
        }

        return draft.Finish();
    }

    // Annotations count before labels, which keel still reads.
    private static Dictionary<string, string> Settings(Manifest manifest)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in manifest.Texts("metadata", "labels").Concat(manifest.Texts("metadata", "annotations")))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                settings[name[Prefix.Length..]] = value;
            }
        }

        return settings;
    }

    private static IEnumerable<FleetContainer> Watched(FleetWorkload workload, Dictionary<string, string> settings)
    {
        var pattern = settings.GetValueOrDefault("monitorContainers") is { } text && TagPattern.TryParse(text, out var read, out _) ? read : null;
        var init = settings.GetValueOrDefault("initContainers") == "true";
        return workload.Containers.Where(container => (init || !container.Init) && pattern?.IsMatch(container.Name) != false);
    }

    private static string? Interval(Draft draft, IReadOnlyDictionary<string, string> settings)
    {
        var schedule = settings.GetValueOrDefault("pollSchedule");
        if (settings.GetValueOrDefault("trigger") != "poll")
        {
            draft.Note("keel.sh/trigger", settings.GetValueOrDefault("trigger") ?? "default", "keel waited for webhooks alone; Slipway polls too, and takes webhooks as a hint", "point the registry's webhook to Slipway; source.interval may then be long");
            return null;
        }

        if (schedule?.StartsWith(Every, StringComparison.Ordinal) == true && DurationText.TryParse(schedule[Every.Length..], out var every) && every >= TimeSpan.FromSeconds(1))
        {
            return DurationText.Write(every);
        }

        draft.NoteIf("keel.sh/pollSchedule", schedule, "Slipway polls at an interval, not by a cron schedule", "set source.interval; 1m when it is absent");
        return null;
    }

    private static void Choose(Draft draft, string policy, string tag, IReadOnlyDictionary<string, string> settings)
    {
        var (kind, argument) = policy.IndexOf(':') is var colon and > 0 ? (policy[..colon], policy[(colon + 1)..]) : (policy, "");
        switch (kind)
        {
            case "all" or "major" or "minor" or "patch":
                ChooseVersion(draft, kind, tag, settings.GetValueOrDefault("matchPreRelease") != "false");
                break;

            case "force" when settings.GetValueOrDefault("matchTag") == "true" || settings.GetValueOrDefault("match-tag") == "true":
                draft.Source = draft.Source with { Follow = new Follow { Tag = new TagPolicy(tag) } };
                break;

            case "force":
                draft.Source = draft.Source with { Follow = new Follow { Newest = new NewestPolicy() } };
                draft.Note("keel.sh/policy", policy, "of all tags, keel took the one that was pushed last; Slipway takes the image that was built last", "keep other tags out with source.filter");
                break;

            case "glob" or "regexp":
                ChooseByPattern(draft, policy, kind == "glob" ? GlobText.ToRegex(argument) : argument);
                break;

            default:
                draft.Note("keel.sh/policy", policy, "this policy is not known", "write source.follow by hand");
                break;
        }
    }

    // keel takes what is higher than what runs; a range must begin somewhere, and begins where the manifest stands.
    private static void ChooseVersion(Draft draft, string kind, string tag, bool sameSuffix)
    {
        if (!SemanticVersion.TryParse(tag, out var version))
        {
            draft.Source = draft.Source with { Follow = new Follow { Semver = new SemverPolicy() } };
            draft.Note("keel.sh/policy", kind, $"the image's tag {UntrustedText.Quote(tag)} is no version from which a range could begin", "set source.follow.semver.range");
            return;
        }

        var suffix = tag.IndexOf('-', StringComparison.Ordinal) is var hyphen and > 0 ? tag[hyphen..] : "";
        var prereleases = !sameSuffix;
        var end = prereleases ? "-0" : "";
        var range = kind switch
        {
            "patch" => $">={version.Major}.{version.Minor}.{version.Patch} <{version.Major}.{version.Minor + 1}.0{end}",
            "minor" => $">={version.Major}.{version.Minor}.{version.Patch} <{version.Major + 1}.0.0{end}",
            _ => $">={version.Major}.{version.Minor}.{version.Patch}",
        };
        draft.Source = draft.Source with { Follow = new Follow { Semver = new SemverPolicy(range, prereleases ? true : null) } };
        if (suffix.Length > 0 && sameSuffix)
        {
            draft.Source = draft.Source with { Filter = new Filter($"^(?P<version>.+){EscapedSuffix(suffix)}$", "$version") };
            draft.Note("keel.sh/matchPreRelease", "true", $"only versions with the suffix {suffix} are taken, as keel did", "nothing to do");
        }

        draft.Note("keel.sh/policy", kind, $"the range begins at {tag}, which the manifest names", "raise its lower end when you like; Slipway never lowers a version by itself");
    }

    private static string EscapedSuffix(string suffix) => suffix.Replace(".", "\\.", StringComparison.Ordinal).Replace("+", "\\+", StringComparison.Ordinal);

    // keel took whatever was pushed last; polling, it ordered the tags as texts (its group "compare", where the pattern has one).
    private static void ChooseByPattern(Draft draft, string policy, string pattern)
    {
        var compares = pattern.Contains("(?P<compare>", StringComparison.Ordinal) || pattern.Contains("(?<compare>", StringComparison.Ordinal);
        draft.Source = draft.Source with { Follow = new Follow { Alphabetical = new OrderPolicy() }, Filter = new Filter(pattern, compares ? "$compare" : null) };
        draft.Note("keel.sh/policy", policy, "of the tags that match, keel took the one that was pushed last; here the last in the alphabet is taken", "where they end in numbers, use numeric with an extract, such as '$1'");
    }
}
