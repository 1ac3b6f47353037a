using System.Text.RegularExpressions;
using CsCheck;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class TagPatternTests
{
    [Theory]
    [InlineData("^v", "v1 v", "1 xv")]
    [InlineData("-rc", "1.0-rc.1 -rc", "1.0 rc")]
    [InlineData(@"^\d+\.\d+$", "1.2 10.20", "1.2.3 a1.2 1.२")]
    [InlineData(@"^[\w.-]+$", "a_b.c-d", "a+b")]
    [InlineData(@"^\W+$", "--.", "a- ")]
    [InlineData(@"^[\D]+$", "abc", "ab1")]
    [InlineData(@"^[^\d]+$", "abc", "ab1")]
    [InlineData(@"^\S+$", "abc", "")]
    [InlineData("(?i)^RELEASE$", "release Release", "releases")]
    [InlineData("^(?i:rel)-A$", "REL-A rel-A", "rel-a")]
    [InlineData("(?:a|b){2}$", "ab xba", "a")]
    [InlineData("^a{2,}$", "aa aaaa", "a")]
    [InlineData("^a{,2}$", "a{,2}", "aa a")]
    [InlineData("^a{x}$", "a{x}", "aaa")]
    [InlineData("a.c", "abc xa.cx", "ac")]
    [InlineData(@"a\.c", "a.c", "abc")]
    [InlineData(@"^\Qa.b\E.$", "a.bc", "axbc")]
    [InlineData(@"^\Qa.b", "a.b", "axb")]
    [InlineData(@"^\x41\x{42}$", "AB", "ab")]
    [InlineData(@"^[[:alpha:]_]+$", "ab_", "ab1")]
    [InlineData(@"^[[:digit:][:upper:]]+$", "1A", "1a")]
    [InlineData(@"^\p{L}+$", "abc", "ab1")]
    [InlineData(@"^\pL+$", "abc", "ab1")]
    [InlineData(@"^[\p{Lu}-]+$", "A-B", "Ab")]
    [InlineData("^[]a]+$", "]a", "b")]
    [InlineData("^[a-]+$", "a-", "b")]
    [InlineData("^[^-debug]$", "x", "d -")]
    [InlineData("^[a-z-[aeiou]+]$", "a] [z-]", "b c")]
    [InlineData(@"\Av1\z", "v1", "v1x xv1")]
    [InlineData(@"\bv1\b", "v1 a-v1-b", "av1")]
    [InlineData("a#b", "a#b", "a")]
    [InlineData("^a b$", "", "ab")]
    public void A_pattern_matches_as_RE2_does(string text, string matches, string others)
    {
        var pattern = Parse(text);

        Assert.All(matches.Split(' ', StringSplitOptions.RemoveEmptyEntries), tag => Assert.True(pattern.IsMatch(tag), $"{text} matches {tag}"));
        Assert.All(others.Split(' ', StringSplitOptions.RemoveEmptyEntries), tag => Assert.False(pattern.IsMatch(tag), $"{text} does not match {tag}"));
    }

    [Theory]
    [InlineData("", "must not be empty")]
    [InlineData(null, "must not be empty")]
    [InlineData("(?=a)", "look-around")]
    [InlineData("(?!a)", "look-around")]
    [InlineData("(?<=a)b", "look-around")]
    [InlineData("(?<!a)b", "look-around")]
    [InlineData(@"(a)\1", "back-references")]
    [InlineData(@"(?P<n>a)(?P=n)", "back-references")]
    [InlineData(@"(?P<n>a)\k<n>", @"\k is not in RE2")]
    [InlineData("(?>a)", "atomic")]
    [InlineData("(?#remark)a", "not in RE2")]
    [InlineData("(?'n'a)", "not in RE2")]
    [InlineData("(?(a)b|c)", "not in RE2")]
    [InlineData("(?x) a", "a flag other than")]
    [InlineData("(?U)a+", "a flag other than")]
    [InlineData("(?)", "not in RE2")]
    [InlineData("(?", "not in RE2")]
    [InlineData("a++", "a repeat follows a repeat")]
    [InlineData("a**", "a repeat follows a repeat")]
    [InlineData("a?+", "a repeat follows a repeat")]
    [InlineData("*a", "nothing before it")]
    [InlineData("+", "nothing before it")]
    [InlineData("(*a)", "nothing before it")]
    [InlineData("a|*", "nothing before it")]
    [InlineData("^*", "nothing before it")]
    [InlineData("(?i)*", "nothing before it")]
    [InlineData("[=", "[ is never closed")]
    [InlineData("[]", "[ is never closed")]
    [InlineData("[b-a]", "runs backwards")]
    [InlineData(@"[\d-z", "[ is never closed")]
    [InlineData("[[:vowel:]]", "another name")]
    [InlineData("[[:^alpha:]]", "another name")]
    [InlineData("(a", "( is never closed")]
    [InlineData("a)", ") closes nothing")]
    [InlineData(@"a\", @"it ends in a \")]
    [InlineData(@"\Z", @"\Z is not in RE2")]
    [InlineData(@"\G", @"\G is not in RE2")]
    [InlineData(@"\K", @"\K is not in RE2")]
    [InlineData(@"\u0041", @"\u is not in RE2")]
    [InlineData(@"\cA", @"\c is not in RE2")]
    [InlineData(@"\07", @"\0 is not in RE2")]
    [InlineData(@"\x4", @"\x takes")]
    [InlineData(@"\x{110000}", @"\x takes")]
    [InlineData(@"\x{", @"\x takes")]
    [InlineData(@"\p{Greek}", "general category")]
    [InlineData(@"\p{Qq}", "is no pattern")]
    [InlineData(@"\p", "general category")]
    [InlineData("(?P<1a>x)", "a group's name")]
    [InlineData("(?P<>x)", "a group's name")]
    [InlineData("(?P<a-b>x)", "a group's name")]
    [InlineData("(?P<a", "a group's name")]
    [InlineData("(?P<a>x)(?P<a>y)", "two groups are named 'a'")]
    [InlineData("a{1001}", "above 1000")]
    [InlineData("a{99999999999}", "above 1000")]
    [InlineData("a{3,2}", "a repeat runs backwards")]
    [InlineData("(?i-)a", "a flag other than")]
    [InlineData("((a{100}){100}){100}", "too large")]
    [InlineData("(a{11}){100}", "too large")]
    [InlineData("a{500}b{501}", "too large")]
    [InlineData("(?:ab|c{2}){334}", "too large")]
    [InlineData("(((((((((((a{900}){900}){900}){900}){900}){900}){900}){900}){900}){900}){900}){900}", "too large")]
    public void What_RE2_refuses_or_dotnet_reads_otherwise_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(TagPattern.TryParse(text, out var pattern, out var error));
        Assert.Null(pattern);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_above_512_characters_is_not_read()
    {
        Assert.True(TagPattern.TryParse(new string('a', 512), out _, out _));
        Assert.False(TagPattern.TryParse(new string('a', 513), out _, out var error));
        Assert.Contains("longer than 512", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a{1000}")]
    [InlineData("(a{10}){100}")]
    [InlineData("(?:a*){0,500}(?:b+){500}")]
    [InlineData("(?:ab|c{2}){0}d{996}")]
    public void Repeats_are_allowed_up_to_a_thousand_states(string text) => Assert.True(TagPattern.TryParse(text, out _, out _));

    [Fact]
    public void A_reason_quotes_what_the_user_wrote_and_not_its_translation()
    {
        Assert.False(TagPattern.TryParse("v1|*", out _, out var error));
        Assert.Equal("'v1|*' is no pattern: a repeat has nothing before it; write it in the syntax of RE2", error);
    }

    // The seed's pattern was not anchored, and a branch's build went out as a version.
    [Fact]
    public void A_whole_match_is_anchored_at_both_ends()
    {
        var sha = Parse("[0-9a-f]{7,40}");

        Assert.False(sha.IsWholeMatch("00feedback-env"));
        Assert.True(sha.IsMatch("00feedbac"));
        Assert.True(sha.IsWholeMatch("00feedb"));
    }

    [Theory]
    [InlineData("a|b", "a", true)]
    [InlineData("a|b", "b", true)]
    [InlineData("a|b", "ab", false)]
    [InlineData("^a$|b", "bb", false)]
    [InlineData("(?i)a|b", "B", true)]
    [InlineData("a*?", "aaa", true)]
    [InlineData("(?m)^a$", "a", true)]
    public void A_whole_match_takes_all_alternatives_of_the_pattern(string text, string tag, bool matches) => Assert.Equal(matches, Parse(text).IsWholeMatch(tag));

    [Theory]
    [InlineData("^a$", "a\n")]
    [InlineData("a", "a\n")]
    public void The_end_is_the_end_and_not_the_last_line_feed(string text, string notWhole) => Assert.False(Parse(text).IsWholeMatch(notWhole));

    [Fact]
    public void A_dollar_stops_only_at_the_very_end() => Assert.False(Parse("a$").IsMatch("a\n"));

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[0-9]{9}$")]
    public void A_pattern_that_explodes_elsewhere_answers_here(string text) => Assert.False(Parse(text).IsMatch(new string('a', 120) + "!"));

    [Fact]
    public void Groups_are_numbered_as_Go_numbers_them()
    {
        var pattern = Parse("^(?P<sha>[a-f]+)-([0-9]+)-(?P<env>[a-z]+)$");

        Assert.Equal(["", "sha", "", "env"], pattern.GroupNames);
        Assert.Equal("abc-12-prod|abc|12|prod", Captures(pattern, "abc-12-prod"));
    }

    [Theory]
    [InlineData("^v(.*)-alpine$", 1, 7)]
    [InlineData("^v(?P<v>[0-9.]+)$", 1, 0)]
    [InlineData(@"^[a-f0-9]{7}-(\d+)$", 8, 0)]
    [InlineData(@"\A(\d+)\.\d\z", 0, 2)]
    [InlineData("(?i)^V(.*)$", 1, 0)]
    [InlineData(@"^(a|b(c+)*)x{3}$", 0, 3)]
    [InlineData("^v(.*)-(?i)ALPINE$", 1, 7)]
    public void A_group_with_fixed_ends_is_known_as_one(string text, int before, int behind) => Assert.Equal(new FixedEnds(before, behind), Parse(text).FixedEnds);

    [Theory]
    [InlineData("v(.*)$")]
    [InlineData("^v(.*)")]
    [InlineData("^v+(.*)$")]
    [InlineData("^v?(.*)$")]
    [InlineData("^v(.*)?$")]
    [InlineData("^v(.)+$")]
    [InlineData("^v(.*)-(.*)$")]
    [InlineData("^(?:v)(.*)$")]
    [InlineData("^v(.*)$|x")]
    [InlineData("a|^v(.*)$")]
    [InlineData("^v{1,2}(.*)$")]
    [InlineData("(?m)^v(.*)$")]
    [InlineData(@"^v(.*)\b$")]
    [InlineData("^v.*$")]
    [InlineData("x^v(.*)$")]
    [InlineData("^v(.*)$x")]
    [InlineData("^v$(.*)$")]
    public void A_group_whose_ends_move_is_not(string text) => Assert.Null(Parse(text).FixedEnds);

    [Fact]
    public void What_is_cut_out_by_position_is_what_the_group_captures() =>
        Gen.Select(Piece.List[0, 3], Group, Piece.List[0, 3], Gen.String[Gen.Char["ab1."], 0, 10]).Sample(
            (before, group, behind, tag) =>
            {
                var text = $"^{string.Concat(before)}({group}){string.Concat(behind)}$";
                var pattern = Parse(text);
                var match = Regex.Match(tag, text, RegexOptions.CultureInvariant);

                Assert.Equal(match.Success, pattern.IsMatch(tag));
                if (match.Success && pattern.FixedEnds is { } ends)
                {
                    Assert.Equal(match.Groups[1].Value, tag[ends.Before..^ends.Behind]);
                }
            },
            iter: 2_000);

    [Fact]
    public void No_pattern_throws_and_both_engines_find_the_same_tags() =>
        Gen.String[Gen.Char[@"ab1.*+?{},()[]^$|\dwPQEpxL<>:=!-i"], 0, 12].Sample(
            text =>
            {
                if (TagPattern.TryParse(text, out var pattern, out _))
                {
                    Assert.Equal(pattern.IsMatch("ab1"), Captures(pattern, "ab1") is not null);
                    _ = pattern.IsWholeMatch("ab1");
                }
            },
            iter: 3_000);

    internal static string? Captures(TagPattern pattern, string tag)
    {
        var places = new int[2 * pattern.GroupNames.Length];
        return pattern.TryCapture(tag, places)
            ? string.Join('|', places.Chunk(2).Select(place => place[0] < 0 ? "none" : tag[place[0]..place[1]]))
            : null;
    }

    private static Gen<string> Piece => Gen.OneOf("a", "b", ".", "[ab]", "1{2}", @"\d", @"\.", "[^b]", "b{1}");

    private static Gen<string> Group => Gen.OneOf(".*", "[ab]+", "a|b1", "(?:a|b)*", ".", @"(\d)*", "a{2,3}", "");

    private static TagPattern Parse(string text)
    {
        Assert.True(TagPattern.TryParse(text, out var pattern, out var error), error);
        return pattern;
    }
}
