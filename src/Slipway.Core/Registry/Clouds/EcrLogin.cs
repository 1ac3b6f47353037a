using System.Text;

namespace Slipway.Registry;

/// <summary>
/// ECR's own login (ECR API reference, GetAuthorizationToken; ECR Public API reference, the same) and the requests by which a workload gets
/// keys for it: STS AssumeRoleWithWebIdentity (STS API reference), which IAM roles for service accounts use, the container credentials of EKS
/// Pod Identity and ECS (AWS SDKs and tools reference, "Container credential provider"), and the instance metadata service, version 2 (EC2 user guide).
/// </summary>
public static class EcrLogin
{
    private const string ContentType = "application/x-amz-json-1.1";

    /// <summary>Where the API of the registry's region is.</summary>
    public static Uri Api(CloudRegistry.Ecr registry) => new(registry switch
    {
        // The dual-stack names, whose API is not beside the registry.
        { Suffix: "on.aws" } => $"https://ecr{(registry.Fips ? "-fips" : "")}.{registry.Region}.api.aws/",
        { Suffix: "on.amazonwebservices.com.cn" } => $"https://ecr.{registry.Region}.api.amazonwebservices.com.cn/",
        { Fips: true } => $"https://ecr-fips.{registry.Region}.{registry.Suffix}/",
        _ => $"https://api.ecr.{registry.Region}.{registry.Suffix}/",
    });

    /// <param name="api">Instead of the region's own; null for that.</param>
    public static CloudRequest Token(CloudRegistry.Ecr registry, Uri? api, AwsKeys keys, DateTimeOffset now) =>
        AwsSignature.Sign(Call(api ?? Api(registry), "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"), keys, registry.Region, "ecr", now);

    public static CloudRequest PublicToken(Uri? api, AwsKeys keys, DateTimeOffset now) =>
        AwsSignature.Sign(Call(api ?? new("https://api.ecr-public.us-east-1.amazonaws.com/"), "SpencerFrontendService.GetAuthorizationToken"), keys, "us-east-1", "ecr-public", now);

    /// <summary>Null where there is no token in the answer.</summary>
    public static ExpiringLogin? Read(ReadOnlyMemory<byte> body, DateTimeOffset now) => CloudJson.Read(body, root =>
    {
        // A list of one in the private API, the one itself in the public one.
        var data = root.Field("authorizationData");
        data = data.ValueKind is System.Text.Json.JsonValueKind.Array ? data.EnumerateArray().FirstOrDefault() : data;
        return data.Text("authorizationToken") is { } token && DockerConfig.TryDecode(token) is var (username, password) && data.Number("expiresAt") is { } end
            ? ExpiringLogin.Until(new RegistryCredential(username, password), DateTimeOffset.UnixEpoch.AddSeconds(end), now)
            : null;
    });

    /// <param name="sts">The region's own, such as <c>https://sts.eu-west-1.amazonaws.com/</c>, or what stands for it.</param>
    public static CloudRequest AssumeRole(Uri sts, string roleArn, string sessionName, string webIdentityToken) => CloudRequest.PostForm(
        sts,
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", roleArn),
        ("RoleSessionName", sessionName),
        ("WebIdentityToken", webIdentityToken));

    /// <summary>STS answers in XML, flat where it matters; null where there are no keys in it.</summary>
    public static AwsKeys? ReadAssumedRole(ReadOnlyMemory<byte> body)
    {
        var xml = Encoding.UTF8.GetString(body.Span);
        return Element(xml, "AccessKeyId") is { } id && Element(xml, "SecretAccessKey") is { } secret && Element(xml, "SessionToken") is { } token
            ? new AwsKeys(id, secret, token, Instant(Element(xml, "Expiration")))
            : null;
    }

    /// <summary>Of a container's credentials or of the instance metadata service; null where there are none.</summary>
    public static AwsKeys? ReadKeys(ReadOnlyMemory<byte> body) => CloudJson.Read(body, root =>
        root.Text("AccessKeyId") is { } id && root.Text("SecretAccessKey") is { } secret ? new AwsKeys(id, secret, root.Text("Token"), Instant(root.Text("Expiration"))) : null);

    private static CloudRequest Call(Uri api, string target) => new("POST", api, [new("X-Amz-Target", target)], ContentType, "{}");

    private static string? Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        var end = start < 0 ? -1 : xml.IndexOf($"</{name}>", start, StringComparison.Ordinal);
        return end < 0 ? null : xml[(start + name.Length + 2)..end].Trim();
    }

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
}
