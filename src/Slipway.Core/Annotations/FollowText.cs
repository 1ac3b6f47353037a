using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Annotations;

/// <summary>A policy on one line: <c>semver:&gt;=1.4 &lt;2</c>, <c>tag:prod</c>, <c>calver:YYYY.0M.MICRO</c>, <c>numeric</c>, <c>alphabetical:descending</c>, <c>newest</c>.</summary>
public static class FollowText
{
    private const string Forms = "write semver:RANGE, tag:NAME, calver:LAYOUT, numeric, alphabetical or newest";

    /// <summary>Only the form is read here; whether a range is one is judged with the rest of the spec.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Follow? follow, out string error)
    {
        var colon = text.IndexOf(':');
        var (policy, rest) = colon < 0 ? (text.Trim(), "") : (text[..colon].Trim(), text[(colon + 1)..].Trim());
        (follow, error) = policy switch
        {
            "semver" => (new Follow { Semver = new SemverPolicy(rest.Length == 0 ? null : rest) }, ""),
            "tag" when rest.Length > 0 => (new Follow { Tag = new TagPolicy(rest) }, ""),
            "tag" => (null, "it does not say which tag; write for example tag:prod"),
            "calver" when rest.Length > 0 => (new Follow { Calver = new CalverPolicy(rest) }, ""),
            "calver" => (null, "it does not say how the tags are written; write for example calver:YYYY.0M.MICRO"),
            "newest" when rest.Length == 0 => (new Follow { Newest = new NewestPolicy() }, ""),
            "newest" => (null, $"newest takes no {UntrustedText.Quote(rest)}; write newest, and choose among the tags with slipway.dev/filter"),
            "numeric" when Order(rest) is { } order => (new Follow { Numeric = order }, ""),
            "alphabetical" when Order(rest) is { } order => (new Follow { Alphabetical = order }, ""),
            "numeric" or "alphabetical" => (null, $"{UntrustedText.Quote(rest)} is no order; write {policy} or {policy}:descending"),
            _ => (default(Follow), $"{UntrustedText.Quote(policy)} is no policy; {Forms}"),
        };
        return follow is not null;
    }

    private static OrderPolicy? Order(string text) => text.ToLowerInvariant() switch
    {
        "" or "ascending" => new OrderPolicy(),
        "descending" => new OrderPolicy("Descending"),
        _ => null,
    };
}
