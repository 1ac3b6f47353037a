namespace Slipway.Webhooks.Receivers;

/// <summary>One entry of <c>receivers:</c> in the controller's configuration file, as it is written. Exactly one of the proofs stands in it.</summary>
public sealed record ReceiverSettings
{
    /// <summary>The last part of the route, <c>/webhooks/NAME</c>.</summary>
    public string? Name { get; init; }

    /// <summary>One of <see cref="ReceiverType.All"/>.</summary>
    public string? Type { get; init; }

    /// <summary>The host under which images are pulled, for vendors whose payload does not say it.</summary>
    public string? Registry { get; init; }

    /// <summary>Repositories that this receiver may speak for, as globs; none: all.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    public string? TokenFile { get; init; }

    public HmacSettings? Hmac { get; init; }

    public BasicSettings? Basic { get; init; }

    public OidcSettings? Oidc { get; init; }
}

/// <summary>The key of a signature; header and algorithm follow from the receiver's type.</summary>
public sealed record HmacSettings
{
    public string? SecretFile { get; init; }
}

/// <summary>A login.</summary>
public sealed record BasicSettings
{
    public string? UsernameFile { get; init; }

    public string? PasswordFile { get; init; }
}

/// <summary>An issuer of tokens, and of whom its tokens must be.</summary>
public sealed record OidcSettings
{
    public string? Issuer { get; init; }

    public string? Audience { get; init; }

    public string? Subject { get; init; }

    public string? Email { get; init; }

    public IReadOnlyDictionary<string, string>? Claims { get; init; }
}
