using System.Text;

namespace Slipway.Registry;

/// <summary>
/// Logins at ECR by the identity of the controller's pod, in the order of AWS's own libraries ("Standardized credential providers"): keys in the
/// environment, a web identity, a container's credentials, the instance's role.
/// </summary>
internal sealed class AmazonLogins(CloudCalls calls)
{
    private const string SessionName = "slipway";

    // AWS SDKs and tools reference, "Container credential provider": over plain HTTP keys come from these and from loopback only.
    private static readonly string[] ContainerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

    public async Task<LoginAnswer> LogInAsync(CloudRegistry registry, CancellationToken cancellationToken)
    {
        var (keys, why) = await KeysAsync(registry as CloudRegistry.Ecr, cancellationToken);
        if (keys is null)
        {
            return new LoginAnswer.Failed(why);
        }

        var request = registry is CloudRegistry.Ecr ecr
            ? EcrLogin.Token(ecr, calls.Address("AWS_ENDPOINT_URL_ECR"), keys, calls.Now)
            : EcrLogin.PublicToken(calls.Address("AWS_ENDPOINT_URL_ECR_PUBLIC"), keys, calls.Now);
        var (login, refused) = await calls.AskAsync(request, "log in at ECR", body => EcrLogin.Read(body, calls.Now), cancellationToken);
        return login is null ? new LoginAnswer.Failed(refused) : new LoginAnswer.Found(login);
    }

    private Task<(AwsKeys? Keys, string Why)> KeysAsync(CloudRegistry.Ecr? registry, CancellationToken cancellationToken) => this switch
    {
        _ when calls.Variable("AWS_ACCESS_KEY_ID") is { } id && calls.Variable("AWS_SECRET_ACCESS_KEY") is { } secret => Task.FromResult<(AwsKeys?, string)>((new AwsKeys(id, secret, calls.Variable("AWS_SESSION_TOKEN")), "")),
        _ when calls.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { } file && calls.Variable("AWS_ROLE_ARN") is { } role => AssumeAsync(file, role, registry, cancellationToken),
        _ when calls.Address("AWS_CONTAINER_CREDENTIALS_FULL_URI") is { } full => ContainerAsync(full, cancellationToken),
        _ when calls.Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is { } path => ContainerAsync(new Uri(new Uri("http://169.254.170.2"), path), cancellationToken),
        _ when calls.Variable("AWS_EC2_METADATA_DISABLED") is "true" => Task.FromResult<(AwsKeys?, string)>((null, "the pod has no identity of AWS: give its service account a role, or a Pod Identity association")),
        _ => InstanceAsync(cancellationToken),
    };

    private async Task<(AwsKeys? Keys, string Why)> AssumeAsync(string tokenFile, string role, CloudRegistry.Ecr? registry, CancellationToken cancellationToken)
    {
        if (SmallFile.TryReadText(tokenFile, out var why) is not { } token)
        {
            return (null, $"cannot assume {role}: {why}");
        }

        var region = calls.Variable("AWS_REGION") ?? calls.Variable("AWS_DEFAULT_REGION") ?? registry?.Region ?? "us-east-1";
        var suffix = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : region.StartsWith("eusc-", StringComparison.Ordinal) ? "amazonaws.eu" : "amazonaws.com";
        var sts = calls.Address("AWS_ENDPOINT_URL_STS") ?? new Uri($"https://sts.{region}.{suffix}/");
        return await calls.AskAsync(EcrLogin.AssumeRole(sts, role, SessionName, token), $"assume {role}", EcrLogin.ReadAssumedRole, cancellationToken);
    }

    private async Task<(AwsKeys? Keys, string Why)> ContainerAsync(Uri address, CancellationToken cancellationToken)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !ContainerHosts.Contains(address.Host) && !HostKind.IsLoopback(address.Host))
        {
            return (null, $"AWS_CONTAINER_CREDENTIALS_FULL_URI names {address.Host}, from which keys are not taken without TLS");
        }

        var token = calls.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (calls.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { } file && (token = SmallFile.TryReadText(file, out var why)) is null)
        {
            return (null, $"cannot get the pod's keys: {why}");
        }

        var request = token is null ? CloudRequest.Get(address) : CloudRequest.Get(address, new KeyValuePair<string, string>("Authorization", token));
        return await calls.AskAsync(request, "get the pod's keys", EcrLogin.ReadKeys, cancellationToken);
    }

    // Version 2 only: a session first, which a request that was tricked out of us could not get.
    private async Task<(AwsKeys? Keys, string Why)> InstanceAsync(CancellationToken cancellationToken)
    {
        var metadata = calls.Address("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? new Uri("http://169.254.169.254");
        var start = new CloudRequest("PUT", new Uri(metadata, "/latest/api/token"), [new("X-aws-ec2-metadata-token-ttl-seconds", "60")]);
        var (session, why) = await calls.AskAsync(start, "get the node's keys", Line, cancellationToken);
        if (session is null)
        {
            return (null, why);
        }

        var header = new KeyValuePair<string, string>("X-aws-ec2-metadata-token", session);
        var roles = new Uri(metadata, "/latest/meta-data/iam/security-credentials/");
        (var role, why) = await calls.AskAsync(CloudRequest.Get(roles, header), "get the node's keys", Line, cancellationToken);
        return role is null ? (null, why) : await calls.AskAsync(CloudRequest.Get(new Uri(roles, Uri.EscapeDataString(role)), header), "get the node's keys", EcrLogin.ReadKeys, cancellationToken);
    }

    // One word that a header can carry.
    private static string? Line(ReadOnlyMemory<byte> body) =>
        Encoding.ASCII.GetString(body.Span).Split('\n')[0].Trim() is { Length: > 0 and < 4096 } line && line.All(letter => letter is > ' ' and <= '~') ? line : null;
}
