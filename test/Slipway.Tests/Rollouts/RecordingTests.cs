using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

public sealed class RecordingTests
{
    private static readonly Held Hold = new(Reasons.NothingToRollBackTo, "left as it is", Noon, New.Digest);

    private static readonly DeliverySnapshot Unwritten = JustStarted.In(new Recording(Second, Failure, Hold)).Running(New);

    private static readonly DeliverySnapshot Written = Unwritten.WithHistory(Old.Release(1, Outcomes.Succeeded), New.Release(2, Outcomes.Failed));

    [Fact]
    public void The_outcome_is_written_into_the_release_of_the_attempt()
    {
        var release = Unwritten.Plan().World.Release!;

        Assert.Equal((Second.Release, 2, Failure), (release.Metadata.Name, release.Spec.Number, release.Status));
    }

    [Fact]
    public void Nothing_moves_before_the_history_has_it() => Unwritten.Stays();

    [Fact]
    public void A_newer_version_waits_until_the_history_has_it() => Unwritten.Seeing(Newer).Stays();

    [Fact]
    public void What_comes_then_comes_when_the_history_has_it() => Assert.Equal(Hold, Written.Plan().State());

    [Fact]
    public void The_release_of_another_attempt_is_not_the_one() =>
        Unwritten.WithHistory(New.Release(3, Outcomes.Failed)).Stays();

    [Fact]
    public void A_release_that_is_still_running_is_not_written_yet() =>
        Unwritten.WithHistory(New.Release(2, Outcomes.Running)).Stays();

    [Fact]
    public void A_release_that_somebody_deleted_is_written_again()
    {
        var deleted = Unwritten.WithHistory(Old.Release(1, Outcomes.Succeeded));

        Assert.Equal(Outcomes.Failed, deleted.Plan().World.Release?.Status?.Outcome);
    }

    [Fact]
    public void The_history_is_written_while_suspended_too()
    {
        Assert.NotNull(Unwritten.Suspended().Plan().World.Release);
        Assert.Empty(Unwritten.Suspended().Plan().World.Images);
        Assert.Equal(Hold, Written.Suspended().Plan().State());
    }

    [Fact]
    public void The_history_is_written_though_the_targets_are_gone() =>
        Assert.Equal(Hold, (Written with { Targets = [], TargetProblem = new("TargetNotFound", "gone") }).Plan().State());

    [Fact]
    public void No_image_is_written_while_an_outcome_is() => Assert.Empty(Unwritten.Plan().World.Images);

    [Fact]
    public void An_outcome_that_stands_in_the_history_is_not_waited_out_for_another_one() =>
        Assert.Equal(Hold, Unwritten.WithHistory(New.Release(2, Outcomes.Superseded)).Plan().State());

    [Fact]
    public void A_release_that_was_created_without_a_status_is_not_written_yet() => Unwritten.WithHistory(New.Release(2, "")).Stays();
}
