using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class ReachRuleTests
{
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://METADATA/")]
    [InlineData("http://metadata.google.internal./")]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://localhost/")]
    [InlineData("http://foo.localhost/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://user:pass@example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    public void Where_the_controller_alone_can_reach_nobody_sends_it(string address) => Assert.NotNull(ReachRule.Open.WhyNot(new Uri(address)));

    [Theory]
    [InlineData("http://prometheus.monitoring.svc:9090/")]
    [InlineData("https://10.0.0.7/")]
    [InlineData("https://example.com/")]
    [InlineData("https://[2001:db8::1]/")]
    public void Services_and_the_internet_may_be_asked_where_nothing_else_is_said(string address) => Assert.Null(ReachRule.Open.WhyNot(new Uri(address)));

    [Theory]
    [InlineData("http://shop.prod.svc/", true)]
    [InlineData("http://shop.other.svc/", false)]
    [InlineData("https://grafana.example.com/", true)]
    [InlineData("https://grafana.example.com:8443/", false)]
    [InlineData("https://evil.example.com/", false)]
    [InlineData("http://127.0.0.1:9090/", true)]
    [InlineData("http://127.0.0.1:9091/", false)]
    [InlineData("http://169.254.169.254/", false)]
    public void With_a_list_only_what_is_in_it(string address, bool allowed) =>
        Assert.Equal(allowed, new ReachRule(["*.prod.svc", "grafana.example.com:443", "127.0.0.1:9090"]).WhyNot(new Uri(address)) is null);

    [Fact]
    public void A_pattern_never_opens_what_is_refused_always() => Assert.NotNull(new ReachRule(["*.*.*.*", "*"]).WhyNot(new Uri("http://169.254.169.254/")));

    [Theory]
    [InlineData("http://shop.prod.svc/", "169.254.169.254", false)]
    [InlineData("http://shop.prod.svc/", "::1", false)]
    [InlineData("http://shop.prod.svc/", "fe80::1%3", false)]
    [InlineData("http://shop.prod.svc/", "10.1.2.3", true)]
    [InlineData("http://127.0.0.1:9090/", "127.0.0.1", true)]
    public void A_name_that_leads_there_is_found_out_when_it_is_resolved(string address, string resolved, bool allowed) =>
        Assert.Equal(allowed, new ReachRule(["shop.prod.svc", "127.0.0.1:9090"]).WhyNotResolved(new Uri(address), resolved) is null);
}
