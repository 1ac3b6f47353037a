using System.Collections.Immutable;
using Slipway.Conditions;
using Slipway.Kube;

namespace Slipway.Signatures;

/// <summary>Rules with their keys read; or why they cannot be.</summary>
internal sealed record ReadRequirements(ImmutableArray<SignatureRequirement> Requirements, string? Reason = null, string Why = "");

/// <summary>
/// Reads keys from where they are: by name from the API server, and only from the namespace of the Delivery. One that cannot be read makes the
/// whole rule unusable, also beside others: which keys count is not left to what happens to be readable.
/// </summary>
internal sealed class RequirementReader(ClusterConnection cluster)
{
    private const int MaxFileBytes = 64 * 1024;

    public async Task<ReadRequirements> ReadAsync(string ns, IEnumerable<SignatureRule> rules, CancellationToken cancellationToken)
    {
        var requirements = ImmutableArray.CreateBuilder<SignatureRequirement>();
        foreach (var rule in rules)
        {
            var keys = ImmutableArray.CreateBuilder<VerificationKey>();
            foreach (var source in rule.Keys)
            {
                try
                {
                    var (read, why) = await KeysAsync(ns, source, cancellationToken);
                    if (why.Length > 0)
                    {
                        return new([], Reasons.KeyUnusable, $"{rule.By}: {Named(ns, source)}: {why}");
                    }

                    keys.AddRange(read);
                }
                catch (KubeException e)
                {
                    return new([], e.IsForbidden || e.Reason is KubeException.Invalid or KubeException.Unreadable ? Reasons.KeyUnusable : Reasons.VerificationUnavailable, $"{rule.By}: {e.Message}");
                }
            }

            requirements.Add(new(rule.By, [.. keys.Distinct()], rule.PredicateTypes, rule.SignedIdentity));
        }

        return new(requirements.ToImmutable());
    }

    private async Task<(ImmutableArray<VerificationKey> Keys, string Why)> KeysAsync(string ns, KeySource source, CancellationToken cancellationToken)
    {
        if (source is KeySource.Given given)
        {
            return (given.Keys, "");
        }

        var (text, why) = source switch
        {
            KeySource.InConfigMap map => Entry(await GetAsync(ResourceTypes.ConfigMaps, ns, map.Name, KeyEntryReader.OfConfigMap, map.Key, cancellationToken), map.Key),
            KeySource.InSecret secret => Entry(await GetAsync(ResourceTypes.Secrets, ns, secret.Name, KeyEntryReader.OfSecret, secret.Key, cancellationToken), secret.Key),
            KeySource.InFile file => FileText(file.Path),
            _ => throw new System.Diagnostics.UnreachableException($"unknown source {source}"),
        };
        return text is null ? ([], why) : (PemKeys.Read(text, out why), why);
    }

    private async Task<KeyEntry?> GetAsync(
        ResourceType type, string ns, string name, Func<System.Text.Json.JsonElement, string, KeyEntry> read, string entry, CancellationToken cancellationToken) =>
        (await new ResourceClient<KeyEntry>(cluster, type, json => read(json, entry)).GetAsync(new ObjectKey(ns, name), cancellationToken))?.Value;

    private static (string? Text, string Why) Entry(KeyEntry? entry, string key) =>
        entry is null ? (null, "it does not exist; create it, or name the right one") : (entry.Text, $"it has no entry {key}; name one that it has");

    // A mounted Secret is another file after it was changed, so it is read each time.
    private static (string? Text, string Why) FileText(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length > MaxFileBytes ? (null, $"it has more than {MaxFileBytes / 1024} KiB") : (File.ReadAllText(path), "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"it cannot be read: {e.Message}");
        }
    }

    private static string Named(string ns, KeySource source) => source switch
    {
        KeySource.InConfigMap map => $"ConfigMap {ns}/{map.Name}, entry {map.Key}",
        KeySource.InSecret secret => $"Secret {ns}/{secret.Name}, entry {secret.Key}",
        _ => $"{source}",
    };
}
