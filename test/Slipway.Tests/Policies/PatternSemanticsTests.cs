using System.Text.RegularExpressions;
using CsCheck;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

/// <summary>
/// Random patterns of the part that .NET's backtracking engine and RE2 read alike, asked of both: the same tags match, and the same groups
/// capture the same.
/// </summary>
public sealed class PatternSemanticsTests
{
    private static readonly Gen<string> Tag = Gen.String[Gen.Char["ab1.-_A"], 1, 12];

    private static readonly Gen<string> Atom = Gen.OneOf(
        "a", "b", "1", ".", "-", "_", @"\.", @"\-", "[ab]", "[^a]", "[a-b1]", "[-a]", "[a.]", @"[\.-]", @"\x61", "(?:)", "[[:digit:]]", @"\d", @"\w", @"\D", @"[\w.]");

    private static readonly Gen<string> Quantifier = Gen.Frequency((4, ""), (1, "*"), (1, "+"), (1, "?"), (1, "*?"), (1, "{2}"), (1, "{1,2}"), (1, "{0,}"), (1, "{1,3}?"));

    // No repeated group that can match nothing: how often such a group loops is where engines differ, and RE2 says so.
    private static readonly Gen<string> Piece = Gen.Select(Atom, Quantifier, (atom, quantifier) => atom == "(?:)" ? atom : atom + quantifier);

    private static readonly Gen<string> Sequence = Piece.List[1, 4].Select(string.Concat);

    private static readonly Gen<string> Part = Gen.OneOf(
        Sequence,
        Sequence.Select(inside => $"({inside})"),
        Gen.Select(Sequence, Sequence, (left, right) => $"({left}|{right})"),
        Gen.Select(Sequence, Sequence, (left, right) => $"(?:{left}|{right})"));

    private static readonly Gen<string> Pattern = Gen.Select(
        Gen.OneOf("", "^", "(?i)"), Part.List[1, 3].Select(string.Concat), Gen.OneOf("", "$"), (start, middle, end) => start + middle + end);

    [Fact]
    public void The_same_tags_match() =>
        Gen.Select(Pattern, Tag).Sample((text, tag) => Assert.Equal(Oracle(text).IsMatch(tag), Parse(text).IsMatch(tag)), iter: 500);

    [Fact]
    public void A_whole_match_is_the_anchored_pattern() =>
        Gen.Select(Pattern, Tag).Sample((text, tag) => Assert.Equal(Oracle($@"\A(?:{text})\z").IsMatch(tag), Parse(text).IsWholeMatch(tag)), iter: 300);

    [Fact]
    public void The_same_groups_capture_the_same() =>
        Gen.Select(Pattern, Tag).Sample(
            (text, tag) =>
            {
                var expected = Oracle(text).Match(tag);
                Assert.True(TagFilter.TryRead(new Filter(text, "[$0][$1][$2][$3]"), out var filter, out var problem), problem?.ToString());

                var verdict = filter.Read(tag, out var key);

                Assert.Equal(expected.Success && !TagFilter.IsArtifact(tag), verdict == TagVerdict.Kept);
                if (verdict == TagVerdict.Kept)
                {
                    Assert.Equal($"[{expected.Groups[0].Value}][{Group(expected, 1)}][{Group(expected, 2)}][{Group(expected, 3)}]", key.ToString());
                }
            },
            iter: 500);

    [Fact]
    public void A_key_is_the_same_whether_it_is_cut_out_or_captured() =>
        Gen.Select(Pattern, Tag).Sample(
            (text, tag) =>
            {
                // The second extract says the same in a way that is always captured.
                Assert.True(TagFilter.TryRead(new Filter(text, "$1"), out var cut, out _));
                Assert.True(TagFilter.TryRead(new Filter(text, "${1}$9"), out var captured, out _));

                Assert.Equal(captured.Read(tag, out var expected), cut.Read(tag, out var key));
                Assert.Equal(expected.ToString(), key.ToString());
            },
            iter: 500);

    // Where loops of nothing, alternatives and unused groups meet, as Go's regexp answers since 1.17.
    [Theory]
    [InlineData("(a*)*", "b", "|")]
    [InlineData("(a*)*", "aa", "aa|aa")]
    [InlineData("(a*)+", "b", "|")]
    [InlineData("(|a)*", "aa", "|")]
    [InlineData("(|a)+", "aa", "|")]
    [InlineData("(a|b)*", "ab", "ab|b")]
    [InlineData("(a+|b)*", "ab", "ab|b")]
    [InlineData("(a)|b", "b", "b|none")]
    [InlineData("(?:(a)|b)*", "ab", "ab|a")]
    [InlineData("(a??)a", "aa", "a|")]
    [InlineData("(a?)a", "aa", "aa|a")]
    [InlineData("(ab|a)(bc|c)?", "abc", "abc|ab|c")]
    [InlineData("(a|ab)(c|bcd)", "abcd", "abcd|a|bcd")]
    [InlineData("^(1+|[^a]+)b?[^a](..?)", "1bb1a", "1bb1a|1|1a")]
    [InlineData("(a{0})b", "ab", "b|")]
    [InlineData("(a){0}b", "ab", "b|none")]
    [InlineData("(a){2}", "aaa", "aa|a")]
    [InlineData("(a){1,2}?", "aaa", "a|a")]
    [InlineData("(?:a(b)?)+", "aba", "aba|b")]
    [InlineData(@"\b(\w)\B", "-ab", "a|a")]
    [InlineData("x*(y)$", "xxy", "xxy|y")]
    [InlineData("(z)", "ab", null)]
    [InlineData("()", "", "|")]
    public void Captures_are_those_of_the_first_match_in_the_order_of_the_pattern(string text, string tag, string? captures) =>
        Assert.Equal(captures, TagPatternTests.Captures(Parse(text), tag));

    [Theory]
    [InlineData("(?m)^b$", "a\nb", "b")]
    [InlineData("(?s)a.b", "a\nb", "a\nb")]
    [InlineData("a.b", "a\nb", null)]
    [InlineData("(?m)a$", "a\nb", "a")]
    [InlineData("(?i)A(?-i)B", "aB", "aB")]
    [InlineData("(?i)A(?-i)B", "ab", null)]
    [InlineData("(?:(?i)a)b", "Ab", "Ab")]
    [InlineData("(?:(?i)a)b", "AB", null)]
    [InlineData("(?i:a|b)c", "Bc", "Bc")]
    [InlineData("(?i)[a-c]", "B", "B")]
    [InlineData("(?i)[^b]", "B", null)]
    public void Flags_hold_to_the_end_of_their_group(string text, string tag, string? match)
    {
        Assert.Equal(match, TagPatternTests.Captures(Parse(text), tag));
        Assert.Equal(match is not null, Parse(text).IsMatch(tag));
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("(a*)*(a*)*(a*)*b")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[0-9]{9}$")]
    [InlineData("((a|aa)+){1,9}$")]
    public void Captures_too_are_linear_in_the_tag(string text) => Assert.Null(TagPatternTests.Captures(Parse(text), new string('a', 120) + "!"));

    [Fact]
    public void A_pattern_of_the_greatest_size_is_captured() =>
        Assert.Equal($"{new string('a', 128)}|a", TagPatternTests.Captures(Parse("(?:(a)|b){128,500}"), new string('a', 128)));

    private static string Group(Match match, int number) => match.Groups[number].Value;

    private static Regex Oracle(string text) => new(
        text.Replace("[[:digit:]]", "[0-9]", StringComparison.Ordinal), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    private static TagPattern Parse(string text)
    {
        Assert.True(TagPattern.TryParse(text, out var pattern, out var error), error);
        return pattern;
    }
}
