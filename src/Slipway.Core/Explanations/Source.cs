using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;

namespace Slipway.Explanations;

/// <summary>What is followed, and what the registry said.</summary>
public static class Source
{
    public static Paragraph Follows(Facts facts)
    {
        var source = facts.Spec.Source ?? new();
        var repository = string.IsNullOrEmpty(source.Repository) ? "the repository of the first target" : source.Repository;
        List<string> sentences = [$"{repository}: {Policy(source.Follow ?? new())}{FilterOf(source.Filter)}; looked at each {source.Interval ?? "1m"}"];
        if (!string.IsNullOrEmpty(source.MinimumAge))
        {
            sentences.Add($"a candidate rests for {source.MinimumAge} before it ships");
        }

        if (source.Platforms is { Count: > 0 } platforms)
        {
            sentences.Add($"an image must run on {string.Join(", ", platforms)}");
        }

        if (source.Verify is { } verify)
        {
            var attested = string.Concat((verify.Attestations ?? []).Select(attestation => $", with an attestation {attestation.PredicateType}"));
            sentences.Add($"it must be signed by a key of {verify.Keys?.Count ?? 0} in spec.source.verify{attested}");
        }

        return new Paragraph("Follows", [.. sentences]);
    }

    public static Paragraph Registry(Facts facts)
    {
        List<string> sentences = [];
        if (facts.Status.Candidate is { } candidate)
        {
            sentences.Add($"{Words.Named(candidate.Tag, candidate.Digest)} is the candidate, first seen {facts.Ago(candidate.FirstSeen)}");
            sentences.Add(candidate.Why);
        }

        sentences.AddRange((facts.Status.Resting ?? []).Select(resting => $"before it came {Words.Named(resting.Tag, resting.Digest)}, first seen {facts.Ago(resting.FirstSeen)}, {Rest(facts, resting)}"));

        // Where it was found the candidate says it all.
        if (facts.Condition(DeliveryConditions.SourceReady) is { } last && last.Status != "True")
        {
            sentences.Add($"{last.Reason} since {Words.Age(facts.Now - last.LastTransitionTime)}: {last.Message}");
        }

        return new Paragraph("Registry", sentences.Count == 0 ? ["was not looked at yet"] : [.. sentences]);
    }

    // It ships before the candidate does, unless the source is a moving tag.
    private static string Rest(Facts facts, CandidateStatus resting)
    {
        var age = DurationText.TryParse(facts.Spec.Source?.MinimumAge, out var read) ? read : TimeSpan.Zero;
        return resting.FirstSeen + age - facts.Now is { Ticks: > 0 } left ? $"which rests for another {Words.Age(left)}" : "which has rested";
    }

    private static string Policy(Follow follow) => follow switch
    {
        { Semver: { Range: { Length: > 0 } range } semver } => $"the highest version in '{range}'{Prereleases(semver)}",
        { Semver: { } semver } => $"the highest version{Prereleases(semver)}",
        { Tag: { VersionPattern: { Length: > 0 } pattern } tag } => $"whatever the tag {tag.Name} is on, named by a tag that matches '{pattern}'",
        { Tag: { } tag } => $"whatever the tag {tag.Name} is on",
        { Numeric: { } numeric } => numeric.Order == "Descending" ? "the lowest number" : "the highest number",
        { Alphabetical: { } alphabetical } => alphabetical.Order == "Descending" ? "the first tag in byte order" : "the last tag in byte order",
        { Calver: { } calver } => $"the newest version written as {calver.Layout}",
        { Newest: not null } => "the image that was built last",
        _ => "no policy is given",
    };

    private static string Prereleases(SemverPolicy semver) => semver.IncludePrerelease == true ? ", prereleases too" : "";

    private static string FilterOf(Filter? filter) => filter switch
    {
        { Pattern: { Length: > 0 } pattern, Exclude.Count: > 0 } => $", of the tags that match '{pattern}' and none of {filter.Exclude.Count} exclusions",
        { Pattern: { Length: > 0 } pattern } => $", of the tags that match '{pattern}'",
        { Exclude.Count: > 0 } => $", of the tags that match none of {filter.Exclude.Count} exclusions",
        _ => "",
    };
}
