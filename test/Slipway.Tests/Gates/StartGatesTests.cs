using Slipway.Api;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Rollouts;
using Slipway.Signatures;
using Slipway.Sources;
using Slipway.Tests.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Gates;

public sealed class StartGatesTests
{
    private static readonly DeliverySnapshot Pushed = Settled.Seeing(New);

    private static HeldStatus? Held(DeliverySnapshot now) => StartGates.FirstClosed(now, now.Status.Candidate!);

    [Fact]
    public void Nothing_holds_a_newer_version_that_rested_and_runs_everywhere() => Assert.Null(Held(Pushed));

    [Fact]
    public void Suspended_says_who_waits_and_how_to_go_on() =>
        Assert.Equal(new HeldStatus(Reasons.Suspended, "spec.suspend is true: 1.1.0 waits; 'slipway resume shop' lets it go on"), Held(Pushed.Suspended()));

    [Fact]
    public void Rejected_says_where_and_why_it_failed() =>
        Assert.Equal(
            new HeldStatus(Reasons.Rejected, "1.1.0 was rejected in release 2 (CrashLoopBackOff: exit 1); push a newer version, or 'slipway retry shop' tries it again"),
            Held(Pushed.Rejecting(New)));

    [Fact]
    public void A_rejection_under_other_terms_does_not_count() =>
        Assert.Null(Held(Pushed.Rejecting(New) with { Terms = Pushed.Terms with { Fingerprint = "v1:b" } }));

    [Fact]
    public void The_rejection_of_another_digest_does_not_count() => Assert.Null(Held(Pushed.Rejecting(Newer)));

    [Fact]
    public void An_older_version_than_the_current_one_is_not_started()
    {
        var now = (Settled with { Status = Settled.Status with { Current = New.By(1) } }).Seeing(Old);

        Assert.Equal(
            new HeldStatus(Reasons.Downgrade, "1.0.0 is older than 1.1.0: a version is not lowered because a tag vanished; 'slipway rollback shop' goes back on purpose"),
            Held(now));
    }

    [Fact]
    public void An_equal_version_on_another_digest_is_no_downgrade() =>
        Assert.Null(Held(Settled.Seeing(Old with { Digest = "sha256:101" })));

    [Fact]
    public void What_the_policy_does_not_order_is_no_downgrade()
    {
        var now = (Settled with { Status = Settled.Status with { Current = New.By(1) } }).Seeing(Old);

        Assert.Null(Held(now with { Terms = now.Terms with { CompareTags = (_, _) => null } }));
    }

    [Fact]
    public void A_current_image_without_a_tag_is_no_measure_of_a_downgrade() =>
        Assert.Null(Held(Pushed with { Status = Pushed.Status with { Current = new ReleasedImage(null, "sha256:999", 1) } }));

    [Fact]
    public void A_candidate_without_a_tag_is_no_downgrade() =>
        Assert.Null(StartGates.FirstClosed(Pushed, new CandidateStatus(null, "sha256:999", Noon.AddHours(-1), "")));

    [Fact]
    public void While_a_version_rolls_out_the_candidate_is_measured_against_that_one() =>
        Assert.Equal(Reasons.Downgrade, Held(JustStarted.In(new Advancing(Second with { Tag = "1.3.0" }, 0, Noon + Deadline)).Seeing(Newer))?.Reason);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Where_the_build_time_decides_an_older_build_is_a_downgrade(int days, bool held)
    {
        var now = Pushed with { Status = Pushed.Status with { Current = Newer.By(1) with { Built = Noon }, Candidate = Pushed.Status.Candidate! with { Built = Noon.AddDays(days) } } };

        Assert.Equal(held, Held(now) is { Reason: Reasons.Downgrade });
    }

    [Fact]
    public void A_candidate_waits_until_all_build_times_are_read() =>
        Assert.Equal(
            new HeldStatus(Reasons.ReadingBuildTimes, "1.1.0 waits until it is known what was built last: 100 of 900 tags"),
            Held(Pushed with { Sighting = new Sighting.Pending("100 of 900 tags") }));

    [Fact]
    public void What_was_adopted_learns_when_it_was_built_once_it_is_seen()
    {
        var seen = Settled with { Sighting = Old.Seen() with { Built = Noon.AddDays(-1) } };

        Assert.Equal(Noon.AddDays(-1), seen.Plan().Status.Current!.Built);
        Assert.Equal(Noon.AddDays(-1), seen.Stored().Stored().Status.Current!.Built);
    }

    [Fact]
    public void A_platform_that_is_missing_is_told_with_the_way_out() =>
        Assert.Equal(
            new HeldStatus(Reasons.PlatformMismatch, "1.1.0: no linux/arm64 for node-7; build the image for that platform, or keep the pods off such nodes"),
            Held(Pushed with { PlatformProblem = "no linux/arm64 for node-7" }));

    [Fact]
    public void A_signature_that_is_required_must_have_been_found_on_this_very_digest()
    {
        Assert.Null(Held(Pushed with { Verification = new Verification.NotRequired() }));
        Assert.Null(Held(Pushed with { Verification = new Verification.Verified(New.Digest) }));
        Assert.Equal(Reasons.SignaturePending, Held(Pushed with { Verification = new Verification.Pending() })?.Reason);
        Assert.Equal(Reasons.SignaturePending, Held(Pushed with { Verification = new Verification.Verified(Old.Digest) })?.Reason);
        Assert.Equal(Reasons.SignaturePending, Held(Pushed with { Verification = new Verification.Refused(Old.Digest, Reasons.SignatureMissing, "it has none") })?.Reason);
        Assert.Equal(
            new HeldStatus(Reasons.SignatureMissing, "1.1.0: it has none"),
            Held(Pushed with { Verification = new Verification.Refused(New.Digest, Reasons.SignatureMissing, "it has none") }));
    }

    [Fact]
    public void What_was_not_seen_by_this_process_does_not_start_though_it_be_verified()
    {
        var gone = Pushed with { Sighting = new Sighting.Pending() };

        Assert.Equal(Reasons.NotLookedYet, Held(gone with { Verification = new Verification.Verified(New.Digest) })?.Reason);
        Assert.Equal(Reasons.NotLookedYet, Held(gone with { Verification = new Verification.Pending() })?.Reason);
    }

    // It was verified when it came, or ran before anybody required it: a way back is not the moment to find fault with it.
    [Fact]
    public void A_way_back_needs_no_signature()
    {
        var now = GoingBack with { Verification = new Verification.Refused(Old.Digest, Reasons.SignatureMissing, "it has none") };

        Assert.Equal(Old.Digest, Assert.Single(now.Plan().World.Images).Digest);
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    [InlineData(61, false)]
    public void A_candidate_rests_for_its_minimum_age(int minutes, bool held)
    {
        var now = Pushed with { Now = Noon.AddHours(-1).AddMinutes(minutes), Terms = Pushed.Terms with { MinimumAge = TimeSpan.FromHours(1) } };

        Assert.Equal(held, Held(now) is { Reason: Reasons.TooYoung });
    }

    [Fact]
    public void A_candidate_that_is_too_young_says_when_it_will_not_be()
    {
        var now = Pushed with { Terms = Pushed.Terms with { MinimumAge = TimeSpan.FromHours(3) } };

        Assert.Equal(new HeldStatus(Reasons.TooYoung, "1.1.0 rests until 2026-01-01 14:00:00Z (spec.source.minimumAge)", Noon.AddHours(2)), Held(now));
    }

    [Fact]
    public void A_candidate_that_is_only_remembered_waits_until_the_registry_was_looked_at() =>
        Assert.Equal(new HeldStatus(Reasons.NotLookedYet, "1.1.0 waits until ghcr.io/acme/shop was looked at"), Held(Pushed with { Sighting = new Sighting.Pending() }));

    [Fact]
    public void A_candidate_that_vanished_before_it_was_started_is_not_started() =>
        Assert.Equal(
            new HeldStatus(Reasons.NoMatch, "1.1.0 is no longer what the source has: no tag is in >=1"),
            Held(Pushed with { Sighting = new Sighting.NoMatch("no tag is in >=1") }));

    [Fact]
    public void A_candidate_whose_pods_could_not_be_pulled_now_waits() =>
        Assert.Equal(
            new HeldStatus("RegistryUnavailable", "1.1.0 waits until the registry answers: ghcr.io: 503"),
            Held(Pushed with { Sighting = new Sighting.Problem("RegistryUnavailable", "ghcr.io: 503") }));

    [Fact]
    public void A_platform_problem_is_not_forgotten_when_the_registry_goes_away()
    {
        var refused = (Pushed with { PlatformProblem = "no arm64" }).Stored();

        (refused with { PlatformProblem = null, Sighting = new Sighting.Problem("RegistryUnavailable", "503") }).Stays();
        (refused with { PlatformProblem = null, Sighting = new Sighting.Pending() }).Stays();
    }

    [Fact]
    public void The_first_closed_gate_is_the_one_that_is_told()
    {
        var now = (Settled with { Status = Settled.Status with { Current = Newer.By(1) } }).Seeing(New).Rejecting(New).Suspended() with { PlatformProblem = "no arm64" };
        now = now with { Terms = now.Terms with { MinimumAge = TimeSpan.FromDays(1) } };

        Assert.Equal(Reasons.Suspended, Held(now)?.Reason);
        now = now with { Terms = now.Terms with { Suspended = false } };
        Assert.Equal(Reasons.Rejected, Held(now)?.Reason);
        now = now with { Status = now.Status with { Rejected = null } };
        Assert.Equal(Reasons.Downgrade, Held(now)?.Reason);
        now = now with { Status = now.Status with { Current = Old.By(1) } };
        Assert.Equal(Reasons.PlatformMismatch, Held(now)?.Reason);
        now = now with { PlatformProblem = null, Sighting = new Sighting.Pending() };
        Assert.Equal(Reasons.TooYoung, Held(now)?.Reason);
        now = now.After(TimeSpan.FromDays(1));
        Assert.Equal(Reasons.NotLookedYet, Held(now)?.Reason);
    }

    public static TheoryData<string> Gates => [Reasons.Suspended, Reasons.Rejected, Reasons.PlatformMismatch, Reasons.SignatureMissing, Reasons.TooYoung];

    [Theory]
    [MemberData(nameof(Gates))]
    public void A_closed_gate_starts_nothing_and_is_shown(string reason)
    {
        var now = reason switch
        {
            Reasons.Suspended => Pushed.Suspended(),
            Reasons.Rejected => Pushed.Rejecting(New),
            Reasons.PlatformMismatch => Pushed with { PlatformProblem = "no arm64" },
            Reasons.SignatureMissing => Pushed with { Verification = new Verification.Refused(New.Digest, reason, "it has none") },
            _ => Pushed with { Terms = Pushed.Terms with { MinimumAge = TimeSpan.FromDays(1) } },
        };

        var plan = now.Plan();

        Assert.IsType<Idle>(plan.State());
        Assert.Empty(plan.World.Images);
        Assert.Equal(reason, plan.Status.Held?.Reason);
    }
}
