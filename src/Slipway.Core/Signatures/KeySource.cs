using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Signatures;

/// <summary>Where keys are. They are read anew for each candidate, so that a key that was taken away counts for nothing from then on.</summary>
public abstract record KeySource
{
    private KeySource() { }

    public sealed record Given(string Place, ImmutableArray<VerificationKey> Keys) : KeySource
    {
        public override string ToString() => string.Join(' ', Keys.Select(key => key.Fingerprint));
    }

    /// <summary>In the namespace of the Delivery, and in no other.</summary>
    public sealed record InSecret(string Name, string Key) : KeySource
    {
        public override string ToString() => $"Secret {Name}, {Key}";
    }

    /// <summary>In the namespace of the Delivery, and in no other.</summary>
    public sealed record InConfigMap(string Name, string Key) : KeySource
    {
        public override string ToString() => $"ConfigMap {Name}, {Key}";
    }

    /// <summary>Beside the controller; only who runs it can say so.</summary>
    public sealed record InFile(string Path) : KeySource
    {
        public override string ToString() => $"file {Path}";
    }
}

/// <summary>A requirement as it was written down, with its keys still to be read.</summary>
public sealed record SignatureRule(string By, ImmutableArray<KeySource> Keys, ImmutableArray<string> PredicateTypes, RepositoryName? SignedIdentity)
{
    public const int MaxSources = 16;

    private const int MaxAttestations = 16;

    /// <summary>Whether its keys hang on the namespace of the Delivery.</summary>
    public bool IsLocal => Keys.Any(source => source is KeySource.InSecret or KeySource.InConfigMap);

    /// <summary>Two rules with the same identity require the same, as long as what their sources hold is the same.</summary>
    public string Identity => string.Join('\n', [.. Keys.Select(source => $"{source}"), .. PredicateTypes, $"{SignedIdentity}"]);

    /// <summary>Reads <c>spec.source.verify</c>; null, without a problem, where nothing is required.</summary>
    public static bool TryRead(Verify? verify, out SignatureRule? rule, [NotNullWhen(false)] out SpecProblem? problem)
    {
        const string field = "spec.source.verify";
        rule = null;
        problem = null;
        if (verify is null)
        {
            return true;
        }

        var (keys, types) = (verify.Keys ?? [], Types(verify.Attestations));
        problem = Problem(field, keys.Count, types, verify.SignedIdentity, out var identity);
        var sources = ImmutableArray.CreateBuilder<KeySource>();
        for (var i = 0; i < keys.Count && problem is null; i++)
        {
            problem = Source($"{field}.keys[{i}]", keys[i], sources);
        }

        rule = problem is null ? new SignatureRule(field, sources.ToImmutable(), types, identity) : null;
        return problem is null;
    }

    /// <summary>What is wrong with a rule of either kind beside its keys; null where nothing is.</summary>
    public static SpecProblem? Problem(string field, int keys, ImmutableArray<string> predicateTypes, string? signedIdentity, out RepositoryName? identity)
    {
        identity = null;
        var why = "";
        return keys is 0 or > MaxSources ? new($"{field}.keys", keys == 0 ? "no key is named, so that nothing could be verified; add one, or remove what requires a signature" : $"{keys} are more than {MaxSources}")
            : predicateTypes.Length > MaxAttestations ? new($"{field}.attestations", $"{predicateTypes.Length} are more than {MaxAttestations}")
            : predicateTypes.Any(type => type.Length is 0 or > 512) ? new($"{field}.attestations", "a predicateType is missing or too long; write for example https://slsa.dev/provenance/v1")
            : !string.IsNullOrEmpty(signedIdentity) && !RepositoryName.TryParse(signedIdentity, out identity, out why) ? new($"{field}.signedIdentity", why)
            : null;
    }

    public static ImmutableArray<string> Types(IReadOnlyList<RequiredAttestation>? attestations) =>
        [.. (attestations ?? []).Select(attestation => attestation?.PredicateType ?? "")];

    private static SpecProblem? Source(string field, VerificationKeySource? key, ImmutableArray<KeySource>.Builder sources)
    {
        var given = new[] { key?.ConfigMapKeyRef is not null, key?.SecretKeyRef is not null, !string.IsNullOrEmpty(key?.Pem) }.Count(present => present);
        if (given != 1)
        {
            return new(field, "give exactly one of configMapKeyRef, secretKeyRef and pem");
        }

        if (key!.Pem is { Length: > 0 } pem)
        {
            var read = PemKeys.Read(pem, out var why);
            sources.Add(new KeySource.Given(field, read));
            return why.Length == 0 ? null : new($"{field}.pem", why);
        }

        var (name, entry) = (key.ConfigMapKeyRef ?? key.SecretKeyRef)!;
        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(entry))
        {
            return new(field, "name and key must both be given: which object, and which entry of it holds the key");
        }

        sources.Add(key.ConfigMapKeyRef is null ? new KeySource.InSecret(name, entry) : new KeySource.InConfigMap(name, entry));
        return null;
    }
}
