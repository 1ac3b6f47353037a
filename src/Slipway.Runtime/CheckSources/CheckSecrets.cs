using System.Text;
using System.Text.Json;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Checks.Templates;
using Slipway.Kube;

namespace Slipway.CheckSources;

/// <summary>Reads what the headers of a check take from Secrets, by name and each time: nothing of them is kept.</summary>
internal sealed class CheckSecrets(ClusterConnection cluster)
{
    private const int LongestValue = 16 << 10;

    private sealed record Entries(Dictionary<string, byte[]> Values);

    /// <summary>The headers of a request; or why there are none.</summary>
    /// <exception cref="KubeException">A Secret could not be read.</exception>
    public async Task<(IReadOnlyList<(string Name, string Value)> Headers, string? Problem)> HeadersAsync(
        CheckSource source, MeasureWish wish, bool ofStable, CancellationToken cancellationToken)
    {
        List<(string, string)> headers = [];
        foreach (var header in source.Headers ?? [])
        {
            var (value, why) = header.SecretKeyRef is { } secret ? await EntryAsync(wish, secret, cancellationToken) : Rendered(header.Value ?? "", wish, ofStable);
            if (value is null)
            {
                return ([], $"header {header.Name}: {why}");
            }

            headers.Add((header.Name!, value));
        }

        var (authorization, problem) = await AuthorizationAsync(source.Auth, wish, cancellationToken);
        if (authorization is not null)
        {
            headers.Add(("Authorization", authorization));
        }

        return problem is null ? (headers, null) : ([], problem);
    }

    private async Task<(string? Value, string? Problem)> AuthorizationAsync(CheckAuth? auth, MeasureWish wish, CancellationToken cancellationToken)
    {
        if (auth?.Bearer is { } bearer)
        {
            var (token, why) = await EntryAsync(wish, bearer, cancellationToken);
            return token is null ? (null, $"auth: {why}") : ($"Bearer {token}", null);
        }

        if (auth?.Basic is not { } basic)
        {
            return (null, null);
        }

        var (user, noUser) = await EntryAsync(wish, new(basic.Name, "username"), cancellationToken);
        var (password, noPassword) = await EntryAsync(wish, new(basic.Name, "password"), cancellationToken);
        return user is null || password is null ? (null, $"auth: {noUser ?? noPassword}") : ($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}", null);
    }

    private async Task<(string? Value, string? Problem)> EntryAsync(MeasureWish wish, ObjectKeyReference reference, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(wish.Context.Namespace, reference.Name!);
        var found = await new ResourceClient<Entries>(cluster, ResourceTypes.Secrets, Read).GetAsync(key, cancellationToken);
        return found is null ? (null, $"there is no Secret {key}; create it, or name the right one")
            : !found.Value.Values.TryGetValue(reference.Key!, out var bytes) ? (null, $"the Secret {key} has no entry {reference.Key}; name one that it has")
            : bytes.Length > LongestValue || bytes.AsSpan().TrimEnd("\r\n"u8).ContainsAny("\r\n\0"u8) ? (null, $"entry {reference.Key} of the Secret {key} cannot be a header: it is too long, or has several lines")
            : (Encoding.UTF8.GetString(bytes.AsSpan().TrimEnd("\r\n"u8)), null);
    }

    private static (string? Value, string? Problem) Rendered(string text, MeasureWish wish, bool ofStable) => CheckWords.TryRender(text, TextSyntax.Plain, wish, ofStable, out var why) is { } rendered ? (rendered, null) : (null, why);

    private static Entries Read(JsonElement secret)
    {
        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in secret.Property("data") is { ValueKind: JsonValueKind.Object } data ? data.EnumerateObject().ToArray() : [])
        {
            if (entry.Value.ValueKind == JsonValueKind.String && entry.Value.TryGetBytesFromBase64(out var bytes))
            {
                values[entry.Name] = bytes;
            }
        }

        return new Entries(values);
    }
}
