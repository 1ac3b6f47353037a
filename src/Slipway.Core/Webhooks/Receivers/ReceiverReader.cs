using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Webhooks.Receivers;

/// <summary>Reads the section <c>receivers:</c>. Every refusal names the place, the reason and the way out.</summary>
public static class ReceiverReader
{
    private const int LongestName = 63;

    /// <summary>The first thing that is wrong, by its place in the section (<c>[0].type</c>); null where all is well.</summary>
    public static (string Place, string Why)? Check(IReadOnlyList<ReceiverSettings> settings)
    {
        if (settings.Count > ReceiverTerms.MaxReceivers)
        {
            return ("", $"there are {settings.Count}, and at most {ReceiverTerms.MaxReceivers} are taken; one takes any number of senders of its kind");
        }

        foreach (var (at, one) in settings.Index())
        {
            // A fault begins with its field.
            if ((Fault(one, settings.Take(at)) ?? ProofFault(one, ReceiverType.All[one.Type!]))?.Split(": ", 2) is [var field, var why])
            {
                return ($"[{at}].{field}", why);
            }
        }

        return null;
    }

    /// <summary>What passed <see cref="Check"/>, as the routes need it.</summary>
    public static ImmutableArray<ReceiverTerms> Read(IReadOnlyList<ReceiverSettings> settings) =>
        [.. settings.Select(one => new ReceiverTerms(one.Name!, ReceiverType.All[one.Type!], ProofOf(one), Given(one.Registry), [.. (one.Repositories ?? []).Select(glob => new NameGlob(glob))]))];

    private static string? Fault(ReceiverSettings one, IEnumerable<ReceiverSettings> before) => one switch
    {
        null => "name: the entry is empty; give it a name, a type and a proof",
        { Name: null or "" } => "name: it is missing; it is the last part of the route /webhooks/NAME",
        _ when !IsName(one.Name) => $"name: {UntrustedText.Quote(one.Name)} cannot stand in a route; use lower-case letters, digits and hyphens, at most {LongestName}",
        _ when before.Any(other => other.Name == one.Name) => $"name: {UntrustedText.Quote(one.Name)} is there twice; each receiver has a route of its own",
        _ when one.Type is null || !ReceiverType.All.ContainsKey(one.Type) =>
            $"type: {UntrustedText.Quote(one.Type)} is none; take one of {string.Join(", ", ReceiverType.All.Keys.Order(StringComparer.Ordinal))}",
        _ when Given(one.Registry) is { } host && !ReferenceGrammar.IsDomain(host) => $"registry: {UntrustedText.Quote(host)} is no host; write it as in an image's name, without a scheme",
        _ when one.Repositories?.Any(string.IsNullOrEmpty) == true => "repositories: one is empty; write globs such as ghcr.io/acme/*",
        _ => null,
    };

    private static string? ProofFault(ReceiverSettings one, ReceiverType type)
    {
        (ReceiverProofs Proof, string Field)[] given =
        [
            .. Given(one.TokenFile) is null ? Array.Empty<(ReceiverProofs, string)>() : [(ReceiverProofs.Token, "tokenFile")],
            .. one.Hmac is null ? Array.Empty<(ReceiverProofs, string)>() : [(ReceiverProofs.Hmac, "hmac")],
            .. one.Basic is null ? Array.Empty<(ReceiverProofs, string)>() : [(ReceiverProofs.Basic, "basic")],
            .. one.Oidc is null ? Array.Empty<(ReceiverProofs, string)>() : [(ReceiverProofs.Oidc, "oidc")],
        ];
        return given switch
        {
            [] => $"type: nothing says how {type.Vendor} proves itself; there is no receiver without a proof: give it {Ways(type)}",
            [_, _, ..] => $"{given[1].Field}: {given[0].Field} is there too; a receiver has exactly one proof",
            [var (proof, field)] when !type.Proofs.HasFlag(proof) => $"{field}: {type.Vendor} does not send that; give it {Ways(type)}",
            _ => HmacFault(one.Hmac) ?? BasicFault(one.Basic) ?? OidcFault(one.Oidc),
        };
    }

    private static string? HmacFault(HmacSettings? hmac) =>
        hmac is not null && Given(hmac.SecretFile) is null ? "hmac.secretFile: it is missing; name the file that has the secret, a mounted Secret" : null;

    private static string? BasicFault(BasicSettings? basic) => basic switch
    {
        null => null,
        _ when Given(basic.UsernameFile) is null => "basic.usernameFile: it is missing; name the file that has the user's name",
        _ when Given(basic.PasswordFile) is null => "basic.passwordFile: it is missing; name the file that has the password, a mounted Secret",
        _ => null,
    };

    private static string? OidcFault(OidcSettings? oidc) => oidc switch
    {
        null => null,
        _ when !IsIssuer(oidc.Issuer) => $"oidc.issuer: {UntrustedText.Quote(oidc.Issuer)} is no issuer; write its address as in the token's iss, with https",
        _ when Given(oidc.Audience) is null => "oidc.audience: it is missing; choose one that the sender asks for and nobody else, such as this route's address",
        _ when oidc.Claims?.Any(claim => string.IsNullOrEmpty(claim.Value)) == true => "oidc.claims: one has no value; write a glob, or take the claim away",
        _ when !TermsOf(oidc).NamesSomebody =>
            "oidc: with issuer and audience alone everybody with an account there may speak; name a subject, an email or claims, such as {repository: acme/shop}",
        _ => null,
    };

    private static ReceiverProof ProofOf(ReceiverSettings one) =>
        one.Hmac is not null ? new ReceiverProof.KeyFile(one.Hmac.SecretFile!)
        : one.Basic is not null ? new ReceiverProof.LoginFiles(one.Basic.UsernameFile!, one.Basic.PasswordFile!)
        : one.Oidc is not null ? new ReceiverProof.Issuer(TermsOf(one.Oidc))
        : new ReceiverProof.TokenFile(one.TokenFile!);

    private static OidcTerms TermsOf(OidcSettings oidc) => new(
        oidc.Issuer!,
        oidc.Audience!,
        Given(oidc.Subject) is { } subject ? new NameGlob(subject) : null,
        Given(oidc.Email),
        (oidc.Claims ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(claim => claim.Key, claim => new NameGlob(claim.Value), StringComparer.Ordinal));

    // Plain HTTP to this machine alone: keys that came over an open line are anybody's.
    private static bool IsIssuer(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "https" || (address.Scheme is "http" && address.IsLoopback))
        && address is { Query: "", Fragment: "", UserInfo: "" };

    private static bool IsName(string name) =>
        name.Length <= LongestName && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-') && name[0] is not '-' && name[^1] is not '-';

    private static string Ways(ReceiverType type) =>
        string.Join(" or ", new[] { (ReceiverProofs.Token, "tokenFile"), (ReceiverProofs.Hmac, "hmac"), (ReceiverProofs.Basic, "basic"), (ReceiverProofs.Oidc, "oidc") }
            .Where(way => type.Proofs.HasFlag(way.Item1)).Select(way => way.Item2));

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
