using System.Collections.Frozen;
using Slipway.Vectors.Ops;

namespace Slipway.Vectors;

/// <summary>
/// The ops that are understood, by file and op, because a word such as <c>select</c> or <c>parse</c> means another thing in each file.
/// A new one is a line here and a function in Ops/.
/// </summary>
public static class VectorOps
{
    public static readonly FrozenDictionary<string, VectorOp> All = new Dictionary<string, VectorOp>
    {
        ["image-reference/domain-grammar"] = ImageOps.DomainGrammar,
        ["image-reference/identifier-grammar"] = ImageOps.IdentifierGrammar,
        ["image-reference/name-grammar"] = ImageOps.NameGrammar,
        ["image-reference/normalize"] = ImageOps.Normalize,
        ["image-reference/parse-named-canonical"] = ImageOps.ParseCanonical,
        ["image-reference/parse-strict"] = ImageOps.ParseStrict,
        ["image-reference/pull-reference"] = ImageOps.PullReference,
        ["image-reference/reference-grammar"] = ImageOps.ReferenceGrammarOnly,
        ["image-reference/repository-field"] = ImageOps.RepositoryField,
        ["image-reference/same-repository"] = ImageOps.SameRepository,
        ["image-reference/split-strict"] = ImageOps.SplitStrict,
        ["image-reference/valid-name-strict"] = ImageOps.ValidName,
        ["image-reference/valid-tag"] = ImageOps.ValidTag,

        ["policy-alphabetical/select"] = PolicyOps.SelectAlphabetical,
        ["policy-alphabetical/sort-ascending"] = PolicyOps.SortAlphabetical,
        ["policy-alphabetical/top10-descending"] = PolicyOps.TopAlphabetical,
        ["policy-alphabetical/validate-order"] = PolicyOps.ValidateAlphabeticalOrder,

        ["policy-numerical/select"] = PolicyOps.SelectNumeric,
        ["policy-numerical/validate-order"] = PolicyOps.ValidateNumericOrder,

        ["policy-regex/allow-ignore"] = FilterOps.AllowIgnore,
        ["policy-regex/exclude"] = FilterOps.Exclude,
        ["policy-regex/exclude-any"] = FilterOps.ExcludeAny,
        ["policy-regex/filter-extract"] = FilterOps.FilterExtract,
        ["policy-regex/generated-artifact-tag"] = FilterOps.GeneratedArtifactTag,
        ["policy-regex/match"] = FilterOps.Match,
        ["policy-regex/redos"] = FilterOps.Redos,
        ["policy-regex/validate-pattern"] = FilterOps.ValidatePattern,

        ["policy-semver/select"] = PolicyOps.SelectSemver,
        ["policy-semver/sort-ascending"] = PolicyOps.SortSemverAscending,
        ["policy-semver/sort-descending"] = PolicyOps.SortSemverDescending,
        ["policy-semver/validate-range"] = RangeOps.ValidateRange,

        ["request-budget/scenario"] = RequestBudgetOps.Judge,

        ["semver-constraints/check"] = RangeOps.Check,
        ["semver-constraints/parse"] = RangeOps.Parse,
        ["semver-constraints/to-string"] = RangeOps.Text,

        ["semver-versions/compare"] = VersionOps.Compare,
        ["semver-versions/equal"] = VersionOps.Equal,
        ["semver-versions/greater"] = VersionOps.Greater,
        ["semver-versions/greater-equal"] = VersionOps.GreaterEqual,
        ["semver-versions/less"] = VersionOps.Less,
        ["semver-versions/less-equal"] = VersionOps.LessEqual,
        ["semver-versions/normalize-string"] = VersionOps.Text,
        ["semver-versions/parse-loose"] = VersionOps.ParseLoose,
        ["semver-versions/parse-strict"] = VersionOps.ParseStrict,
        ["semver-versions/sort-ascending"] = VersionOps.SortAscending,
        ["semver-versions/validate-metadata"] = VersionOps.ValidateMetadata,
        ["semver-versions/validate-prerelease"] = VersionOps.ValidatePrerelease,
    }.ToFrozenDictionary();

    /// <summary>A peer's error message in an expectation; ours say the same in other words.</summary>
    public static readonly FrozenSet<string> PeersWords = new[] { "semver-constraints/check:reason" }.ToFrozenSet();
}
