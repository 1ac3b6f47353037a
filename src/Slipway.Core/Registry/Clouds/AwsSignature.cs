using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Registry;

/// <summary>Keys of AWS. They never show themselves.</summary>
/// <param name="SessionToken">Of temporary keys; null for a user's own.</param>
/// <param name="End">Null where they have none.</param>
public sealed record AwsKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken, DateTimeOffset? End = null)
{
    public override string ToString() => nameof(AwsKeys);
}

/// <summary>Signature Version 4 (AWS, "Create a signed AWS API request"), with the payload signed and every header that is given.</summary>
public static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The request with what proves who sends it: Authorization, X-Amz-Date and the session's token.</summary>
    public static CloudRequest Sign(CloudRequest request, AwsKeys keys, string region, string service, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var headers = request.Headers.Add(new("X-Amz-Date", time));
        headers = keys.SessionToken is { } token ? headers.Add(new("X-Amz-Security-Token", token)) : headers;
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        var signed = Signed(request, headers);
        var names = string.Join(';', signed.Select(header => header.Key));
        var text = $"{Algorithm}\n{time}\n{scope}\n{Hash(Canonical(request, signed, names))}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Key(keys.SecretAccessKey, time[..8], region, service), Encoding.UTF8.GetBytes(text)));
        return request with { Headers = headers.Add(new("Authorization", $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}")) };
    }

    private static ImmutableArray<KeyValuePair<string, string>> Signed(CloudRequest request, ImmutableArray<KeyValuePair<string, string>> headers)
    {
        var all = headers.Add(new("Host", request.Address.Authority));
        all = request.ContentType is { } type ? all.Add(new("Content-Type", type)) : all;
        return [.. all.Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value.Trim())).OrderBy(header => header.Key, StringComparer.Ordinal)];
    }

    private static string Canonical(CloudRequest request, ImmutableArray<KeyValuePair<string, string>> headers, string names)
    {
        // Sorted by name and value after encoding; ours are encoded in the address already.
        var query = string.Join('&', request.Address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Contains('=') ? pair : $"{pair}=").Order(StringComparer.Ordinal));
        var lines = string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"));
        return $"{request.Method}\n{request.Address.AbsolutePath}\n{query}\n{lines}\n{names}\n{Hash(request.Body ?? "")}";
    }

    private static byte[] Key(string secret, string date, string region, string service)
    {
        var key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (var part in new[] { date, region, service, "aws4_request" })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
