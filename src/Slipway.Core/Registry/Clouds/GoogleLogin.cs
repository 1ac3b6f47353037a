namespace Slipway.Registry;

/// <summary>
/// Google's access tokens as a login for its registries, whose user is <c>oauth2accesstoken</c> (Artifact Registry, "Configure authentication
/// to Artifact Registry for Docker"): from the metadata server (Compute Engine, "Authenticate workloads"), which GKE's workload identity answers for
/// a pod, or by workload identity federation (AIP-4117) for clusters elsewhere.
/// </summary>
public static class GoogleLogin
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    /// <param name="metadata">metadata.google.internal, or what <c>GCE_METADATA_HOST</c> says.</param>
    public static CloudRequest FromMetadata(string metadata) =>
        CloudRequest.Get(new Uri($"http://{metadata}/computeMetadata/v1/instance/service-accounts/default/token"), new KeyValuePair<string, string>("Metadata-Flavor", "Google"));

    /// <summary>Trades the token of another issuer for one of Google's (RFC 8693).</summary>
    public static CloudRequest Exchange(GoogleFederation federation, string subjectToken) => CloudRequest.PostForm(
        federation.TokenAddress,
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("audience", federation.Audience),
        ("scope", Scope),
        ("subject_token_type", federation.SubjectTokenType),
        ("subject_token", subjectToken));

    /// <summary>Trades a federated token for one of a service account (IAM Credentials API, generateAccessToken).</summary>
    public static CloudRequest Impersonate(Uri address, string token) => new(
        "POST", address, [new("Authorization", $"Bearer {token}")], CloudRequest.Json, $$"""{"scope":["{{Scope}}"],"lifetime":"3600s"}""");

    /// <summary>Of the metadata server, the exchange, or the impersonation; null where there is no token in the answer.</summary>
    public static ExpiringLogin? Read(ReadOnlyMemory<byte> body, DateTimeOffset now) => CloudJson.Read(body, root =>
    {
        var end = root.Number("expires_in") is { } seconds ? now.AddSeconds(Math.Clamp(seconds, 0, 86_400))
            : DateTimeOffset.TryParse(root.Text("expireTime"), System.Globalization.CultureInfo.InvariantCulture, out var instant) ? instant
            : now.AddMinutes(5);
        return (root.Text("access_token") ?? root.Text("accessToken")) is { } token ? ExpiringLogin.Until(new RegistryCredential("oauth2accesstoken", token), end, now) : null;
    });
}

/// <summary>A file of type <c>external_account</c>, as <c>GOOGLE_APPLICATION_CREDENTIALS</c> names it (AIP-4117): no secret, but where to find one.</summary>
/// <param name="SubjectTokenFile">A projected service account token.</param>
/// <param name="SubjectTokenField">Where the file is JSON, the field that has the token; null where it is the token.</param>
/// <param name="Impersonation">Null where the federated identity itself may read.</param>
public sealed record GoogleFederation(string Audience, string SubjectTokenType, Uri TokenAddress, string SubjectTokenFile, string? SubjectTokenField, Uri? Impersonation)
{
    /// <returns>Null, with the reason.</returns>
    public static GoogleFederation? TryParse(ReadOnlyMemory<byte> file, out string why)
    {
        var reason = "it is not JSON with the fields of a credential";
        var federation = CloudJson.Read(file, root =>
        {
            var source = root.Field("credential_source");
            reason = (root.Text("type"), source.Text("file")) switch
            {
                ("service_account", _) => "it is the key of a service account; write it into a file as passwordFile, with the user name _json_key",
                (not "external_account", _) => "its type is not external_account",
                (_, null) => "its credential_source is not a file, which is the only source that is read here",
                _ => "it lacks audience, subject_token_type or a token_url with TLS",
            };
            return root.Text("type") is "external_account" && source.Text("file") is { } path && root.Text("audience") is { } audience && root.Text("subject_token_type") is { } type
                && Address(root.Text("token_url")) is { } token
                    ? new GoogleFederation(audience, type, token, path, source.Field("format").Text("type") is "json" ? source.Field("format").Text("subject_token_field_name") : null, Address(root.Text("service_account_impersonation_url")))
                    : null;
        });
        why = reason;
        return federation;
    }

    /// <summary>The token in the file that <see cref="SubjectTokenFile"/> names; null where there is none.</summary>
    public string? SubjectToken(ReadOnlyMemory<byte> file) =>
        SubjectTokenField is { } field ? CloudJson.Read(file, root => root.Text(field)) : System.Text.Encoding.UTF8.GetString(file.Span).Trim() is { Length: > 0 } token ? token : null;

    // What is sent there is worth as much as a login: TLS, but for a stand-in on loopback.
    private static Uri? Address(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && HostKind.IsLoopback(address.Host))) ? address : null;
}
