using Slipway.Api;
using Slipway.Controllers;
using Slipway.Policies;

namespace Slipway.Tests.Controllers;

public sealed class PatternPoolTests
{
    [Fact]
    public void The_same_text_is_the_same_pattern()
    {
        var pool = new PatternPool();

        Assert.Same(Parse(pool, "^v(.*)$"), Parse(pool, "^v(.*)$"));
        Assert.NotSame(Parse(pool, "^v(.*)$"), Parse(pool, "^w(.*)$"));
        Assert.Equal(2, pool.Count);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_pattern_is_refused_as_without_a_pool(string? text)
    {
        Assert.False(TagPattern.TryParse(text, out _, out var expected));
        Assert.False(new PatternPool().TryParse(text, out var pattern, out var error));

        Assert.Null(pattern);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Two_specs_with_one_filter_share_it()
    {
        var pool = new PatternPool();
        var source = new Source { Follow = new Follow { Semver = new SemverPolicy() }, Filter = new Filter("^v(.*)-alpine$", "$1", ["-rc"]) };

        Assert.True(FollowRule.TryRead(source, out var one, out _, pool.TryParse));
        Assert.True(FollowRule.TryRead(source, out var other, out _, pool.TryParse));

        Assert.Same(one.Filter.Pattern, other.Filter.Pattern);
        Assert.Equal(2, pool.Count);
    }

    [Fact]
    public void What_nobody_uses_any_longer_does_not_stay()
    {
        var pool = new PatternPool();
        var kept = Parse(pool, "kept");
        Fill(pool, 0, 200);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);

        // The 256th entry is the one at which those that are dead are swept out.
        Fill(pool, 200, 255);

        Assert.InRange(pool.Count, 1, 60);
        Assert.Same(kept, Parse(pool, "kept"));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Fill(PatternPool pool, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            Parse(pool, $"^x{at}$");
        }
    }

    private static TagPattern Parse(PatternPool pool, string text) => pool.TryParse(text, out var pattern, out var error) ? pattern : throw new Xunit.Sdk.XunitException(error);
}
