using Slipway.Images;

namespace Slipway.Tests.Images;

public sealed class RepositoryNameTests
{
    [Theory]
    [InlineData("nginx", "docker.io/library/nginx", "nginx")]
    [InlineData("acme/shop", "docker.io/acme/shop", "acme/shop")]
    [InlineData("ghcr.io/acme/shop", "ghcr.io/acme/shop", "ghcr.io/acme/shop")]
    [InlineData("registry:5000/shop", "registry:5000/shop", "registry:5000/shop")]
    [InlineData("[::1]:5000/shop", "[::1]:5000/shop", "[::1]:5000/shop")]
    public void A_repository_has_a_canonical_and_a_familiar_name(string text, string canonical, string familiar)
    {
        Assert.True(RepositoryName.TryParse(text, out var repository, out _));
        Assert.Equal(canonical, repository.ToString());
        Assert.Equal(familiar, repository.Familiar);
    }

    [Theory]
    [InlineData("nginx", "registry-1.docker.io")]
    [InlineData("index.docker.io/acme/shop", "registry-1.docker.io")]
    [InlineData("ghcr.io/acme/shop", "ghcr.io")]
    [InlineData("localhost:5000/shop", "localhost:5000")]
    public void Docker_Hubs_api_answers_on_another_host_than_its_name(string text, string host)
    {
        Assert.True(RepositoryName.TryParse(text, out var repository, out _));
        Assert.Equal(host, repository.ApiHost);
    }

    [Theory]
    [InlineData("https://ghcr.io/acme/shop", "has a scheme", "'ghcr.io/acme/shop'")]
    [InlineData("oci://ghcr.io/acme/shop", "has a scheme", "'ghcr.io/acme/shop'")]
    [InlineData("ghcr.io/acme/shop:1.2", "the tag '1.2'", "'ghcr.io/acme/shop'")]
    [InlineData("nginx:latest", "the tag 'latest'", "'nginx'")]
    [InlineData("shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a digest", "'shop'")]
    [InlineData("acme/Shop", "lower case", "'acme/Shop'")]
    [InlineData("", "no name", "")]
    [InlineData(null, "no name", "")]
    public void A_field_that_names_something_else_is_refused_with_the_way_out(string? text, string reason, string wayOut)
    {
        Assert.False(RepositoryName.TryParse(text, out var repository, out var error));
        Assert.Null(repository);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains(wayOut, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_on_another_port_is_another_registry()
    {
        Assert.True(RepositoryName.TryParse("registry:5000/shop", out var one, out _));
        Assert.True(RepositoryName.TryParse("registry:5001/shop", out var other, out _));
        Assert.NotEqual(one, other);
    }
}
