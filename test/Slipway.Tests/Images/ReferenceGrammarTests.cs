using CsCheck;
using Slipway.Images;

namespace Slipway.Tests.Images;

public sealed class ReferenceGrammarTests
{
    private const string Sha = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    [Theory]
    [InlineData("localhost")]
    [InlineData("registry.example.com")]
    [InlineData("registry.example.com:5000")]
    [InlineData("10.0.0.7:443")]
    [InlineData("Registry.Example.COM")]
    [InlineData("xn--n3h.com")]
    [InlineData("a-b.c-d")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2001:db8::1]:5000")]
    public void A_domain_is_a_host_an_address_or_either_with_a_port(string text) => Assert.True(ReferenceGrammar.IsDomain(text));

    [Theory]
    [InlineData("")]
    [InlineData(":5000")]
    [InlineData("host:")]
    [InlineData("host:http")]
    [InlineData("-host")]
    [InlineData("host-")]
    [InlineData("a..b")]
    [InlineData("under_score")]
    [InlineData("2001:db8::1")]
    [InlineData("[2001:db8::1")]
    [InlineData("[]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("[2001:db8::1]5000")]
    [InlineData("höst")]
    [InlineData("ho st")]
    public void What_is_no_domain_is_none(string text) => Assert.False(ReferenceGrammar.IsDomain(text));

    [Theory]
    [InlineData("a")]
    [InlineData("library/nginx")]
    [InlineData("a.b_c__d-e---f/0")]
    public void A_path_is_components_with_separators_inside(string text) => Assert.True(ReferenceGrammar.IsPath(text));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("A")]
    [InlineData("a_")]
    [InlineData("_a")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a-_b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void What_is_no_path_is_none(string text) => Assert.False(ReferenceGrammar.IsPath(text));

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("_", true)]
    [InlineData("Latest-1", true)]
    [InlineData(".1", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("a+b", false)]
    [InlineData("a b", false)]
    [InlineData("१", false)]
    public void A_tag_begins_with_a_word_character(string text, bool isTag) => Assert.Equal(isTag, ReferenceGrammar.IsTag(text));

    [Fact]
    public void A_tag_has_at_most_128_characters()
    {
        Assert.True(ReferenceGrammar.IsTag(new string('a', 128)));
        Assert.False(ReferenceGrammar.IsTag(new string('a', 129)));
    }

    [Fact]
    public void A_listed_number_below_zero_is_text_of_tags_and_no_tag()
    {
        Assert.True(ReferenceGrammar.IsTagText("-3"));
        Assert.False(ReferenceGrammar.IsTag("-3"));
    }

    [Theory]
    [InlineData("repo", "", "repo", null, null)]
    [InlineData("test.com:5000", "", "test.com", "5000", null)]
    [InlineData("test:5000/repo", "test:5000", "repo", null, null)]
    [InlineData("test:5000/repo:tag", "test:5000", "repo", "tag", null)]
    [InlineData("test:5000/repo:tag@" + Sha, "test:5000", "repo", "tag", Sha)]
    [InlineData("test_com/repo", "", "test_com/repo", null, null)]
    [InlineData("[::1]:5000/a/b@" + Sha, "[::1]:5000", "a/b", null, Sha)]
    public void A_reference_is_taken_apart_as_it_is_written(string text, string domain, string path, string? tag, string? digest)
    {
        Assert.True(ReferenceGrammar.TryParse(text, out var parts, out _));
        Assert.Equal(new ReferenceParts(domain, path, tag, digest), parts);
        Assert.Equal(domain.Length == 0 ? path : $"{domain}/{path}", parts.Name);
    }

    [Theory]
    [InlineData("", ReferenceFault.NameEmpty)]
    [InlineData(":tag", ReferenceFault.InvalidFormat)]
    [InlineData("@" + Sha, ReferenceFault.InvalidFormat)]
    [InlineData("repo@" + Sha + "@" + Sha, ReferenceFault.InvalidFormat)]
    [InlineData("repo@sha256:abc", ReferenceFault.InvalidFormat)]
    [InlineData("repo@sha256:ffffffffffffffffffffffffffffffffff", ReferenceFault.DigestInvalidLength)]
    [InlineData("repo@md5:ffffffffffffffffffffffffffffffff", ReferenceFault.DigestUnsupported)]
    [InlineData("repo@9a:ffffffffffffffffffffffffffffffff", ReferenceFault.InvalidFormat)]
    [InlineData("repo@a++b:ffffffffffffffffffffffffffffffff", ReferenceFault.InvalidFormat)]
    [InlineData("Repo:tag", ReferenceFault.NameUppercase)]
    [InlineData("repo:", ReferenceFault.InvalidFormat)]
    [InlineData("repo:a/b", ReferenceFault.InvalidFormat)]
    [InlineData("repo:tag@", ReferenceFault.InvalidFormat)]
    public void What_is_no_reference_says_which_rule_it_breaks(string text, ReferenceFault expected)
    {
        Assert.False(ReferenceGrammar.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void Only_the_path_has_a_longest_length()
    {
        var longest = new string('a', 255);

        Assert.True(ReferenceGrammar.TryParse($"registry.example.com/{longest}:tag", out _, out _));
        Assert.False(ReferenceGrammar.TryParse($"registry.example.com/{longest}a", out _, out var fault));
        Assert.Equal(ReferenceFault.NameTooLong, fault);
    }

    [Fact]
    public void A_text_of_megabytes_is_refused_without_being_searched() => Assert.False(ReferenceGrammar.TryMatch(new string('a', 5_000_000), out _));

    [Fact]
    public void No_text_throws() => Gen.String.Sample(text => ReferenceGrammar.TryParse(text, out _, out var fault) == (fault == ReferenceFault.None));

    [Fact]
    public void What_is_parsed_is_put_together_to_the_same_text() =>
        Reference.Sample(text =>
        {
            Assert.True(ReferenceGrammar.TryParse(text, out var parts, out _), text);
            Assert.Equal(text, parts.Name + (parts.Tag is null ? "" : ":" + parts.Tag) + (parts.Digest is null ? "" : "@" + parts.Digest));
        });

    private static Gen<string> Reference => Gen.Select(
        Gen.OneOf("", "ghcr.io/", "localhost:5000/", "[::1]:5000/", "10.0.0.1/"),
        Gen.String[Gen.Char["abc019"], 1, 5].List[1, 4].Select(parts => string.Join('/', parts)),
        Gen.OneOf("", ":1.2.3", ":Latest", ":a_b-c.d"),
        Gen.OneOf("", "@" + Sha),
        (domain, path, tag, digest) => domain + path + tag + digest);
}
