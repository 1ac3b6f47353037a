using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class LoginStyleTests
{
    private static readonly Uri Registry = new("https://registry.example.com/");

    [Fact]
    public void Bearer_is_preferred_to_basic() =>
        Assert.Equal(
            new LoginStyle.Bearer(new Uri("https://auth.example.com/token"), "svc", null),
            From("""Basic realm="x", Bearer realm="https://auth.example.com/token",service="svc" """));

    [Fact]
    public void Basic_alone_is_basic() => Assert.IsType<LoginStyle.Basic>(From("Basic realm=\"Registry\""));

    [Theory]
    [InlineData("")]
    [InlineData("Digest realm=\"x\", nonce=\"y\"")]
    [InlineData("Bearer service=\"x\"")]
    [InlineData("Bearer realm=\"/token\"")]
    [InlineData("Bearer realm=\"ftp://auth.example.com/token\"")]
    [InlineData("Bearer realm=\"http://auth.example.com/token\"")]
    [InlineData("Bearer realm=\"https://169.254.169.254/token\"")]
    public void What_cannot_be_answered_safely_is_not_answered(string header) => Assert.IsType<LoginStyle.Unusable>(From(header));

    [Fact]
    public void The_scope_of_a_repository_is_ours_and_never_more_than_pull()
    {
        var style = Assert.IsType<LoginStyle.Bearer>(From("""Bearer realm="https://a.example.com/t",scope="repository:other:pull,push,delete" """));

        Assert.Equal("repository:acme/shop:pull", style.ScopeFor("acme/shop"));
    }

    [Fact]
    public void A_scope_of_the_registry_s_own_kind_is_kept()
    {
        var style = Assert.IsType<LoginStyle.Bearer>(From("""Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws" """));

        Assert.Equal("aws", style.ScopeFor("acme/shop"));
    }

    private static LoginStyle From(string header) => LoginStyle.From(AuthChallenge.Parse([header]), Registry);
}

public sealed class OutboundRuleTests
{
    [Theory]
    [InlineData("https://registry.example.com", "https://auth.example.com/token")]
    [InlineData("https://registry.example.com", "https://registry.example.com/token")]
    [InlineData("https://registry.example.com", "https://registry.example.com:8443/token")]
    [InlineData("https://registry.example.com", "https://8.8.8.8/token")]
    [InlineData("https://10.0.0.1", "https://10.0.0.1/auth")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/auth")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5001/auth")]
    [InlineData("http://127.0.0.1:5000", "http://localhost:5001/auth")]
    [InlineData("http://[::1]:5000", "http://[::1]:5000/v2/x")]
    [InlineData("http://registry.corp:5000", "http://registry.corp:8080/token")]
    [InlineData("http://registry.corp:5000", "https://auth.example.com/token")]
    public void Allowed(string registry, string target) => Assert.Null(OutboundRule.WhyNot(new Uri(registry), new Uri(target)));

    [Theory]
    [InlineData("https://registry.example.com", "http://registry.example.com/token")]
    [InlineData("https://registry.example.com", "http://169.254.169.254/latest/meta-data/")]
    [InlineData("https://registry.example.com", "https://169.254.169.254/token")]
    [InlineData("https://registry.example.com", "https://0.0.0.0:8443/token")]
    [InlineData("https://registry.example.com", "https://[::]/token")]
    [InlineData("https://registry.example.com", "https://[::1]/token")]
    [InlineData("https://registry.example.com", "https://[::ffff:10.0.0.1]/token")]
    [InlineData("https://registry.example.com", "https://[fd00:ec2::254]/latest")]
    [InlineData("https://registry.example.com", "https://[fe80::1]/x")]
    [InlineData("https://registry.example.com", "https://127.0.0.1/token")]
    [InlineData("https://registry.example.com", "https://localhost/token")]
    [InlineData("https://registry.example.com", "https://2130706433/token")]
    [InlineData("https://registry.example.com", "https://10.0.0.1/token")]
    [InlineData("https://registry.example.com", "https://172.16.0.1/secret")]
    [InlineData("https://registry.example.com", "https://192.168.1.1/token")]
    [InlineData("https://registry.example.com", "https://user@auth.example.com/token")]
    [InlineData("https://registry.example.com", "file:///etc/passwd")]
    [InlineData("http://registry.corp:5000", "http://127.0.0.1:9999/creds")]
    [InlineData("http://registry.corp:5000", "http://other.corp/token")]
    [InlineData("http://127.0.0.1:5000", "http://10.0.0.1/internal")]
    [InlineData("http://127.0.0.1:5000", "https://10.0.0.1/internal")]
    public void Refused(string registry, string target) => Assert.NotNull(OutboundRule.WhyNot(new Uri(registry), new Uri(target)));

    [Theory]
    [InlineData("172.15.0.1", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("febf::1", true)]
    [InlineData("fec0::1", false)]
    [InlineData("1.2.3", false)]
    [InlineData("10.0.0.1.example.com", false)]
    public void Private_addresses_are_known_by_their_text(string host, bool expected) => Assert.Equal(expected, HostKind.IsPrivateAddress(host));
}
