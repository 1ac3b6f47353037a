using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

public sealed class RepositoryPatternTests
{
    [Theory]
    [InlineData("ghcr.io/acme/shop", "ghcr.io/acme/shop", true)]
    [InlineData("ghcr.io/acme/shop", "ghcr.io/acme/shop2", false)]
    [InlineData("ghcr.io/acme/shop", "ghcr.io/acme/shop/web", false)]
    [InlineData("nginx", "nginx", true)]
    [InlineData("acme/shop", "docker.io/acme/shop", true)]
    [InlineData("docker.io/acme/*", "index.docker.io/acme/shop", true)]
    [InlineData("ghcr.io/acme/*", "ghcr.io/acme/shop", true)]
    [InlineData("ghcr.io/acme/*", "ghcr.io/acme/shop/web", false)]
    [InlineData("ghcr.io/acme/*", "ghcr.io/other/shop", false)]
    [InlineData("ghcr.io/acme/**", "ghcr.io/acme/shop/web", true)]
    [InlineData("ghcr.io/acme/**", "ghcr.io/acme/shop", true)]
    [InlineData("ghcr.io/acme/**", "ghcr.io/acmes/shop", false)]
    [InlineData("ghcr.io/**/web", "ghcr.io/acme/shop/web", true)]
    [InlineData("ghcr.io/**/web", "ghcr.io/acme/shop/webs", false)]
    [InlineData("ghcr.io/acme/shop-*", "ghcr.io/acme/shop-web", true)]
    [InlineData("ghcr.io/acme/shop-*", "ghcr.io/acme/shop", false)]
    [InlineData("*.example.com/**", "a.b.example.com/x", true)]
    [InlineData("*.example.com/**", "example.com/x", false)]
    [InlineData("*.example.com/**", "a.EXAMPLE.com/x", true)]
    [InlineData("*.example.com/**", "aXexample.com/x", false)]
    [InlineData("localhost:5000/**", "localhost:5000/x", true)]
    [InlineData("localhost:5000/**", "localhost:5001/x", false)]
    [InlineData("*/acme/shop", "quay.io/acme/shop", true)]
    [InlineData("**", "anything.example/x/y", true)]
    [InlineData("**", "nginx", true)]
    public void A_pattern_is_for_what_it_says(string text, string repository, bool expected)
    {
        Assert.True(RepositoryPattern.TryParse(text, out var pattern, out var why), why);

        Assert.Equal(expected, pattern.Matches(Evidence.Repository(repository)));
        Assert.Equal(text, pattern.ToString());
    }

    // A rule that protects nothing looks like one that protects.
    [Theory]
    [InlineData("", "1 to 256")]
    [InlineData(null, "1 to 256")]
    [InlineData("acme/*", "it must begin with the registry, as in docker.io/acme/*")]
    [InlineData("ghcr.io/acme/**web", "** stands for whole parts")]
    [InlineData("ghcr.io//*", "an empty part")]
    [InlineData("ghcr.io/Acme/*", "no capital letters")]
    [InlineData("https://ghcr.io/*", "an empty part")]
    [InlineData("ghcr.io/acme/*@sha256:0", "without scheme, tag, digest")]
    [InlineData("ghcr.io/acme/shop:1.0", "has the tag '1.0'")]
    [InlineData("*.example.com", "all of them are *.example.com/**")]
    [InlineData("*", "all of them are */**")]
    public void A_pattern_that_could_never_match_is_refused_with_what_is_right(string? text, string expected)
    {
        Assert.False(RepositoryPattern.TryParse(text, out _, out var why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    // The names that are compared are tenants', and must not cost more than their length.
    [Fact]
    public void Many_stars_do_not_make_a_comparison_long()
    {
        var text = $"ghcr.io/{string.Concat(Enumerable.Repeat("*a", 100))}b";
        Assert.True(RepositoryPattern.TryParse(text, out var pattern, out var why), why);

        Assert.False(pattern.Matches(Evidence.Repository($"ghcr.io/{new string('a', 200)}")));
        Assert.True(pattern.Matches(Evidence.Repository($"ghcr.io/{new string('a', 200)}b")));
    }
}
