using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Configuration;

namespace Slipway.Signatures;

/// <summary>An entry of <c>imagePolicies</c>: images of these repositories must be signed so, whatever their Deliveries say.</summary>
public sealed record ImagePolicyConfiguration
{
    private const int MaxPolicies = 256;
    private const int MaxPatterns = 64;

    /// <summary>See <see cref="RepositoryPattern"/>.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <summary>One of them must have signed.</summary>
    public IReadOnlyList<PolicyKeyConfiguration>? Keys { get; init; }

    /// <summary>Each must be there, signed by one of the keys.</summary>
    public IReadOnlyList<RequiredAttestation>? Attestations { get; init; }

    /// <summary>The repository that the signatures must name; default: the one that the image is in.</summary>
    public string? SignedIdentity { get; init; }

    /// <summary>The first thing that is wrong; null where all is well.</summary>
    internal static ConfigurationProblem? Check(IReadOnlyList<ImagePolicyConfiguration> policies) => TryRead(policies, out _);

    /// <summary>Of a configuration that was checked.</summary>
    public static ImmutableArray<ImagePolicy> Read(IReadOnlyList<ImagePolicyConfiguration>? policies)
    {
        _ = TryRead(policies ?? [], out var read);
        return read;
    }

    private static ConfigurationProblem? TryRead(IReadOnlyList<ImagePolicyConfiguration> policies, out ImmutableArray<ImagePolicy> read)
    {
        var found = ImmutableArray.CreateBuilder<ImagePolicy>();
        var problem = policies.Count > MaxPolicies ? new ConfigurationProblem("$.imagePolicies", $"{policies.Count} are more than {MaxPolicies}") : null;
        for (var i = 0; i < policies.Count && problem is null; i++)
        {
            problem = ReadOne($"$.imagePolicies[{i}]", policies[i], found);
        }

        read = problem is null ? found.ToImmutable() : [];
        return problem;
    }

    private static ConfigurationProblem? ReadOne(string field, ImagePolicyConfiguration? policy, ImmutableArray<ImagePolicy>.Builder found)
    {
        if (policy is null || policy.Repositories is not { Count: > 0 and <= MaxPatterns } repositories)
        {
            return new($"{field}.repositories", $"name 1 to {MaxPatterns} repositories, such as ghcr.io/acme/**");
        }

        var patterns = ImmutableArray.CreateBuilder<RepositoryPattern>();
        foreach (var (at, text) in repositories.Index())
        {
            if (!RepositoryPattern.TryParse(text, out var pattern, out var why))
            {
                return new($"{field}.repositories[{at}]", why);
            }

            patterns.Add(pattern);
        }

        var (keys, types) = (policy.Keys ?? [], SignatureRule.Types(policy.Attestations));
        if (SignatureRule.Problem(field, keys.Count, types, policy.SignedIdentity, out var identity) is { } wrong)
        {
            return new(wrong.Field, wrong.Message);
        }

        var sources = ImmutableArray.CreateBuilder<KeySource>();
        foreach (var (at, key) in keys.Index())
        {
            if (Source($"{field}.keys[{at}]", key, sources) is { } problem)
            {
                return problem;
            }
        }

        var by = $"the image policy for {string.Join(", ", repositories.Take(3))}{(repositories.Count > 3 ? ", …" : "")}";
        found.Add(new ImagePolicy(patterns.ToImmutable(), new SignatureRule(by, sources.ToImmutable(), types, identity)));
        return null;
    }

    private static ConfigurationProblem? Source(string field, PolicyKeyConfiguration? key, ImmutableArray<KeySource>.Builder sources)
    {
        if (string.IsNullOrEmpty(key?.KeyFile) == string.IsNullOrEmpty(key?.Pem))
        {
            return new(field, "give exactly one of keyFile and pem");
        }

        if (key!.KeyFile is { Length: > 0 } file)
        {
            sources.Add(new KeySource.InFile(file));
            return Path.IsPathFullyQualified(file) ? null : new($"{field}.keyFile", "write the whole path, from the root");
        }

        var keys = PemKeys.Read(key.Pem!, out var why);
        sources.Add(new KeySource.Given(field, keys));
        return why.Length == 0 ? null : new($"{field}.pem", why);
    }
}

/// <summary>One or several public keys in PEM: exactly one of the fields.</summary>
/// <param name="KeyFile">Read anew at each use, so that a mounted Secret or ConfigMap may change.</param>
public sealed record PolicyKeyConfiguration(string? KeyFile = null, string? Pem = null);
