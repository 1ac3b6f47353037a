using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Webhooks.Receivers;

/// <summary>
/// Whose token is taken, once its signature is known to be the issuer's. Issuer and audience alone would let in everybody who has an account
/// there, so that a subject, an address or a claim is asked for besides.
/// </summary>
/// <param name="Issuer">Exactly as in <c>iss</c>.</param>
/// <param name="Subject">A glob over <c>sub</c>; null for any.</param>
/// <param name="Email">Exactly <c>email</c>, and <c>email_verified</c> must be true; null for any.</param>
/// <param name="Claims">A glob for each claim.</param>
public sealed record OidcTerms(string Issuer, string Audience, NameGlob? Subject, string? Email, ImmutableSortedDictionary<string, NameGlob> Claims)
{
    /// <summary>Between two clocks that are both right. Also how long a token that has run out is still taken.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>Whether anything but issuer and audience is asked for.</summary>
    public bool NamesSomebody => Subject is not null || Email is not null || !Claims.IsEmpty;

    /// <summary>Null where the token is of somebody who may speak here; else which claim is not as it must be. It names what is asked for to nobody.</summary>
    /// <param name="claim">Text, number or truth as text; null where there is none, or it is a list or an object.</param>
    public string? Refusal(Func<string, string?> claim)
    {
        if (Subject is not null && !Subject.Matches(claim("sub")))
        {
            return Other("sub", claim("sub"));
        }

        if (Email is not null && (claim("email") != Email || !string.Equals(claim("email_verified"), "true", StringComparison.OrdinalIgnoreCase)))
        {
            return claim("email") == Email ? "the token's email is not verified by its issuer" : Other("email", claim("email"));
        }

        return Claims.Where(wanted => !wanted.Value.Matches(claim(wanted.Key))).Select(wanted => Other(wanted.Key, claim(wanted.Key))).FirstOrDefault();
    }

    /// <summary>Null where the token is valid at this instant, within <see cref="ClockSkew"/>.</summary>
    /// <param name="notBefore">Null where the token has no <c>nbf</c>.</param>
    /// <param name="expires">Null where it has no <c>exp</c>: such a token is valid for ever, and is not taken.</param>
    public static string? TimeRefusal(DateTimeOffset? notBefore, DateTimeOffset? expires, DateTimeOffset now) =>
        expires is null ? "the token has no end (exp)"
        : now >= expires + ClockSkew ? "the token has run out; get a new one for each call"
        : now < notBefore - ClockSkew ? "the token is not valid yet; compare the clocks"
        : null;

    private static string Other(string name, string? value) =>
        value is null ? $"the token has no claim {name}, which this receiver asks for" : $"the token's claim {name} is {UntrustedText.Quote(value)}, which this receiver does not take";
}
