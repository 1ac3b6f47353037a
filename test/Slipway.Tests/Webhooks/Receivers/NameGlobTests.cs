using Slipway.Images;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Receivers;

public sealed class NameGlobTests
{
    [Theory]
    [InlineData("ghcr.io/acme/*", "ghcr.io/acme/shop", true)]
    [InlineData("ghcr.io/acme/*", "ghcr.io/acme/shop/web", false)]
    [InlineData("ghcr.io/acme/**", "ghcr.io/acme/shop/web", true)]
    [InlineData("ghcr.io/acme/*", "ghcr.io/acme-evil/shop", false)]
    [InlineData("ghcr.io/acme/*", "evil.io/ghcr.io/acme/shop", false)]
    [InlineData("ghcr.io/*/shop", "ghcrXio/acme/shop", false)]
    [InlineData("refs/tags/v*", "refs/tags/v1.0", true)]
    [InlineData("refs/tags/v*", "refs/heads/refs/tags/v1.0", false)]
    [InlineData("*", "", true)]
    [InlineData("a", "a\n", false)]
    [InlineData("a", "A", false)]
    [InlineData("a+(b)[c]$", "a+(b)[c]$", true)]
    [InlineData("**", null, false)]
    public void A_glob_is_over_the_whole_name(string glob, string? name, bool matches) => Assert.Equal(matches, new NameGlob(glob).Matches(name));

    [Fact]
    public void A_glob_that_would_try_everything_does_not() =>
        Assert.False(new NameGlob(string.Concat(Enumerable.Repeat("*a", 50))).Matches(new string('a', 5000) + "b"));

    [Fact]
    public void Globs_are_the_same_by_their_text()
    {
        Assert.Equal(new NameGlob("a*"), new NameGlob("a*"));
        Assert.NotEqual(new NameGlob("a*"), new NameGlob("a**"));
        Assert.Equal("a*", new NameGlob("a*").ToString());
        Assert.Equal(new NameGlob("a*").GetHashCode(), new NameGlob("a*").GetHashCode());
        Assert.False(new NameGlob("a*").Equals((object)"a*"));
    }

    [Theory]
    [InlineData("docker.io/acme/*", true)]
    [InlineData("acme/*", true)]
    [InlineData("ghcr.io/acme/*", false)]
    [InlineData("acme", false)]
    public void A_receiver_speaks_for_the_repositories_of_its_globs(string glob, bool may) =>
        Assert.Equal(may, (ReceiverTerms.Default("t") with { Repositories = [new NameGlob(glob)] }).MaySpeakFor(new RepositoryName("docker.io", "acme/shop")));

    [Fact]
    public void Without_globs_a_receiver_speaks_for_all() => Assert.True(ReceiverTerms.Default("t").MaySpeakFor(new RepositoryName("ghcr.io", "acme/shop")));
}
