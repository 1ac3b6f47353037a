using System.Text.RegularExpressions;
using CsCheck;
using Slipway.History;

namespace Slipway.Tests.History;

public sealed partial class ReleaseNameTests
{
    private static readonly string Longest = string.Join('.', Enumerable.Repeat(new string('a', 62), 4));

    [Fact]
    public void A_release_is_named_after_its_delivery_and_number() =>
        Assert.Matches("^shop-7-[0-9a-f]{8}$", ReleaseName.For("shop", "uid-1", 7, "sha256:110"));

    [Fact]
    public void The_same_cause_has_the_same_name() =>
        Assert.Equal(ReleaseName.For("shop", "uid-1", 7, "sha256:110"), ReleaseName.For("shop", "uid-1", 7, "sha256:110"));

    // A release is found again by its name after a restart and after an upgrade: its form may never change (I28).
    [Fact]
    public void The_name_of_a_cause_never_changes() => Assert.Equal("shop-2-" + Suffix, ReleaseName.For("shop", "uid-1", 2, "sha256:110"));

    private const string Suffix = "20e2cf54";

    [Theory]
    [InlineData("shop", "uid-2", 7, "sha256:110")]
    [InlineData("shop", "uid-1", 8, "sha256:110")]
    [InlineData("shop", "uid-1", 7, "sha256:111")]
    [InlineData("shops", "uid-1", 7, "sha256:110")]
    public void Another_cause_has_another_name(string delivery, string uid, long number, string digest) =>
        Assert.NotEqual(ReleaseName.For("shop", "uid-1", 7, "sha256:110"), ReleaseName.For(delivery, uid, number, digest));

    [Fact]
    public void Any_delivery_has_release_names_that_are_names_and_label_values() =>
        Gen.Select(Gen.Char["abcxyz0189-."].Array[1, 253], Gen.Long[1, long.MaxValue]).Sample((letters, number) =>
        {
            var delivery = "a" + new string(letters[1..]).TrimEnd('-', '.');
            var name = ReleaseName.For(delivery, "uid", number, "sha256:1");
            var label = ReleaseName.LabelFor(delivery);
            Assert.True(name.Length <= 63 && LabelValue.IsMatch(name), name);
            Assert.True(label.Length <= 63 && LabelValue.IsMatch(label), label);
        });

    [Fact]
    public void Long_names_that_differ_at_the_end_stay_apart()
    {
        Assert.NotEqual(ReleaseName.For(Longest + "a", "uid-1", 1, "sha256:1"), ReleaseName.For(Longest + "b", "uid-2", 1, "sha256:1"));
        Assert.NotEqual(ReleaseName.LabelFor(Longest + "a"), ReleaseName.LabelFor(Longest + "b"));
    }

    [Fact]
    public void A_cut_never_ends_in_a_dot_or_a_hyphen()
    {
        var dotted = new string('a', 53) + "..--..--" + new string('b', 20);

        Assert.DoesNotMatch("[.-]-[0-9a-f]{8}$", ReleaseName.LabelFor(dotted));
        Assert.DoesNotMatch("[.-]-1-[0-9a-f]{8}$", ReleaseName.For(dotted, "uid", 1, "sha256:1"));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(1)]
    public void A_name_that_fits_is_the_label_itself(int length) => Assert.Equal(new string('a', length), ReleaseName.LabelFor(new string('a', length)));

    [Fact]
    public void A_name_that_just_fits_is_not_cut()
    {
        var delivery = new string('a', 63 - "-7-12345678".Length);

        Assert.StartsWith(delivery + "-7-", ReleaseName.For(delivery, "uid", 7, "sha256:1"), StringComparison.Ordinal);
        Assert.Equal(63, ReleaseName.For(delivery + "a", "uid", 7, "sha256:1").Length);
    }

    // Kubernetes documentation, "Labels and Selectors", syntax of a label value.
    [GeneratedRegex("^[a-z0-9A-Z]([-a-z0-9A-Z_.]*[a-z0-9A-Z])?$")]
    private static partial Regex LabelValue { get; }
}
