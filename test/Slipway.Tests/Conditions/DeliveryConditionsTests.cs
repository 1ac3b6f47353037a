using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Tests.Rollouts;
using static Slipway.Conditions.DeliveryConditions;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Conditions;

public sealed class DeliveryConditionsTests
{
    private static readonly DeliverySnapshot Gone = Settled with { Targets = [], TargetProblem = new("TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist") };

    private static readonly DeliverySnapshot HeldDrifted = Settled.In(new Held(Reasons.Drifted, "somebody set it", Noon, Old.Digest));

    private static (string Status, string Reason, string Message)? Said(DeliverySnapshot now, string type) =>
        Describe(now, now.Status).Conditions!.SingleOrDefault(condition => condition.Type == type) is { } condition ? (condition.Status, condition.Reason, condition.Message) : null;

    [Fact]
    public void Settled_is_ready_and_nothing_else()
    {
        Assert.Equal(("True", Reasons.UpToDate, "1.0.0 runs"), Said(Settled, Ready));
        Assert.Equal(("True", Reasons.Found, "ghcr.io/acme/shop: 1.0.0"), Said(Settled, SourceReady));
        Assert.Null(Said(Settled, Reconciling));
        Assert.Null(Said(Settled, Stalled));
    }

    [Fact]
    public void A_current_image_without_a_tag_is_named_by_its_digest() =>
        Assert.Equal("sha256:100 runs", Said(Settled with { Status = Settled.Status with { Current = new(null, Old.Digest, 1) } }, Ready)?.Message);

    public static TheoryData<string> Moving => [.. Phases.Keys];

    private static readonly Dictionary<string, (RolloutState State, string Reason, string Message)> Phases = new()
    {
        ["written"] = (new Advancing(Second, 0, Noon + Deadline), Reasons.Advancing, "release 2: writing 1.1.0"),
        ["watched"] = (new Advancing(Second, 0, Noon + Deadline, HighWater: 2), Reasons.Advancing, "release 2: 1.1.0, 2 pods available"),
        ["held"] = (new Advancing(Second, 0, Noon + Deadline, HighWater: 3, HealthySince: Noon), Reasons.Advancing, "release 2: 1.1.0 is healthy since 2026-01-01 12:00:00Z and is held for 0s"),
        ["going back"] = (new Reverting(Second, "CrashLoopBackOff", "exit 1", Noon + Deadline), Reasons.RollingBack, "release 2: CrashLoopBackOff: exit 1; going back to 1.0.0"),
        ["recording"] = (new Recording(Second, Failure, new Idle()), Reasons.Recording, "release 2: Failed"),
        ["correcting"] = (new Correcting("argocd set it", Noon + Deadline, new Idle()), Reasons.CorrectingDrift, "argocd set it"),
    };

    [Theory]
    [MemberData(nameof(Moving))]
    public void What_moves_is_reconciling_and_not_ready(string phase)
    {
        var (state, reason, message) = Phases[phase];

        Assert.Equal(("True", reason, message), Said(JustStarted.In(state), Reconciling));
        Assert.Equal(("False", reason, message), Said(JustStarted.In(state), Ready));
    }

    [Theory]
    [InlineData("Idle")]
    [InlineData("Held")]
    public void What_does_not_move_is_not_reconciling(string state) =>
        Assert.Null(Said(state == "Idle" ? Settled : HeldDrifted, Reconciling));

    [Fact]
    public void A_target_problem_is_stalled_and_not_ready()
    {
        Assert.Equal(("True", "TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist"), Said(Gone, Stalled));
        Assert.Equal(("False", "TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist"), Said(Gone, Ready));
    }

    [Fact]
    public void A_hold_is_not_ready_with_its_reason()
    {
        Assert.Equal(("False", Reasons.Drifted, "somebody set it"), Said(HeldDrifted, Ready));
        Assert.Equal(new HeldStatus(Reasons.Drifted, "somebody set it"), Describe(HeldDrifted, HeldDrifted.Status).Held);
    }

    [Fact]
    public void A_rollback_by_hand_is_what_was_asked_for_and_ready()
    {
        var held = Settled.In(new Held(Reasons.ManualRollback, "rolled back by hand", Noon));

        Assert.Equal(("True", Reasons.ManualRollback, "1.0.0 runs; rolled back by hand"), Said(held, Ready));
    }

    [Fact]
    public void A_newest_version_that_failed_is_not_ready_though_the_one_before_runs()
    {
        var failed = Settled.Seeing(New).Rejecting(New);

        Assert.Equal(("False", Reasons.RolledBack), (Said(failed, Ready)?.Status, Said(failed, Ready)?.Reason));
        Assert.Equal(Reasons.Rejected, Describe(failed, failed.Status).Held?.Reason);
    }

    [Fact]
    public void A_candidate_that_waits_leaves_the_delivery_ready_with_the_reason()
    {
        var young = Settled.Seeing(New);
        young = young with { Terms = young.Terms with { MinimumAge = TimeSpan.FromHours(3) } };

        Assert.Equal(("True", Reasons.TooYoung, "1.0.0 runs; 1.1.0 rests until 2026-01-01 14:00:00Z (spec.source.minimumAge)"), Said(young, Ready));
        Assert.Equal(Noon.AddHours(2), Describe(young, young.Status).Held?.Until);
    }

    [Fact]
    public void A_suspended_delivery_without_a_candidate_says_that_it_is() =>
        Assert.Equal(new HeldStatus(Reasons.Suspended, "spec.suspend is true; 'slipway resume shop' lets it go on"), Describe(Settled.Suspended(), Settled.Status).Held);

    [Fact]
    public void A_candidate_that_is_current_is_held_by_nothing() => Assert.Null(Describe(Settled, Settled.Status).Held);

    [Fact]
    public void A_candidate_that_rolls_out_is_held_by_nothing() => Assert.Null(Describe(HalfWay, HalfWay.Status).Held);

    [Fact]
    public void A_newer_candidate_that_a_gate_holds_back_is_told_while_another_rolls_out() =>
        Assert.Equal(Reasons.PlatformMismatch, Describe(HalfWay.Seeing(Newer) with { PlatformProblem = "no arm64" }, HalfWay.Seeing(Newer).Status).Held?.Reason);

    [Fact]
    public void Before_anything_is_current_the_source_is_the_reason()
    {
        var now = Fresh with { Sighting = new Sighting.Problem("Unauthorized", "ghcr.io says no") };

        Assert.Equal(("False", "Unauthorized", "ghcr.io says no"), Said(now, Ready));
    }

    [Fact]
    public void Before_anything_is_current_and_with_a_good_source_it_is_adopting() =>
        Assert.Equal(("False", Reasons.Adopting, "waiting for the workload to settle, to learn what it runs"), Said(Fresh, Ready));

    [Fact]
    public void Before_anything_is_current_a_closed_gate_is_told() =>
        Assert.Equal("1.0.0: no arm64; build the image for that platform, or keep the pods off such nodes", Said(Fresh.Seeing(Old) with { PlatformProblem = "no arm64" }, Ready)?.Message);

    [Fact]
    public void No_match_is_told_of_the_source() =>
        Assert.Equal(("False", Reasons.NoMatch, "ghcr.io/acme/shop: no tag is in >=2"), Said(Settled with { Sighting = new Sighting.NoMatch("no tag is in >=2") }, SourceReady));

    [Fact]
    public void A_registry_problem_leaves_what_runs_ready() =>
        Assert.Equal("True", Said(Settled with { Sighting = new Sighting.Problem("RegistryUnavailable", "503") }, Ready)?.Status);

    [Fact]
    public void A_source_that_was_not_looked_at_yet_is_unknown() =>
        Assert.Equal(("Unknown", Reasons.NotLookedYet), (Said(Fresh with { Sighting = new Sighting.Pending() }, SourceReady)?.Status, Said(Fresh with { Sighting = new Sighting.Pending() }, SourceReady)?.Reason));

    [Fact]
    public void After_a_restart_what_was_known_of_the_source_stands()
    {
        var settled = Settled.Stored();

        Assert.True((settled with { Sighting = new Sighting.Pending() }).Plan().Status.SameAs(settled.Status));
    }

    [Fact]
    public void The_instant_of_a_transition_is_kept_while_the_status_is_the_same()
    {
        var later = Settled.Stored().After(TimeSpan.FromHours(1)).Seeing(New);
        later = later with { Terms = later.Terms with { MinimumAge = TimeSpan.FromDays(1) } };

        var ready = later.Plan().Condition(Ready)!;

        Assert.Equal((Reasons.TooYoung, Noon), (ready.Reason, ready.LastTransitionTime));
    }

    [Fact]
    public void The_instant_of_a_transition_moves_with_the_status()
    {
        var later = Settled.Stored().After(TimeSpan.FromHours(1)).Seeing(New).Plan();

        Assert.Equal(("False", Noon.AddHours(1)), (later.Condition(Ready)!.Status, later.Condition(Ready)!.LastTransitionTime));
        Assert.Equal(Noon.AddHours(1), later.Condition(Reconciling)!.LastTransitionTime);
        Assert.Equal(Noon, later.Condition(SourceReady)!.LastTransitionTime);
    }

    [Fact]
    public void Every_condition_carries_the_generation_that_was_read()
    {
        var plan = HalfWay.Plan();

        Assert.All(plan.Status.Conditions!, condition => Assert.Equal(3, condition.ObservedGeneration));
        Assert.Equal(3, plan.Status.ObservedGeneration);
    }

    [Fact]
    public void A_spec_that_cannot_be_read_is_stalled_and_keeps_what_was_known()
    {
        var known = Settled.Stored().Status;

        var invalid = Invalid(known, generation: 4, Reasons.InvalidSpec, "spec.pin: 'x' is not one of …", Noon.AddHours(1));

        Assert.Equal([Ready, Stalled], invalid.Conditions!.Select(condition => condition.Type));
        Assert.All(invalid.Conditions!, condition => Assert.Equal((Reasons.InvalidSpec, 4L), (condition.Reason, condition.ObservedGeneration)));
        Assert.Equal((known.Current, known.Candidate, known.LastRelease, 4L), (invalid.Current, invalid.Candidate, invalid.LastRelease, invalid.ObservedGeneration));
    }

    [Fact]
    public void A_spec_that_still_cannot_be_read_is_not_written_again()
    {
        var invalid = Invalid(null, 1, Reasons.InvalidSpec, "spec.pin: …", Noon);

        Assert.True(Invalid(invalid, 1, Reasons.InvalidSpec, "spec.pin: …", Noon.AddHours(1)).SameAs(invalid));
    }

    [Fact]
    public void A_spec_that_was_mended_is_not_stalled_any_more()
    {
        var invalid = Settled with { Status = Invalid(Settled.Status, 2, Reasons.InvalidSpec, "spec.pin: …", Noon) };

        Assert.Null(invalid.Plan().Condition(Stalled));
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void What_is_suspended_half_way_does_not_reconcile_and_says_why(string phase)
    {
        var now = JustStarted.In(Phases[phase].State).Suspended();

        var ready = Said(now, Ready)!.Value;

        var recording = phase == "recording";
        Assert.Equal(recording, Said(now, Reconciling) is not null);
        Assert.Equal(("False", recording ? Reasons.Recording : Reasons.Suspended), (ready.Status, ready.Reason));
        Assert.StartsWith(Phases[phase].Message, ready.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sentence_of_a_suspended_rollout_tells_both_halves() =>
        Assert.Equal("release 2: 1.1.0, 2 pods available; spec.suspend is true; 'slipway resume shop' lets it go on", Said(HalfWay.Suspended(), Ready)?.Message);

    [Theory]
    [MemberData(nameof(Moving))]
    public void Reconciling_and_stalled_are_never_true_together(string phase)
    {
        var now = Gone.In(Phases[phase].State);

        Assert.NotNull(Said(now, Reconciling));
        Assert.Null(Said(now, Stalled));
        Assert.Equal("TargetNotFound", Said(now, Ready)?.Reason);
    }
}
