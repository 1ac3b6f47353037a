using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class DriftTests
{
    private static readonly DeliverySnapshot Reapplied = Settled.Running(New, author: ImageWriter.Declarative);
    private static readonly DeliverySnapshot SetByHand = Settled.Running(New, author: ImageWriter.Person);

    private static DeliverySnapshot Corrected(DeliverySnapshot now, int times, TimeSpan ago) => now.In(new Idle(new Corrections(times, now.Now - ago)));

    [Fact]
    public void A_stale_tag_that_a_tool_applied_is_put_right()
    {
        var correcting = Reapplied.Next<Correcting>();

        Assert.Equal("field manager argocd-controller set Deployment prod/shop to 1.1.0", correcting.By);
        Assert.Equal(Noon + Deadline, correcting.Deadline);
        Assert.Equal(new Idle(new Corrections(1, Noon)), correcting.Then);
    }

    [Fact]
    public void The_current_image_is_written_again()
    {
        var now = Reapplied.In(Reapplied.Next<Correcting>());

        Assert.Equal(new TargetWish(Key("shop"), Old.Tag, Old.Digest, Release: 1), Assert.Single(now.Plan().World.Images));
        Assert.Null(now.Plan().World.Release);
    }

    [Fact]
    public void A_correction_ends_when_every_target_runs_the_current_image()
    {
        var correcting = Reapplied.Next<Correcting>();

        Reapplied.In(correcting).Stays();
        Assert.Equal(correcting.Then, Settled.In(correcting).Plan().State());
    }

    [Fact]
    public void A_correction_that_cannot_be_written_ends_at_its_deadline()
    {
        var correcting = Reapplied.Next<Correcting>();

        Assert.Equal(correcting.Then, Reapplied.In(correcting).After(Deadline).Plan().State());
    }

    [Fact]
    public void A_correction_ends_when_the_targets_are_gone()
    {
        var correcting = Reapplied.Next<Correcting>();

        Assert.Equal(correcting.Then, (Settled.In(correcting) with { Targets = [], TargetProblem = new("TargetNotFound", "gone") }).Plan().State());
    }

    [Fact]
    public void The_fifth_correction_is_still_one() =>
        Assert.Equal(new Corrections(5, Noon), Assert.IsType<Idle>(Corrected(Reapplied, 4, TimeSpan.FromMinutes(5)).Next<Correcting>().Then).Corrections);

    [Fact]
    public void A_tool_that_keeps_writing_back_is_named_and_no_longer_fought()
    {
        var held = Corrected(Reapplied, 5, TimeSpan.FromMinutes(5)).Next<Held>();

        Assert.Equal(Reasons.Contested, held.Reason);
        Assert.Equal(
            "field manager argocd-controller writes another image to Deployment prod/shop as often as it is put right, 5 times in a row: "
            + "take the image out of what it applies, then 'slipway resume shop'",
            held.Message);
    }

    [Theory]
    [InlineData(59, 4)]
    [InlineData(60, 1)]
    public void Corrections_are_counted_while_they_follow_within_an_hour(int minutes, int count)
    {
        var correcting = Corrected(Reapplied, 3, TimeSpan.FromMinutes(minutes)).Next<Correcting>();

        Assert.Equal(new Corrections(count, Noon), Assert.IsType<Idle>(correcting.Then).Corrections);
    }

    [Fact]
    public void An_image_that_a_person_set_is_left_and_held()
    {
        var held = SetByHand.Next<Held>();

        Assert.Equal(Reasons.Drifted, held.Reason);
        Assert.Equal(
            "Deployment prod/shop container web was set to 1.1.0 by kubectl set (field manager kubectl-set): "
            + "left as it is until a newer version comes or 'slipway resume shop' takes over again",
            held.Message);
        Assert.Empty(SetByHand.In(held).Plan().World.Images);
    }

    [Fact]
    public void A_person_counts_more_than_a_tool()
    {
        var now = Reapplied.WithTarget(Target("worker", New) with { Images = [Image(New, ImageWriter.Person, bare: true)] });

        now.Next<Held>();
    }

    [Fact]
    public void A_digest_in_place_of_a_tag_is_named_in_full() =>
        Assert.Contains(
            "set to 1.1.0@sha256:110", Settled.WithTarget(Target("shop", New) with { Images = [Image(New, ImageWriter.Person)] }).Next<Held>().Message, StringComparison.Ordinal);

    [Fact]
    public void A_workload_that_joins_is_given_the_current_image_whoever_wrote_it()
    {
        var joined = Settled.WithTarget(Target("worker", New) with { Images = [Image(New, ImageWriter.Person, bare: true)], Managed = false });

        joined.Next<Correcting>();
    }

    [Fact]
    public void Before_Slipway_has_written_anything_a_person_is_respected_too()
    {
        var now = SetByHand.Running(New, author: ImageWriter.Person, managed: false);

        (now with { Status = now.Status with { Current = Old.By(1, adopted: true) } }).Next<Held>();
    }

    [Fact]
    public void A_newer_candidate_goes_before_any_drift() => SetByHand.Seeing(Newer).Next<Advancing>();

    [Fact]
    public void An_image_of_another_repository_is_drift()
    {
        var now = Settled.WithTarget(Target("shop", Old) with { Images = [Image(Old, ImageWriter.Declarative) with { InRepository = false }] });

        now.Next<Correcting>();
    }

    [Fact]
    public void A_version_that_a_person_went_back_to_is_put_right_too()
    {
        var hold = new Held(Reasons.ManualRollback, "by hand", Noon, New.Digest);

        var correcting = Reapplied.In(hold).Next<Correcting>();

        Assert.Equal(hold with { Corrections = new Corrections(1, Noon) }, correcting.Then);
    }

    [Fact]
    public void A_rollback_by_hand_outlasts_another_hand_and_a_contest()
    {
        var hold = new Held(Reasons.ManualRollback, "by hand", Noon, New.Digest, new Corrections(5, Noon.AddMinutes(-5)));

        SetByHand.In(hold).Stays();
        Reapplied.In(hold).Stays();
        Assert.Equal(Noon.AddMinutes(55), Reapplied.In(hold).Plan().Wake);
    }

    [Fact]
    public void Drift_is_left_alone_in_the_other_holds() =>
        Reapplied.In(new Held(Reasons.Contested, "contested", Noon, Old.Digest)).Stays();

    [Fact]
    public void A_person_who_sets_an_image_during_a_correction_is_respected()
    {
        var correcting = Reapplied.Next<Correcting>();

        var after = SetByHand.In(correcting).Stored();

        Assert.Equal(correcting.Then, after.State);
        Assert.Equal(Reasons.Drifted, after.Next<Held>().Reason);
    }

    [Fact]
    public void The_container_that_drifted_is_the_one_that_is_named()
    {
        var target = Target("shop", Old) with { Images = [Image(Old), Image(New, ImageWriter.Declarative, container: "migrate")] };

        Assert.Equal("field manager argocd-controller set Deployment prod/shop to 1.1.0@sha256:110", Settled.WithTarget(target).Next<Correcting>().By);
    }

    [Fact]
    public void After_the_repository_was_changed_the_image_before_is_left_until_the_new_one_was_seen()
    {
        var moved = Settled.WithTarget(Target("shop", Old) with { Images = [Image(Old) with { InRepository = false }] });

        (moved with { Sighting = new Sighting.Pending() }).Stays();
        (moved with { Sighting = new Sighting.Problem("RepositoryNotFound", "404") }).Stays();
        moved.Seeing(New).Next<Advancing>();
    }

    [Fact]
    public void A_digest_that_the_new_repository_has_too_is_taken_from_there() =>
        Settled.WithTarget(Target("shop", Old) with { Images = [Image(Old) with { InRepository = false }] }).Next<Correcting>();
}
