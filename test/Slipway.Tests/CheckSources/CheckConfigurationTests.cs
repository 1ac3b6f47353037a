using Slipway.Configuration;

namespace Slipway.Tests.CheckSources;

public sealed class CheckConfigurationTests
{
    [Fact]
    public void The_section_is_read()
    {
        var checks = ConfigurationFile.Parse("slipway.yaml", """
            checks:
              prometheus:
                address: http://prometheus.monitoring.svc:9090
                bearerTokenFile: /etc/slipway/secrets/prometheus/token
              allowedHosts: ["*.prod.svc", grafana.example.com]
            """).Checks!;

        Assert.Equal(("http://prometheus.monitoring.svc:9090", "/etc/slipway/secrets/prometheus/token"), (checks.Prometheus!.Address, checks.Prometheus.BearerTokenFile));
        Assert.Equal(["*.prod.svc", "grafana.example.com"], checks.AllowedHosts!);
    }

    [Theory]
    [InlineData("checks:\n  prometheus:\n    address: prometheus:9090\n", "slipway.yaml: line 3: checks.prometheus.address: 'prometheus:9090' is no address")]
    [InlineData("checks:\n  prometheus: {}\n", "a field is missing: 'address'")]
    [InlineData("checks:\n  allowedHosts: [\"https://x\"]\n", "checks.allowedHosts[0]: 'https://x' is no host")]
    [InlineData("checks:\n  allowedHost: []\n", "there is no such field")]
    public void What_is_wrong_refuses_the_start_with_its_place(string yaml, string why) =>
        Assert.Contains(why, Assert.Throws<ConfigurationException>(() => ConfigurationFile.Parse("slipway.yaml", yaml)).Message, StringComparison.Ordinal);
}
