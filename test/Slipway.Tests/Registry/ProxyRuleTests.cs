using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class ProxyRuleTests
{
    private static ProxyRule Rule(string noProxy) => ProxyRule.From(name => name switch { "HTTPS_PROXY" => "http://proxy:3128", "http_proxy" => "plain:3129", "NO_PROXY" => noProxy, _ => null });

    [Fact]
    public void Each_scheme_has_its_own_and_small_letters_count_too()
    {
        Assert.Equal(new Uri("http://proxy:3128"), Rule("").For(new Uri("https://ghcr.io/v2/")));
        Assert.Equal(new Uri("http://plain:3129"), Rule("").For(new Uri("http://registry.corp/v2/")));
        Assert.Null(ProxyRule.From(_ => null).For(new Uri("https://ghcr.io/")));
    }

    [Theory]
    [InlineData("https://localhost:5000/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("http://169.254.169.254/latest/api/token")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://[fd00:ec2::23]/")]
    public void What_is_the_node_s_own_is_asked_directly(string target) => Assert.Null(Rule("").For(new Uri(target)));

    [Theory]
    [InlineData("*", "https://ghcr.io", true)]
    [InlineData("ghcr.io", "https://ghcr.io", true)]
    [InlineData("ghcr.io", "https://sub.ghcr.io", true)]
    [InlineData("ghcr.io", "https://notghcr.io", false)]
    [InlineData(".corp", "https://registry.corp", true)]
    [InlineData(".corp", "https://corp", false)]
    [InlineData("*.corp", "https://registry.corp", true)]
    [InlineData("CORP", "https://registry.Corp", true)]
    [InlineData("corp:5000", "https://registry.corp:5000", true)]
    [InlineData("corp:5000", "https://registry.corp", false)]
    [InlineData("10.0.0.0/8", "https://10.1.2.3:5000", true)]
    [InlineData("10.0.0.0/8", "https://11.1.2.3", false)]
    [InlineData("10.1.0.0/33", "https://10.1.2.3", false)]
    [InlineData("0.0.0.0/0", "https://11.1.2.3", true)]
    [InlineData("10.0.0.0/8", "https://registry.corp", false)]
    [InlineData("10.1.2.3", "https://10.1.2.3", true)]
    [InlineData("[2001:db8::1]", "https://[2001:db8::1]:5000", true)]
    [InlineData(" a.io , ghcr.io ", "https://ghcr.io", true)]
    public void Exceptions_mean_what_they_mean_to_the_kubelet(string noProxy, string target, bool direct) =>
        Assert.Equal(direct, Rule(noProxy).For(new Uri(target)) is null);
}
