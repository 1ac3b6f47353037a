using Slipway.Actions;
using Slipway.Api;
using Slipway.Rollouts;
using Slipway.Tests.Cli;
using Slipway.Tests.Views;
using Slipway.Views;

namespace Slipway.Tests.Actions;

public sealed class ActionPlanTests
{
    private static readonly Asker Ada = new("ada", "api/10.0.0.1", ViewSamples.Noon);

    [Fact]
    public void A_yes_names_the_digest_that_it_is_for()
    {
        var write = Written(ActionKind.Approve, new(), ViewSamples.RolledBack);
        Assert.Equal($"2026-03-01T12:00:00.000Z digest {Samples.Digest120} from api/10.0.0.1 by ada", write.Value);
        Assert.Equal("yes to sha256:120000000000", write.Told);
    }

    [Fact]
    public void Of_a_step_the_version_that_it_shows_is_asked_about() =>
        Assert.Contains(Samples.Digest120, Written(ActionKind.Reject, new(), ViewSamples.Stepping).Value, StringComparison.Ordinal);

    [Fact]
    public void Where_nothing_can_be_decided_that_is_said() => Assert.Equal("NothingToDecide", Refused(ActionKind.Approve, new(), new Delivery()).Reason);

    [Fact]
    public void Only_what_was_rejected_is_tried_again()
    {
        Assert.EndsWith($"digest {Samples.Digest120} from api/10.0.0.1 by ada", Written(ActionKind.Retry, new(), ViewSamples.RolledBack).Value, StringComparison.Ordinal);
        Assert.Equal("NothingRejected", Refused(ActionKind.Retry, new(), ViewSamples.Calm).Reason);
        Assert.Equal("NothingRejected", Refused(ActionKind.Retry, new() { Digest = Samples.Digest100 }, ViewSamples.RolledBack).Reason);
    }

    [Fact]
    public void What_is_suspended_is_not_rolled_back() =>
        Assert.Equal("Suspended", Refused(ActionKind.Rollback, new(), ViewSamples.Calm with { Spec = new() { Suspend = true } }).Reason);

    [Fact]
    public void Without_a_version_that_was_good_there_is_no_way_back() => Assert.Equal("NothingToRollBackTo", Refused(ActionKind.Rollback, new(), ViewSamples.Calm).Reason);

    [Fact]
    public void What_comes_to_its_end_by_itself_is_waited_for_before_the_way_back_is_known()
    {
        var ending = new RolloutState.Reverting(ViewSamples.Advancing.Status!.Rollout!.Attempted!, "Aborted", "m", ViewSamples.Noon);

        var write = Written(ActionKind.Rollback, new() { To = 1 }, ViewSamples.Calm with { Status = ViewSamples.Calm.Status! with { Rollout = ending } });

        Assert.Contains(" to 1 ", write.Value, StringComparison.Ordinal);
        Assert.Equal("asked to go back once what is under way has ended", write.Told);
    }

    [Fact]
    public void A_rollback_is_told_where_it_leads()
    {
        var history = new ReleaseRecord("shop-1", "u", 1, "1.0.0", Samples.Digest100, "Succeeded", ViewSamples.Noon);
        Assert.Equal("asked to go back to 1.0.0 (sha256:100000000000), which was release 1", Told(ViewSamples.Calm, history));
        Assert.Equal("asked to end release 3 (1.2.0) and go back to 1.1.0", Told(ViewSamples.Advancing, history));
        Assert.Equal("asked to end release 3 (1.2.0) and go back to 1.1.0", Told(ViewSamples.Stepping, history));

        static string Told(Delivery delivery, ReleaseRecord release) => Assert.IsType<ActionPlan.Write>(ActionPlan.Of(ActionKind.Rollback, new(), delivery, [release], Ada)).Told;
    }

    [Fact]
    public void A_promote_and_an_abort_are_told_what_they_are_about()
    {
        Assert.Equal("asked to leave out the rest of step 2 of release 3 (1.2.0)", Written(ActionKind.Promote, new(), ViewSamples.Stepping).Told);
        Assert.Equal("asked to leave out every step of release 3 (1.2.0)", Written(ActionKind.Promote, new() { All = true }, ViewSamples.Stepping).Told);
        Assert.Equal("asked to leave out the rest of the hold of release 3 (1.2.0)", Written(ActionKind.Promote, new(), ViewSamples.Advancing).Told);
        Assert.Equal("asked to end release 3 (1.2.0) and go back to 1.1.0", Written(ActionKind.Abort, new(), ViewSamples.Stepping).Told);
        Assert.Equal("it is on its way back already", Written(ActionKind.Abort, new(), InState(new RolloutState.Reverting(ViewSamples.Advancing.Status!.Rollout!.Attempted!, "Failed", "m", ViewSamples.Noon))).Told);
    }

    [Fact]
    public void What_a_person_is_waited_for_with_is_promoted_or_ended()
    {
        var shown = InState(new RolloutState.Held("ExposureEnded", "m", ViewSamples.Noon));
        Assert.Equal("asked to ship what was shown for a while", Written(ActionKind.Promote, new(), shown).Told);
        Assert.Equal("asked to follow the source again", Written(ActionKind.Abort, new(), shown).Told);
        Assert.Equal("NothingUnderWay", Refused(ActionKind.Abort, new(), InState(new RolloutState.Held("Drifted", "m", ViewSamples.Noon))).Reason);
    }

    [Fact]
    public void Where_nothing_is_under_way_there_is_nothing_to_promote_or_to_abort()
    {
        foreach (var kind in (ActionKind[])[ActionKind.Promote, ActionKind.Abort])
        {
            var refused = Refused(kind, new(), ViewSamples.Calm);
            Assert.Equal(("NothingUnderWay", $"Delivery prod/shop has no rollout under way, so there is nothing to {kind}", "'slipway why shop' tells what it does"), (refused.Reason, refused.Why, refused.WayOut));
        }
    }

    [Fact]
    public void The_first_version_of_all_cannot_be_aborted()
    {
        var advancing = (RolloutState.Advancing)ViewSamples.Advancing.Status!.Rollout!;

        Assert.Equal("NothingToRollBackTo", Refused(ActionKind.Abort, new(), InState(advancing with { Attempt = advancing.Attempt with { Previous = null } })).Reason);
    }

    [Fact]
    public void A_slip_in_a_number_is_told_before_it_ends_a_rollout() =>
        Assert.Contains("there is no release 9", Refused(ActionKind.Rollback, new() { To = 9 }, ViewSamples.Stepping).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("sha256:12000000")]
    [InlineData(Samples.Digest120)]
    public void The_beginning_of_a_digest_that_is_asked_about_names_it(string digest) =>
        Assert.Contains($" digest {Samples.Digest120} ", Written(ActionKind.Approve, new() { Digest = digest }, ViewSamples.Stepping).Value, StringComparison.Ordinal);

    [Theory]
    [InlineData("sha256:1")]
    [InlineData("sha256:99999999")]
    [InlineData("1.2.0")]
    public void What_names_no_version_is_refused(string digest)
    {
        Assert.Equal(("InvalidDigest", "digest"), Wrong(ActionKind.Approve, digest));
        Assert.Equal(("InvalidDigest", "digest"), Wrong(ActionKind.Retry, digest));

        static (string, string?) Wrong(ActionKind kind, string digest) => Refused(kind, new() { Digest = digest }, ViewSamples.RolledBack) is var refused ? (refused.Reason, refused.Field) : default;
    }

    [Fact]
    public void A_request_is_handled_when_the_status_holds_its_very_value()
    {
        foreach (var kind in ActionKind.All.Where(kind => kind.Annotation is not null))
        {
            var write = new ActionPlan.Write(kind, "v", null, "");
            var handled = new HandledRequests { Check = "v", Retry = "v", Rollback = "v", Resume = "v", Promote = "v", Abort = "v", Approve = "v", Reject = "v" };
            Assert.True(write.IsHandled(new Delivery { Status = new() { Handled = handled } }), kind.Name);
            Assert.False(write.IsHandled(new Delivery { Status = new() { Handled = new() } }), kind.Name);
        }
    }

    [Fact]
    public void To_resume_ends_the_suspension_and_the_hold_in_one_write()
    {
        var patch = Written(ActionKind.Resume, new(), ViewSamples.Calm).Patch();
        Assert.False((bool)patch["spec"]!["suspend"]!);
        Assert.NotNull(patch["metadata"]!["annotations"]![ApiNames.ResumeAnnotation]);
    }

    [Fact]
    public void To_suspend_is_a_field_of_the_spec() => Assert.Equal("""{"spec":{"suspend":true}}""", Written(ActionKind.Suspend, new(), ViewSamples.Calm).Patch().ToJsonString());

    [Theory]
    [InlineData("check", true, false, false)]
    [InlineData("abort", false, true, false)]
    [InlineData("approve", false, false, true)]
    [InlineData("promote", true, false, false)]
    public void A_field_that_the_action_does_not_take_is_refused(string kind, bool digest, bool to, bool all)
    {
        var request = new ActionRequest { Digest = digest ? Samples.Digest100 : null, To = to ? 1 : null, All = all ? true : null };
        var refused = Refused(ActionKind.Find(kind)!, request, ViewSamples.Calm);
        Assert.Equal(("UnknownField", digest ? "digest" : to ? "to" : "all"), (refused.Reason, refused.Field));
    }

    private static Delivery InState(RolloutState state) => ViewSamples.Calm with { Status = ViewSamples.Calm.Status! with { Rollout = state } };

    private static ActionPlan.Write Written(ActionKind kind, ActionRequest request, Delivery delivery) => Assert.IsType<ActionPlan.Write>(ActionPlan.Of(kind, request, delivery, [], Ada));

    private static ActionPlan.Refuse Refused(ActionKind kind, ActionRequest request, Delivery delivery) =>
        Assert.IsType<ActionPlan.Refuse>(ActionPlan.Of(kind, request, delivery, [new ReleaseRecord("shop-2", "u", 2, "1.1.0", Samples.Digest110, "Succeeded", ViewSamples.Noon)], Ada));
}
