using System.Globalization;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Signatures;
using Slipway.Sources;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class RestingTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>1.0.0 runs, and what is pushed rests for an hour. 1.1.0 is seen at noon.</summary>
    private static readonly DeliverySnapshot Patient = Pushed(Settled with { Terms = Settled.Terms with { MinimumAge = Hour } }, New);

    /// <summary>1.2.0 overtook 1.1.0 half an hour later.</summary>
    private static readonly DeliverySnapshot Overtaken = Pushed(Patient.After(Hour / 2), Newer);

    private static DeliverySnapshot Pushed(DeliverySnapshot now, Shop.Version version) => (now with { Sighting = version.Seen() }).Stored();

    private static DeliverySnapshot Confirmed(DeliverySnapshot now, Shop.Version version, bool isThere = true, string? platform = null) =>
        now with { Rested = new RestedImage(version.Digest, isThere, platform) };

    [Fact]
    public void A_candidate_that_is_overtaken_goes_on_resting()
    {
        Assert.Equal((Newer.Digest, Noon + (Hour / 2)), (Overtaken.Status.Candidate!.Digest, Overtaken.Status.Candidate.FirstSeen));
        Assert.Equal((New.Digest, Noon), (Overtaken.Status.Resting!.Single().Digest, Overtaken.Status.Resting![0].FirstSeen));
    }

    [Fact]
    public void The_newest_that_has_rested_ships_while_a_newer_one_rests()
    {
        var now = Confirmed(Overtaken.After(Hour / 2), New);

        var attempt = now.Next<Advancing>().Attempt;

        Assert.Equal((New.Tag, New.Digest, Causes.NewImage), (attempt.Tag, attempt.Digest, attempt.Cause));
        Assert.Equal(Reasons.TooYoung, now.Plan().Status.Held?.Reason);
    }

    [Fact]
    public void It_does_not_before_its_time() => Confirmed(Overtaken.After((Hour / 2) - TimeSpan.FromMilliseconds(1)), New).Stays();

    [Fact]
    public void The_planner_asks_to_be_woken_when_the_first_of_them_has_rested() => Assert.Equal(Noon + Hour, Overtaken.Plan().Wake);

    [Fact]
    public void What_the_registry_was_not_asked_for_does_not_start() => Overtaken.After(Hour / 2).Stays();

    [Fact]
    public void What_the_registry_no_longer_has_is_forgotten()
    {
        var plan = Confirmed(Overtaken.After(Hour / 2), New, isThere: false).Plan();

        Assert.Null(plan.Status.Resting);
        Assert.IsType<Idle>(plan.State());
    }

    [Fact]
    public void What_does_not_run_on_every_node_does_not_start() => Confirmed(Overtaken.After(Hour / 2), New, platform: "no arm64").Stays();

    [Fact]
    public void What_is_not_signed_as_it_must_be_does_not_start()
    {
        DeliverySnapshot With(Verification verification) => Confirmed(Overtaken.After(Hour / 2), New) with
        {
            Rested = new RestedImage(New.Digest, IsThere: true) { Verification = verification },
        };

        With(new Verification.Pending()).Stays();
        With(new Verification.Refused(New.Digest, "SignatureMissing", "none")).Stays();
        With(new Verification.Verified(Newer.Digest)).Stays();
        With(new Verification.Verified(New.Digest)).Next<Advancing>();
    }

    [Fact]
    public void That_the_newer_one_is_signed_says_nothing_of_the_one_that_has_rested() =>
        (Confirmed(Overtaken.After(Hour / 2), New) with
        {
            Verification = new Verification.Verified(Newer.Digest),
            Rested = new RestedImage(New.Digest, IsThere: true) { Verification = new Verification.Pending() },
        }).Stays();

    [Fact]
    public void What_was_rejected_does_not_start() => Confirmed(Overtaken.After(Hour / 2), New).Rejecting(New).Stays();

    [Fact]
    public void While_the_registry_cannot_be_asked_nothing_starts() =>
        (Confirmed(Overtaken.After(Hour / 2), New) with { Sighting = new Sighting.Problem("RegistryUnavailable", "503") }).Stays();

    [Fact]
    public void A_moving_tag_that_was_moved_on_ships_nothing_that_it_was_moved_away_from()
    {
        var moving = Overtaken with { Terms = Overtaken.Terms with { FollowsMovingTag = true } };

        Confirmed(moving.After(Hour / 2), New).Stays();
        Assert.Equal(Noon + Hour + (Hour / 2), moving.After(Hour / 2).Plan().Wake);
    }

    [Fact]
    public void A_pick_that_flaps_begins_no_new_rest()
    {
        var back = Pushed(Overtaken.After(TimeSpan.FromMinutes(10)), New);
        var forth = Pushed(back.After(TimeSpan.FromMinutes(10)), Newer);

        Assert.Equal((New.Digest, Noon), (back.Status.Candidate!.Digest, back.Status.Candidate.FirstSeen));
        Assert.Equal((Newer.Digest, Noon + (Hour / 2)), (forth.Status.Candidate!.Digest, forth.Status.Candidate.FirstSeen));
    }

    [Fact]
    public void A_sighting_that_is_lost_in_between_begins_no_new_rest()
    {
        var lost = (Patient.After(TimeSpan.FromMinutes(10)) with { Sighting = new Sighting.NoMatch("the repository has no tags") }).Stored();

        Assert.Equal(Noon, Pushed(lost.After(TimeSpan.FromMinutes(10)), New).Status.Candidate!.FirstSeen);
    }

    [Fact]
    public void Once_the_minimum_age_is_taken_out_of_the_spec_nothing_rests_any_longer()
    {
        var plan = (Overtaken with { Terms = Overtaken.Terms with { MinimumAge = TimeSpan.Zero } }).Plan();

        Assert.Null(plan.Status.Resting);
        Assert.Equal(Newer.Digest, Assert.IsType<Advancing>(plan.State()).Attempt.Digest);
    }

    [Fact]
    public void What_the_rule_takes_no_longer_is_forgotten() =>
        Assert.Null((Overtaken with { Terms = Overtaken.Terms with { Takes = tag => tag != New.Tag } }).Plan().Status.Resting);

    [Fact]
    public void What_is_older_than_what_runs_is_forgotten()
    {
        var now = (Overtaken with { Status = Overtaken.Status with { Current = Newer.By(3) } }).Running(Newer);

        Assert.Null(now.Plan().Status.Resting);
    }

    [Fact]
    public void Of_builds_the_older_one_is_forgotten_whatever_its_name()
    {
        var resting = new CandidateStatus("zzz", "sha256:zzz", Noon, "") { Built = Noon.AddDays(-2) };
        var now = Overtaken with { Status = Overtaken.Status with { Resting = [resting], Current = Old.By(1) with { Built = Noon.AddDays(-1) } } };

        Assert.Null(now.Plan().Status.Resting);
    }

    [Fact]
    public void An_overtaken_version_does_not_end_a_hold_that_began_after_it()
    {
        var held = new Held(Reasons.Drifted, "by hand", Noon + (Hour / 2), Newer.Digest);

        Confirmed(Overtaken.In(held).After(Hour / 2), New).Stays();
    }

    [Fact]
    public void Who_pushes_more_often_than_the_minimum_age_still_gets_what_has_rested()
    {
        var (now, shipped, longest) = (Settled with { Terms = Settled.Terms with { MinimumAge = Hour, CompareTags = Numbers } }, new List<(DateTimeOffset At, string Tag)>(), 0);
        var seen = new Dictionary<string, DateTimeOffset>();
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            var push = minute / 7;
            var version = new Shop.Version($"{push + 2}", $"sha256:{push + 2}");
            seen.TryAdd(version.Digest, now.Now);
            now = Ripened(now with { Sighting = version.Seen() });
            now = now.Stored();
            longest = Math.Max(longest, now.Status.Resting?.Count ?? 0);
            if (now.State is Advancing at)
            {
                Assert.True(now.Now >= seen[at.Attempt.Digest] + Hour, $"{at.Attempt.Tag} was too young");
                shipped.Add((now.Now, at.Attempt.Tag!));
                now = now with
                {
                    Status = now.Status with { Rollout = null, Current = new ReleasedImage(at.Attempt.Tag, at.Attempt.Digest, at.Attempt.Number) },
                    Targets = [Target("shop", new Shop.Version(at.Attempt.Tag!, at.Attempt.Digest))],
                    History = [],
                };
            }

            now = now.After(TimeSpan.FromMinutes(1));
        }

        // From the end of the first hour on, what runs was the newest never longer ago than the minimum age and a tenth, and one push.
        Assert.InRange(longest, 1, 12);
        Assert.Equal(shipped.OrderBy(ship => int.Parse(ship.Tag, CultureInfo.InvariantCulture)), shipped);
        Assert.All(shipped, ship => Assert.InRange(ship.At - seen[$"sha256:{ship.Tag}"], Hour, Hour + TimeSpan.FromMinutes(14)));
        Assert.All(shipped.Zip(shipped.Skip(1)), pair => Assert.InRange(pair.Second.At - pair.First.At, TimeSpan.Zero, TimeSpan.FromMinutes(14)));
        Assert.True(shipped.Count > 23 * 60 / 14, $"{shipped.Count} shipped");
    }

    [Fact]
    public void However_often_is_pushed_the_list_stays_short()
    {
        var now = Settled with { Terms = Settled.Terms with { MinimumAge = TimeSpan.FromDays(30), CompareTags = Numbers } };
        for (var push = 2; push < 2000; push++)
        {
            now = Pushed(now.After(TimeSpan.FromMinutes(30)), new Shop.Version($"{push}", $"sha256:{push}"));
            Assert.InRange(now.Status.Resting?.Count ?? 0, 0, 12);
        }
    }

    private static int? Numbers(string left, string right) => Number(left).CompareTo(Number(right));

    private static int Number(string tag) => int.Parse(tag.Split('.')[0], CultureInfo.InvariantCulture);

    private static DeliverySnapshot Ripened(DeliverySnapshot now) =>
        Resting.Ripe(now.Stored().Status, now.Terms, now.Now) is { } ripe ? now with { Rested = new RestedImage(ripe.Digest, IsThere: true) } : now with { Rested = null };
}
