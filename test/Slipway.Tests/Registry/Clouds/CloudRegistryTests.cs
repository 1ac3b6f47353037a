using Slipway.Registry;

namespace Slipway.Tests.Registry.Clouds;

public sealed class CloudRegistryTests
{
    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "123456789012", "eu-west-1", "https://api.ecr.eu-west-1.amazonaws.com/")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b", "123456789012", "cn-north-1", "https://api.ecr.cn-north-1.amazonaws.com.cn/")]
    [InlineData("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "123456789012", "us-gov-west-1", "https://ecr-fips.us-gov-west-1.amazonaws.com/")]
    [InlineData("123456789012.dkr-ecr.us-west-2.on.aws", "123456789012", "us-west-2", "https://ecr.us-west-2.api.aws/")]
    [InlineData("123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "123456789012", "cn-north-1", "https://ecr.cn-north-1.api.amazonwebservices.com.cn/")]
    public void A_private_registry_of_ecr_tells_account_region_and_where_its_api_is(string image, string account, string region, string api)
    {
        var ecr = Assert.IsType<CloudRegistry.Ecr>(CloudRegistry.OfAmazon(image));

        Assert.Equal((account, region), (ecr.AccountId, ecr.Region));
        Assert.Equal(new Uri(api), EcrLogin.Api(ecr));
    }

    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com:444")]
    [InlineData("evil.example/123456789012.dkr.ecr.eu-west-1.amazonaws.com")]
    [InlineData("x123456789012.dkr.ecr.eu-west-1.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.evil.example\n.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com\n")]
    [InlineData("ghcr.io")]
    public void What_only_looks_like_ecr_gets_no_token(string image) => Assert.Null(CloudRegistry.OfAmazon(image));

    [Fact]
    public void The_public_registry_is_one_of_its_own() => Assert.IsType<CloudRegistry.EcrPublic>(CloudRegistry.OfAmazon("public.ecr.aws/nginx/nginx"));

    [Theory]
    [InlineData("azurecr.io")]
    [InlineData("evil.azurecr.io.example")]
    [InlineData("evilazurecr.io")]
    [InlineData("a.b.azurecr.io")]
    [InlineData("foo.azurecr.io:8443")]
    public void What_only_looks_like_acr_gets_no_token(string host) => Assert.Null(CloudRegistry.OfAzure(host));

    [Fact]
    public void A_cloud_of_its_own_is_known_by_the_suffix_that_it_names()
    {
        Assert.Null(CloudRegistry.OfAzure("foo.azurecr.private"));
        Assert.Equal("foo", CloudRegistry.OfAzure("foo.azurecr.private", "azurecr.private")!.Name);
    }

    [Theory]
    [InlineData("gcr.io.evil.example")]
    [InlineData("evilgcr.io")]
    [InlineData("docker.pkg.dev")]
    [InlineData("a.b.gcr.io")]
    [InlineData("eu-docker.pkg.dev:8443")]
    public void What_only_looks_like_google_gets_no_token(string host) => Assert.Null(CloudRegistry.OfGoogle(host));
}
