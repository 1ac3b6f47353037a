using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class TagFilterTests
{
    [Theory]
    [InlineData("$1", "v1.2-alpine", "1.2")]
    [InlineData("${1}", "v1.2-alpine", "1.2")]
    [InlineData("$version", "v1.2-alpine", "1.2")]
    [InlineData("${version}", "v1.2-alpine", "1.2")]
    [InlineData("$0", "v1.2-alpine", "v1.2-alpine")]
    [InlineData("$2.$1", "v1.2-alpine", "alpine.1.2")]
    [InlineData("${1}x", "v1.2-alpine", "1.2x")]
    [InlineData("$1x", "v1.2-alpine", "")]
    [InlineData("$1_$2", "v1.2-alpine", "alpine")]
    [InlineData("$$1", "v1.2-alpine", "$1")]
    [InlineData("$$$1", "v1.2-alpine", "$1.2")]
    [InlineData("a$", "v1.2-alpine", "a$")]
    [InlineData("$-", "v1.2-alpine", "$-")]
    [InlineData("${", "v1.2-alpine", "${")]
    [InlineData("${1", "v1.2-alpine", "${1")]
    [InlineData("${a-b}", "v1.2-alpine", "${a-b}")]
    [InlineData("${}", "v1.2-alpine", "${}")]
    [InlineData("$3", "v1.2-alpine", "")]
    [InlineData("$01", "v1.2-alpine", "")]
    [InlineData("$99999999999", "v1.2-alpine", "")]
    [InlineData("$missing", "v1.2-alpine", "")]
    [InlineData("plain", "v1.2-alpine", "plain")]
    [InlineData(null, "v1.2-alpine", "v1.2-alpine")]
    [InlineData("", "v1.2-alpine", "v1.2-alpine")]
    public void The_key_is_what_Go_would_expand(string? extract, string tag, string key)
    {
        var filter = Read(new Filter("^v(?P<version>[0-9.]+)-([a-z]+)$", extract));

        Assert.Equal(TagVerdict.Kept, filter.Read(tag, out var read));
        Assert.Equal(key, read.ToString());
    }

    [Theory]
    [InlineData("^v(.*)-alpine$", "$1", "v1.2-alpine", "1.2")]
    [InlineData("^v(.*)-alpine$", "$1", "v-alpine", "")]
    [InlineData("v(.*)-alpine", "$1", "xv1.2-alpinex", "1.2")]
    [InlineData(@"(\d+)", "$1", "build12of34", "12")]
    [InlineData(@"^v(\d+)(-rc(\d+))?$", "$3", "v1", "")]
    [InlineData(@"^v(\d+)(-rc(\d+))?$", "$1-$3", "v1-rc2", "1-2")]
    [InlineData("^(a|ab)(c|bcd)$", "$1|$2", "abcd", "a|bcd")]
    [InlineData("^(.*?)-(.*)$", "$1", "a-b-c", "a")]
    public void A_group_is_taken_from_the_first_match(string pattern, string extract, string tag, string key)
    {
        Assert.Equal(TagVerdict.Kept, Read(new Filter(pattern, extract)).Read(tag, out var read));
        Assert.Equal(key, read.ToString());
    }

    [Theory]
    [InlineData("v1.0.0", TagVerdict.Kept)]
    [InlineData("1.0.0", TagVerdict.Unmatched)]
    [InlineData("v1.0.0-rc.1", TagVerdict.Excluded)]
    [InlineData("v1.0.0-debug", TagVerdict.Excluded)]
    [InlineData("v1.0.0.sig", TagVerdict.Artifact)]
    [InlineData("", TagVerdict.Malformed)]
    [InlineData("v1.0.0\n", TagVerdict.Malformed)]
    [InlineData("v1.0.0 ", TagVerdict.Malformed)]
    [InlineData("v1\u001b[2J", TagVerdict.Malformed)]
    [InlineData("v1/2", TagVerdict.Malformed)]
    [InlineData("v१", TagVerdict.Malformed)]
    public void Every_tag_has_one_verdict(string tag, TagVerdict verdict) =>
        Assert.Equal(verdict, Read(new Filter("^v", null, ["-rc", "-debug$"])).Read(tag, out _));

    [Fact]
    public void A_tag_above_128_characters_is_passed_over()
    {
        Assert.Equal(TagVerdict.Kept, TagFilter.All.Read(new string('1', 128), out _));
        Assert.Equal(TagVerdict.Malformed, TagFilter.All.Read(new string('1', 129), out _));
    }

    [Theory]
    [InlineData("sha256-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526", true)]
    [InlineData("sha256-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526.sig", true)]
    [InlineData("sha256-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526.vex", true)]
    [InlineData("sha512-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526", true)]
    [InlineData("sha256-0a1b.sig", true)]
    [InlineData("1.0.0.sbom", true)]
    [InlineData("1.0.0.att", true)]
    [InlineData("sha256-0a1b", false)]
    [InlineData("sha256-not-a-digest", false)]
    [InlineData("sha256-64677FF7A877079DF86D4A12E80E67A9548EA0FACB2ACB8C6719E79088E64526", false)]
    [InlineData("shale", false)]
    [InlineData("1.0.0", false)]
    [InlineData("sig", false)]
    public void What_tools_write_beside_an_image_is_no_version(string tag, bool isArtifact) => Assert.Equal(isArtifact, TagFilter.IsArtifact(tag));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_pattern_every_tag_is_its_own_key(string? pattern)
    {
        Assert.Equal(TagVerdict.Kept, Read(new Filter(pattern)).Read("anything-7", out var key));
        Assert.Equal("anything-7", key.ToString());
    }

    [Fact]
    public void An_absent_filter_an_empty_one_and_none_at_all_are_the_same()
    {
        Assert.True(TagFilter.TryRead(null, out var absent, out _));
        Assert.True(TagFilter.TryRead(new Filter(), out var empty, out _));
        Assert.Equal(absent.Read("1.0", out _), empty.Read("1.0", out _));
        Assert.Null(absent.Pattern);
        Assert.Null(empty.Pattern);
    }

    [Fact]
    public void A_bad_pattern_names_its_field()
    {
        Assert.False(TagFilter.TryRead(new Filter("["), out _, out var problem));
        Assert.Equal("spec.source.filter.pattern", problem.Field);
    }

    [Fact]
    public void A_bad_exclusion_names_its_place()
    {
        Assert.False(TagFilter.TryRead(new Filter("^v", null, ["-rc", "(?=x)"]), out _, out var problem));
        Assert.Equal("spec.source.filter.exclude[1]", problem.Field);
        Assert.Contains("look-around", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_at_most_32_exclusions()
    {
        Assert.True(TagFilter.TryRead(new Filter(Exclude: [.. Enumerable.Repeat("x", 32)]), out _, out _));
        Assert.False(TagFilter.TryRead(new Filter(Exclude: [.. Enumerable.Repeat("x", 33)]), out _, out var problem));
        Assert.Contains("more than 32", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_extract_without_a_pattern_has_nothing_to_take_from()
    {
        Assert.False(TagFilter.TryRead(new Filter(null, "$1"), out _, out var problem));
        Assert.Equal("spec.source.filter.extract", problem.Field);
    }

    [Fact]
    public void Groups_that_the_pattern_does_not_have_are_known() =>
        Assert.Equal(["1x", "w"], Read(new Filter("^(?P<v>.*)$", "$1x-$v-$w")).UnknownGroups);

    private static TagFilter Read(Filter filter)
    {
        Assert.True(TagFilter.TryRead(filter, out var read, out var problem), problem?.ToString());
        return read;
    }
}
