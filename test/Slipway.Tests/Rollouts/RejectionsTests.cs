using Slipway.Api;
using Slipway.Rollouts;

namespace Slipway.Tests.Rollouts;

public sealed class RejectionsTests
{
    private static Rejection Of(int version, string terms = "v1:a") => new($"{version}", $"sha256:{version}", version, "CrashLoopBackOff", "exit 1", terms);

    [Fact]
    public void A_digest_is_found_under_the_terms_it_failed_under() => Assert.Equal(Of(1), Rejections.Find([Of(1), Of(2)], "sha256:1", "v1:a"));

    [Theory]
    [InlineData("sha256:1", "v1:b")]
    [InlineData("sha256:3", "v1:a")]
    public void Other_terms_and_other_digests_are_not_found(string digest, string terms) => Assert.Null(Rejections.Find([Of(1), Of(2)], digest, terms));

    [Fact]
    public void Nothing_is_found_in_nothing() => Assert.Null(Rejections.Find(null, "sha256:1", "v1:a"));

    [Fact]
    public void A_digest_that_fails_again_is_there_once() =>
        Assert.Equal([Of(2), Of(1, "v1:b")], Rejections.Add([Of(1), Of(2)], Of(1, "v1:b")));

    [Fact]
    public void The_memory_is_bounded_and_the_oldest_go_first()
    {
        IReadOnlyList<Rejection>? rejected = null;
        for (var version = 1; version <= 50; version++)
        {
            rejected = Rejections.Add(rejected, Of(version));
        }

        Assert.Equal(Enumerable.Range(31, 20).Select(version => Of(version)), rejected);
    }

    [Fact]
    public void A_digest_is_cleared_under_all_terms() => Assert.Equal([Of(2)], Rejections.Without([Of(1, "v1:a"), Of(2), Of(1, "v1:b")], "sha256:1"));

    [Fact]
    public void To_clear_what_is_not_there_changes_nothing()
    {
        Rejection[] rejected = [Of(1)];

        Assert.Same(rejected, Rejections.Without(rejected, "sha256:2"));
        Assert.Same(rejected, Rejections.Without(rejected, null));
        Assert.Null(Rejections.Without(null, "sha256:1"));
    }
}
