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
        ["dockerconfig/convert-to-hostname"] = CredentialOps.HostName,
        ["dockerconfig/decode-auth"] = CredentialOps.DecodeAuth,
        ["dockerconfig/decode-config"] = CredentialOps.DecodeConfig,
        ["dockerconfig/decode-entry"] = CredentialOps.DecodeEntry,
        ["dockerconfig/helper-parse-url"] = CredentialOps.HelperAddress,
        ["dockerconfig/is-docker-hub"] = CredentialOps.IsDockerHub,
        ["dockerconfig/lookup"] = CredentialOps.Lookup,
        ["dockerconfig/lookup-all"] = CredentialOps.LookupAll,
        ["dockerconfig/url-glob-match"] = CredentialOps.GlobMatch,

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

        ["registry-cloud/parse"] = CloudOps.Parse,
        ["registry-cloud/registry-host"] = CloudOps.Host,

        ["registry-http/canonical-address"] = HttpOps.Canonical,
        ["registry-http/default-scheme"] = HttpOps.Scheme,
        ["registry-http/link-next"] = HttpOps.LinkNext,
        ["registry-http/ratelimit-limit-header"] = HttpOps.LimitHeader,
        ["registry-http/ratelimit-message"] = HttpOps.LimitMessage,
        ["registry-http/realm-host"] = HttpOps.RealmHost,
        ["registry-http/redirect"] = HttpOps.Redirect,
        ["registry-http/registry-address"] = HttpOps.Address,
        ["registry-http/retry-after-header"] = HttpOps.RetryAfter,
        ["registry-http/retryable"] = HttpOps.Retryable,
        ["registry-http/tag-pages"] = HttpOps.Pages,
        ["registry-http/token-realm"] = HttpOps.TokenRealm,
        ["registry-http/www-authenticate"] = HttpOps.Challenge,

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
