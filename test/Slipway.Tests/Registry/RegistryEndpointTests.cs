using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class RegistryEndpointTests
{
    [Theory]
    [InlineData("docker.io", "https://registry-1.docker.io/")]
    [InlineData("ghcr.io", "https://ghcr.io/")]
    [InlineData("registry.local", "https://registry.local/")]
    [InlineData("registry.local:5000", "https://registry.local:5000/")]
    [InlineData("localhost:8080", "http://localhost:8080/")]
    [InlineData("127.0.0.1", "http://127.0.0.1/")]
    [InlineData("127.8.8.8:1234", "http://127.8.8.8:1234/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/")]
    [InlineData("[2001:db8::1]:5000", "https://[2001:db8::1]:5000/")]
    [InlineData("127.0.0.1.evil.com", "https://127.0.0.1.evil.com/")]
    [InlineData("my127.0.0.1registry.io", "https://my127.0.0.1registry.io/")]
    [InlineData("10.2.3.4:5000", "https://10.2.3.4:5000/")]
    [InlineData("plain.corp:5000", "http://plain.corp:5000/")]
    [InlineData("plain.corp", "https://plain.corp/")]
    public void Plain_http_is_for_loopback_and_for_hosts_that_were_named(string domain, string expected) =>
        Assert.Equal(expected, RegistryEndpoint.Find(new RepositoryName(domain, "a/b"), ["plain.corp:5000"])?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("host/path")]
    [InlineData("user@host")]
    [InlineData("host?x=y")]
    public void What_is_no_host_has_no_address(string domain) => Assert.Null(RegistryEndpoint.Find(new RepositoryName(domain, "a"), []));
}

public sealed class NextPageTests
{
    private const string Page = "https://r.example.com/v2/foo/tags/list?n=2";

    [Theory]
    [InlineData("""</v2/foo/tags/list?last=b&n=2>; rel="next" """, "https://r.example.com/v2/foo/tags/list?last=b&n=2")]
    [InlineData("</v2/foo/tags/list?last=b&n=2>; rel=next", "https://r.example.com/v2/foo/tags/list?last=b&n=2")]
    [InlineData("</v2/foo/tags/list?n=100>", "https://r.example.com/v2/foo/tags/list?n=100")]
    [InlineData("""/v2/foo/tags/list?next_page=abc; rel="next" """, "https://r.example.com/v2/foo/tags/list?next_page=abc")]
    [InlineData("""<https://R.example.com/v2/foo/tags/list?last=b>; type="application/json"; rel="next" """, "https://r.example.com/v2/foo/tags/list?last=b")]
    [InlineData("""<http://r.example.com/v2/foo/tags/list?last=b>; rel="next" """, "https://r.example.com/v2/foo/tags/list?last=b")]
    [InlineData("""</a>; rel="prev", </v2/foo/tags/list?last=x,y>; rel="next" """, "https://r.example.com/v2/foo/tags/list?last=x,y")]
    [InlineData("""<?last=b&n=2>; REL="NEXT" """, "https://r.example.com/v2/foo/tags/list?last=b&n=2")]
    public void The_next_page_is_on_the_host_that_was_asked(string link, string expected) =>
        Assert.Equal(new NextPage.At(new Uri(expected)), NextPage.From(link, new Uri(Page)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ,")]
    [InlineData("""</v2/foo/tags/list?last=b>; rel="prev" """)]
    public void Without_a_next_the_list_is_complete(string? link) => Assert.IsType<NextPage.None>(NextPage.From(link, new Uri(Page)));

    [Theory]
    [InlineData("<")]
    [InlineData("><")]
    [InlineData("<>")]
    [InlineData("<\u007f>")]
    [InlineData("<http://[>; rel=next")]
    [InlineData("""<http://169.254.169.254/latest/meta-data/>;rel="next" """)]
    [InlineData("""<https://r.example.com.evil.org/v2/foo/tags/list?last=b>; rel="next" """)]
    [InlineData("""<https://r.example.com:444/v2/foo/tags/list?last=b>; rel="next" """)]
    [InlineData("""</v2/foo/tags/list?n=2>; rel="next" """)]
    public void A_list_whose_rest_cannot_be_had_is_not_complete(string link) =>
        Assert.IsType<NextPage.Refused>(NextPage.From(link, new Uri(Page)));

    [Fact]
    public void A_loopback_host_whose_certificate_is_named_is_asked_with_TLS() =>
        Assert.Equal("https://127.0.0.1:5000/", RegistryEndpoint.Find(new RepositoryName("127.0.0.1:5000", "a"), [], withTls: true)?.ToString());
}
