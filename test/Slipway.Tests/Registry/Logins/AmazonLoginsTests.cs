using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry.Logins;

public sealed class AmazonLoginsTests : IAsyncLifetime
{
    private const string Host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

    private static readonly RegistryLogin Ecr = new() { Provider = "ecr" };

    private LoginWorld _world = null!;
    private RepositoryName _repository = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await LoginWorld.StartAsync();
        _repository = _world.Serve(Host, "AWS");
        _world.Routes["api.ecr.eu-west-1.amazonaws.com"] = _world.Cloud.Address;
        _world.Routes["api.ecr-public.us-east-1.amazonaws.com"] = _world.Cloud.Address;
        _world.Routes["sts.eu-west-1.amazonaws.com"] = _world.Cloud.Address;
        _world.Routes["169.254.169.254"] = _world.Cloud.Address;
        _world.Routes["169.254.170.2"] = _world.Cloud.Address;
        _world.Cloud.Answers = asked => asked switch
        {
            { Method: "POST", Body: "{}" } => (200, Token()),
            { Method: "POST" } => (200, "<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>sts-secret</SecretAccessKey><SessionToken>session</SessionToken></Credentials>"),
            { Method: "PUT", Path: "/latest/api/token" } => (200, "imds-session=="),
            { Path: "/latest/meta-data/iam/security-credentials/" } => (200, "node-role\n"),
            { Method: "GET" } => (200, """{"AccessKeyId":"ASIB","SecretAccessKey":"other-secret","Token":"session","Expiration":"2026-01-01T18:00:00Z"}"""),
            _ => null,
        };
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private string Token() => _world.Cloud.Requests.Last().Header("X-Amz-Target").StartsWith("Spencer", StringComparison.Ordinal)
        ? $$"""{"authorizationData":{"authorizationToken":"{{LoginWorld.Base64($"AWS:{LoginWorld.Password}")}}","expiresAt":{{Expiry}}} }"""
        : $$"""{"authorizationData":[{"authorizationToken":"{{LoginWorld.Base64($"AWS:{LoginWorld.Password}")}}","expiresAt":{{Expiry}}}]}""";

    private long Expiry => _world.Time.GetUtcNow().AddHours(12).ToUnixTimeSeconds();

    private void WithWebIdentity()
    {
        _world.Variables["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/slipway";
        _world.Variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = _world.Write("token", "projected-jwt\n");
    }

    [Fact]
    public async Task A_web_identity_becomes_a_role_and_the_role_a_login()
    {
        WithWebIdentity();

        await LoginWorld.SeesAsync(_world.NewClient(Host, Ecr), _repository);

        var (sts, ecr) = (_world.Cloud.Requests.First(), _world.Cloud.Requests.Last());
        Assert.Equal(("sts.eu-west-1.amazonaws.com", "AssumeRoleWithWebIdentity", "arn:aws:iam::123456789012:role/slipway", "projected-jwt"), (sts.Host, sts.Form["Action"], sts.Form["RoleArn"], sts.Form["WebIdentityToken"]));
        Assert.Empty(sts.Header("Authorization"));
        Assert.Equal(("api.ecr.eu-west-1.amazonaws.com", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "session"), (ecr.Host, ecr.Header("X-Amz-Target"), ecr.Header("X-Amz-Security-Token")));
        Assert.Null(ecr.SignatureProblem("sts-secret", "eu-west-1", "ecr"));
    }

    [Fact]
    public async Task One_token_serves_all_repositories_of_the_region_until_shortly_before_its_end()
    {
        WithWebIdentity();
        var client = _world.NewClient("*.dkr.ecr.*.amazonaws.com", Ecr);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LoginWorld.SeesAsync(client, _repository)));
        Assert.Equal("POST /, POST /", _world.Cloud.Drain());

        _world.Time.Advance(TimeSpan.FromHours(11.8));
        await LoginWorld.SeesAsync(client, _repository);
        Assert.Empty(_world.Cloud.Drain());

        _world.Time.Advance(TimeSpan.FromHours(0.15));
        await LoginWorld.SeesAsync(client, _repository);
        Assert.Equal("POST /, POST /", _world.Cloud.Drain());
    }

    [Fact]
    public async Task Pod_identity_gives_keys_to_who_shows_its_token()
    {
        _world.Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"{_world.Cloud.Address}v1/credentials";
        _world.Variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = _world.Write("token", "pod-jwt");

        await LoginWorld.SeesAsync(_world.NewClient(Host, Ecr), _repository);

        Assert.Equal(("/v1/credentials", "pod-jwt"), (_world.Cloud.Requests.First().Path, _world.Cloud.Requests.First().Header("Authorization")));
        Assert.Null(_world.Cloud.Requests.Last().SignatureProblem("other-secret", "eu-west-1", "ecr"));
    }

    [Fact]
    public async Task Keys_are_not_taken_from_a_stranger_without_tls()
    {
        _world.Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://keys.example/";

        Assert.Contains("keys.example, from which keys are not taken", await _world.RefusedAsync(_world.NewClient(Host, Ecr), _repository), StringComparison.Ordinal);
        Assert.Empty(_world.Cloud.Requests);
    }

    [Fact]
    public async Task A_task_s_relative_address_is_asked_at_the_well_known_one()
    {
        _world.Variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/1";

        await LoginWorld.SeesAsync(_world.NewClient(Host, Ecr), _repository);

        Assert.Equal(("169.254.170.2", "/v2/credentials/1"), (_world.Cloud.Requests.First().Host, _world.Cloud.Requests.First().Path));
    }

    [Fact]
    public async Task A_node_s_role_is_asked_for_in_a_session()
    {
        await LoginWorld.SeesAsync(_world.NewClient(Host, Ecr), _repository);

        Assert.All(_world.Cloud.Requests.Skip(1).Take(2), asked => Assert.Equal("imds-session==", asked.Header("X-aws-ec2-metadata-token")));
        Assert.Equal("PUT /latest/api/token, GET /latest/meta-data/iam/security-credentials/, GET /latest/meta-data/iam/security-credentials/node-role, POST /", _world.Cloud.Drain());
    }

    [Fact]
    public async Task Keys_in_the_environment_come_first()
    {
        WithWebIdentity();
        (_world.Variables["AWS_ACCESS_KEY_ID"], _world.Variables["AWS_SECRET_ACCESS_KEY"]) = ("AKIA", "static-secret");

        await LoginWorld.SeesAsync(_world.NewClient(Host, Ecr), _repository);

        Assert.Null(Assert.Single(_world.Cloud.Requests).SignatureProblem("static-secret", "eu-west-1", "ecr"));
    }

    [Fact]
    public async Task The_public_registry_is_logged_in_to_in_the_one_region_that_can()
    {
        var repository = _world.Serve("public.ecr.aws", "AWS");
        (_world.Variables["AWS_ACCESS_KEY_ID"], _world.Variables["AWS_SECRET_ACCESS_KEY"]) = ("AKIA", "static-secret");

        await LoginWorld.SeesAsync(_world.NewClient("public.ecr.aws", Ecr), repository);

        var asked = Assert.Single(_world.Cloud.Requests);
        Assert.Equal("SpencerFrontendService.GetAuthorizationToken", asked.Header("X-Amz-Target"));
        Assert.Null(asked.SignatureProblem("static-secret", "us-east-1", "ecr-public"));
    }

    [Fact]
    public async Task Endpoints_can_be_named_as_aws_names_them()
    {
        WithWebIdentity();
        _world.Routes.Remove("sts.eu-west-1.amazonaws.com");
        _world.Routes.Remove("api.ecr.eu-west-1.amazonaws.com");
        _world.Variables["AWS_ENDPOINT_URL_STS"] = $"{_world.Cloud.Address}sts";
        _world.Variables["AWS_ENDPOINT_URL_ECR"] = $"{_world.Cloud.Address}ecr";

        await LoginWorld.SeesAsync(_world.NewClient(Host, Ecr), _repository);

        Assert.Equal("POST /sts, POST /ecr", _world.Cloud.Drain());
    }

    [Fact]
    public async Task What_the_cloud_refuses_is_told_by_its_code_and_not_asked_again_at_once()
    {
        WithWebIdentity();
        _world.Cloud.Answers = _ => (403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>hush projected-jwt</Message></Error></ErrorResponse>");
        var client = _world.NewClient(Host, Ecr);

        var message = await _world.RefusedAsync(client, _repository);
        Assert.Contains("own login failed: cannot assume arn:aws:iam::123456789012:role/slipway: sts.eu-west-1.amazonaws.com answers 403 (AccessDenied)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("projected-jwt", message, StringComparison.Ordinal);

        await _world.RefusedAsync(client, _repository);
        Assert.Equal("POST /", _world.Cloud.Drain());

        _world.Time.Advance(TimeSpan.FromSeconds(31));
        await _world.RefusedAsync(client, _repository);
        Assert.Equal("POST /", _world.Cloud.Drain());
    }

    [Fact]
    public async Task A_pod_without_identity_is_told_so()
    {
        _world.Variables["AWS_EC2_METADATA_DISABLED"] = "true";

        Assert.Contains("the pod has no identity of AWS", await _world.RefusedAsync(_world.NewClient(Host, Ecr), _repository), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_projected_token_that_is_not_there_is_named()
    {
        WithWebIdentity();
        _world.Variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/nowhere/token";

        Assert.Contains("/nowhere/token does not exist", await _world.RefusedAsync(_world.NewClient(Host, Ecr), _repository), StringComparison.Ordinal);
    }
}
