using CsCheck;
using Slipway.Versions;

namespace Slipway.Tests.Versions;

public sealed class SemanticVersionTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("v1.2.3", "1.2.3")]
    [InlineData("1.2", "1.2.0")]
    [InlineData("v1", "1.0.0")]
    [InlineData("2024.01.05", "2024.1.5")]
    [InlineData("1.2-rc.1", "1.2.0-rc.1")]
    [InlineData("1.2.3-rc.1+build.7", "1.2.3-rc.1+build.7")]
    [InlineData("1.2.3+001", "1.2.3+001")]
    [InlineData("1.2.3-a.-b", "1.2.3-a.-b")]
    [InlineData("18446744073709551615.0.0", "18446744073709551615.0.0")]
    public void A_tag_is_read_as_people_write_versions(string text, string version)
    {
        Assert.True(SemanticVersion.TryParse(text, out var read));
        Assert.Equal(version, read.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("V1.2.3")]
    [InlineData("vv1")]
    [InlineData("latest")]
    [InlineData("1.")]
    [InlineData("1..2")]
    [InlineData(".1")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.x")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-a_b")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3+a+b")]
    [InlineData("1.2.3 ")]
    [InlineData(" 1.2.3")]
    [InlineData("1.2.3\n")]
    [InlineData("-1.2.3")]
    [InlineData("१.२.३")]
    [InlineData("18446744073709551616.0.0")]
    [InlineData("1.99999999999999999999999999999999.0")]
    public void What_is_no_version_is_none(string? text) => Assert.False(SemanticVersion.TryParse(text, out _));

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("1.2.3-rc.1+b.01", true)]
    [InlineData("0.0.0-0", true)]
    [InlineData("v1.2.3", false)]
    [InlineData("1.2", false)]
    [InlineData("1", false)]
    [InlineData("01.2.3", false)]
    [InlineData("1.02.3", false)]
    [InlineData("1.2.03", false)]
    [InlineData("1.2.3-01", false)]
    public void Strictly_it_is_semver_to_the_letter(string text, bool valid) => Assert.Equal(valid, SemanticVersion.TryParseStrict(text, out _));

    [Fact]
    public void The_parts_are_kept()
    {
        Assert.True(SemanticVersion.TryParse("v1.2.3-rc.1+build.7", out var version));

        Assert.Equal((1UL, 2UL, 3UL), (version.Major, version.Minor, version.Patch));
        Assert.Equal("rc.1", version.Prerelease);
        Assert.Equal("build.7", version.Metadata);
        Assert.True(version.IsPrerelease);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("v1.2", 2)]
    [InlineData("1.2.3", 3)]
    [InlineData("1-rc.1", 1)]
    public void How_much_was_written_is_known(string text, int numbers)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version));
        Assert.Equal(numbers, version.WrittenNumbers);
    }

    [Fact]
    public void The_order_is_that_of_the_specification()
    {
        // semver.org 2.0.0, section 11, and a few that people get wrong.
        string[] ascending =
        [
            "0.0.0-0", "0.0.0", "0.9.10", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1-0", "1.0.1-1", "1.0.1-1.0", "1.0.1-2", "1.0.1-10", "1.0.1-99999999999999999999", "1.0.1-100000000000000000000",
            "1.0.1--", "1.0.1-A", "1.0.1-a", "1.0.1-a-b", "1.0.1", "2.0.0",
        ];

        for (var low = 0; low < ascending.Length; low++)
        {
            for (var high = low + 1; high < ascending.Length; high++)
            {
                Assert.True(Read(ascending[low]) < Read(ascending[high]), $"{ascending[low]} < {ascending[high]}");
                Assert.True(Read(ascending[high]) > Read(ascending[low]), $"{ascending[high]} > {ascending[low]}");
            }
        }
    }

    [Theory]
    [InlineData("1.2.3", "v1.2.3")]
    [InlineData("1.2", "1.2.0")]
    [InlineData("1.2.3+a", "1.2.3+b")]
    [InlineData("01.2.3", "1.2.3")]
    public void Of_equal_precedence_is_equal(string left, string right)
    {
        Assert.True(Read(left) == Read(right));
        Assert.True(Read(left) <= Read(right) && Read(left) >= Read(right));
        Assert.False(Read(left) != Read(right));
        Assert.Equal(Read(left).GetHashCode(), Read(right).GetHashCode());
        Assert.True(Read(left).Equals((object)Read(right)));
    }

    [Fact]
    public void A_prerelease_number_of_any_size_is_ordered_and_does_not_overflow() =>
        Assert.True(Read($"1.0.0-{new string('9', 100)}") < Read($"1.0.0-1{new string('0', 100)}"));

    [Fact]
    public void A_text_above_256_characters_is_not_read() => Assert.False(SemanticVersion.TryParse($"1.0.0-{new string('a', 251)}", out _));

    [Fact]
    public void Reading_and_comparing_allocate_nothing()
    {
        var text = "v1.22.333-rc.1+build.7".AsMemory();
        var equal = Rounds(text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        equal += Rounds(text);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(2000, equal);
        Assert.True(allocated < 1000, $"{allocated} bytes in 1,000 readings: a version is a window on its text");
    }

    [Fact]
    public void No_text_throws() => Gen.String.Sample(text => SemanticVersion.TryParse(text, out var version) || version == default);

    [Fact]
    public void What_is_strict_is_loose_too_and_means_the_same() =>
        Some.Version.Sample(text =>
        {
            Assert.True(SemanticVersion.TryParseStrict(text, out var strict), text);
            Assert.True(SemanticVersion.TryParse("v" + text, out var loose), text);
            Assert.Equal(strict, loose);
            Assert.Equal(text, loose.ToString());
        });

    [Fact]
    public void The_order_is_total() =>
        Gen.Select(Some.Version, Some.Version, Some.Version).Sample((a, b, c) =>
        {
            var (x, y, z) = (Read(a), Read(b), Read(c));
            Assert.Equal(Math.Sign(x.CompareTo(y)), -Math.Sign(y.CompareTo(x)));
            Assert.True(!(x <= y && y <= z) || x <= z, $"{a} <= {b} <= {c}");
        });

    private static int Rounds(ReadOnlyMemory<char> text)
    {
        var equal = 0;
        for (var round = 0; round < 1000; round++)
        {
            equal += SemanticVersion.TryParse(text, out var one) && SemanticVersion.TryParse(text, out var other) && one.CompareTo(other) == 0 ? 1 : 0;
        }

        return equal;
    }

    private static SemanticVersion Read(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version), text);
        return version;
    }
}
