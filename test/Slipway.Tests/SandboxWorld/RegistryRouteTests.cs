using Slipway.Sandbox.Registry;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryRouteTests
{
    public static TheoryData<string, RegistryRoute> Paths => new()
    {
        { "/v2/", new RegistryRoute.Ping() },
        { "/v2", new RegistryRoute.Ping() },
        { "/token", new RegistryRoute.Token() },
        { "/v2/_catalog", new RegistryRoute.Catalog() },
        { "/v2/shop/tags/list", new RegistryRoute.Tags("shop") },
        { "/v2/a/b/c/tags/list", new RegistryRoute.Tags("a/b/c") },
        { "/v2/acme/shop/manifests/1.0", new RegistryRoute.Manifest("acme/shop", "1.0") },
        { "/v2/acme/shop/manifests/sha256:00", new RegistryRoute.Manifest("acme/shop", "sha256:00") },
        { "/v2/manifests/manifests/manifests", new RegistryRoute.Manifest("manifests", "manifests") },
        { "/v2/acme/shop/blobs/sha256:00", new RegistryRoute.Blob("acme/shop", "sha256:00") },
        { "/v2/acme/shop/blobs/uploads", new RegistryRoute.Upload("acme/shop", null) },
        { "/v2/acme/shop/blobs/uploads/", new RegistryRoute.Upload("acme/shop", null) },
        { "/v2/acme/shop/blobs/uploads/7", new RegistryRoute.Upload("acme/shop", "7") },
        { "/v2/acme/shop/referrers/sha256:00", new RegistryRoute.Referrers("acme/shop", "sha256:00") },
        { "/v2/tags/list", new RegistryRoute.Unknown() },
        { "/v2/shop", new RegistryRoute.Unknown() },
        { "/v2/shop/tags/all", new RegistryRoute.Unknown() },
        { "/v2/shop/manifests/", new RegistryRoute.Unknown() },
        { "/", new RegistryRoute.Unknown() },
        { "/v1/shop/tags/list", new RegistryRoute.Unknown() },
    };

    [Theory]
    [MemberData(nameof(Paths), DisableDiscoveryEnumeration = true)]
    public void A_path_is_read_from_its_end(string path, RegistryRoute expected) => Assert.Equal(expected, RegistryRoute.Parse(path));

    [Theory]
    [InlineData("shop", true)]
    [InlineData("acme/shop", true)]
    [InlineData("a.b/c__d/e--f", true)]
    [InlineData("Acme/shop", false)]
    [InlineData("acme//shop", false)]
    [InlineData("acme/", false)]
    [InlineData("-acme", false)]
    [InlineData("acme_-shop", false)]
    [InlineData("", false)]
    public void Names_follow_the_grammar_of_the_spec(string name, bool valid) => Assert.Equal(valid, RegistryRoute.IsName(name));

    [Fact]
    public void A_name_has_at_most_255_characters()
    {
        Assert.True(RegistryRoute.IsName(new string('a', 255)));
        Assert.False(RegistryRoute.IsName(new string('a', 256)));
    }

    [Theory]
    [InlineData("1.0.0", true)]
    [InlineData("_x", true)]
    [InlineData("v1-RC.2", true)]
    [InlineData(".x", false)]
    [InlineData("-x", false)]
    [InlineData("a+b", false)]
    [InlineData("", false)]
    public void Tags_follow_the_grammar_of_the_spec(string tag, bool valid) => Assert.Equal(valid, RegistryRoute.IsTag(tag));
}
