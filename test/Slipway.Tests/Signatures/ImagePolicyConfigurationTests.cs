using Slipway.Configuration;
using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

public sealed class ImagePolicyConfigurationTests
{
    private static readonly string Pem = string.Concat(SigningKey.Named("p256").PublicPem.Split('\n').Select(line => $"      {line}\n"));

    private static string Refused(string yaml) => Assert.Throws<ConfigurationException>(() => ConfigurationFile.Parse("slipway.yaml", yaml)).Message;

    [Fact]
    public void Every_field_is_heard()
    {
        var configuration = ConfigurationFile.Parse("slipway.yaml", $"""
            imagePolicies:
            - repositories: [ghcr.io/acme/**, docker.io/acme/*]
              keys:
              - keyFile: /etc/slipway/keys/release.pub
              - pem: |
            {Pem}
              attestations: [predicateType: https://slsa.dev/provenance/v1]
              signedIdentity: quay.io/acme/shop
            """.Replace("attestations: [predicateType: https://slsa.dev/provenance/v1]", "attestations: [{predicateType: https://slsa.dev/provenance/v1}]", StringComparison.Ordinal));

        var policy = Assert.Single(ImagePolicyConfiguration.Read(configuration.ImagePolicies));

        Assert.True(policy.IsFor(Evidence.Repository("ghcr.io/acme/a/b")));
        Assert.True(policy.IsFor(Evidence.Repository("acme/shop")));
        Assert.False(policy.IsFor(Evidence.Repository("quay.io/acme/shop")));
        Assert.Equal("the image policy for ghcr.io/acme/**, docker.io/acme/*", policy.Rule.By);
        Assert.Equal(new KeySource.InFile("/etc/slipway/keys/release.pub"), policy.Rule.Keys[0]);
        Assert.Single(Assert.IsType<KeySource.Given>(policy.Rule.Keys[1]).Keys);
        Assert.Equal([Evidence.Provenance], policy.Rule.PredicateTypes);
        Assert.Equal("quay.io/acme/shop", $"{policy.Rule.SignedIdentity}");
    }

    [Theory]
    [InlineData("imagePolicies:")]
    [InlineData("imagePolicies: []")]
    [InlineData("")]
    public void Without_a_policy_nothing_is_required(string yaml) => Assert.Empty(ImagePolicyConfiguration.Read(ConfigurationFile.Parse("slipway.yaml", yaml).ImagePolicies));

    // What looks like protection and is none must not start.
    [Theory]
    [InlineData("[{}]", "imagePolicies[0].repositories: name 1 to 64 repositories")]
    [InlineData("[null]", "imagePolicies[0].repositories: name 1 to 64 repositories")]
    [InlineData("[{repositories: [acme/*], keys: [{keyFile: /a}]}]", "imagePolicies[0].repositories[0]: it must begin with the registry, as in docker.io/acme/*")]
    [InlineData("[{repositories: ['**']}]", "imagePolicies[0].keys: no key is named")]
    [InlineData("[{repositories: ['**'], keys: [{}]}]", "imagePolicies[0].keys[0]: give exactly one of keyFile and pem")]
    [InlineData("[{repositories: ['**'], keys: [{keyFile: /a, pem: b}]}]", "imagePolicies[0].keys[0]: give exactly one of keyFile and pem")]
    [InlineData("[{repositories: ['**'], keys: [{keyFile: keys/a.pub}]}]", "imagePolicies[0].keys[0].keyFile: write the whole path")]
    [InlineData("[{repositories: ['**'], keys: [{pem: garbage}]}]", "imagePolicies[0].keys[0].pem: it holds no key")]
    [InlineData("[{repositories: ['**'], keys: [{keyFile: /a}], attestations: [{}]}]", "imagePolicies[0].attestations: a predicateType is missing")]
    [InlineData("[{repositories: ['**'], keys: [{keyFile: /a}], signedIdentity: 'a b'}]", "imagePolicies[0].signedIdentity:")]
    [InlineData("[{repositories: ['**'], keys: [{keyFile: /a}], mode: warn}]", "mode: there is no such field")]
    public void A_policy_that_cannot_be_meant_refuses_the_start(string policies, string expected) =>
        Assert.Contains(expected, Refused($"imagePolicies: {policies}"), StringComparison.Ordinal);
}
