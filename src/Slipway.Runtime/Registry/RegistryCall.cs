using System.Collections.Immutable;
using System.Net.Http.Headers;

namespace Slipway.Registry;

/// <summary>One question to one host, before it is known how often it is redirected.</summary>
/// <param name="Verb">What is being done, for messages: "list the tags of ghcr.io/acme/shop".</param>
internal sealed record RegistryCall(HttpMethod Method, Uri Address, string Verb, int MaxBytes)
{
    public string? Accept { get; init; }

    /// <summary>Of an answer that the asker has; sent only where there is one, and only then may the answer be that nothing has changed.</summary>
    public string? IfNoneMatch { get; init; }

    public AuthenticationHeaderValue? Authorization { get; init; }

    public IReadOnlyDictionary<string, string>? Form { get; init; }

    public RegistryPayload? Payload { get; init; }

    /// <summary>What a token for this call must allow (distribution documentation, "Token Scope Documentation").</summary>
    public string Actions { get; init; } = LoginStyle.Pull;

    /// <summary>Refusals (HTTP statuses) that the asker explains himself, because they mean something else where it is written.</summary>
    public ImmutableArray<int> Explained { get; init; } = [];

    /// <summary>Beside those that every request has; for services that are no registries.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A token service is asked with a password, and is not followed anywhere.</summary>
    public bool FollowsRedirects { get; init; } = true;

    /// <summary>Whether Docker Hub counts it.</summary>
    public bool IsPull => Method == HttpMethod.Get && Address.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal);

    // The generated text would have the header in it.
    public override string ToString() => $"{Method} {Address.Authority}";
}

/// <summary>What is sent with a call.</summary>
internal sealed record RegistryPayload(ReadOnlyMemory<byte> Bytes, string MediaType);

/// <summary>What came back, whole and within its limits.</summary>
/// <param name="From">The host that answered in the end.</param>
internal sealed record RegistryResponse(int Status, Uri From, ReadOnlyMemory<byte> Body)
{
    public string? Digest { get; init; }

    public string? MediaType { get; init; }

    public string? Link { get; init; }

    public string? Validator { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is left of the host's limit; default where it says nothing.</summary>
    public RateLimit Remaining { get; init; }

    public ImmutableArray<AuthChallenge> Challenges { get; init; } = [];

    public bool IsSuccess => Status is >= 200 and < 300;

    public bool IsNotModified => Status is 304;
}

/// <summary>One request that was sent and answered or not, for the instruments. It names no repository: that would be a label without bound.</summary>
/// <param name="Status">Null where no answer came.</param>
/// <param name="Remaining">What the host says is left of its limit; default where it says nothing.</param>
public readonly record struct RegistryExchange(string Host, string Verb, int? Status, TimeSpan Duration, RateLimit Remaining);
