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
    public void While_something_is_under_way_the_controller_knows_what_there_is_to_go_back_to() => Assert.Contains(" to 1 ", Written(ActionKind.Rollback, new() { To = 1 }, ViewSamples.Advancing).Value, StringComparison.Ordinal);

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

    private static ActionPlan.Write Written(ActionKind kind, ActionRequest request, Delivery delivery) => Assert.IsType<ActionPlan.Write>(ActionPlan.Of(kind, request, delivery, [], Ada));

    private static ActionPlan.Refuse Refused(ActionKind kind, ActionRequest request, Delivery delivery) =>
        Assert.IsType<ActionPlan.Refuse>(ActionPlan.Of(kind, request, delivery, [new ReleaseRecord("shop-2", "u", 2, "1.1.0", Samples.Digest110, "Succeeded", ViewSamples.Noon)], Ada));
}
