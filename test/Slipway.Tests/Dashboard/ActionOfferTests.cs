using Slipway.Actions;
using Slipway.Dashboard.Rollouts;
using Slipway.Views;

namespace Slipway.Tests.Dashboard;

public sealed class ActionOfferTests
{
    private static readonly string[] Everything = [.. ActionKind.All.Select(kind => kind.Name)];

    [Fact]
    public void A_calm_Delivery_offers_the_way_back_suspension_and_a_look() => Assert.Equal(["rollback", "suspend", "check"], Names(Rows.Calm()));

    [Fact]
    public void A_rollout_can_be_promoted_and_aborted() => Assert.Equal(["promote", "abort", "suspend", "check"], Names(Rows.Stepping()));

    [Fact]
    public void Who_is_asked_says_yes_or_no_to_the_very_digest()
    {
        var offers = ActionOffer.Of(Rows.Held("AwaitingApproval", phase: "Stepping"), Everything);

        Assert.Equal(["approve", "reject", "abort", "suspend", "check"], offers.Select(offer => offer.Kind.Name));
        Assert.All(offers.Take(2), offer => Assert.Equal("sha256:120", offer.Request.Digest));
    }

    [Fact]
    public void What_was_rejected_can_be_tried_again() => Assert.Contains("retry", Names(Rows.Held("Rejected")));

    [Fact]
    public void What_a_person_has_stopped_can_be_resumed_instead_of_suspended()
    {
        Assert.Contains("resume", Names(Rows.Calm() with { Suspended = true }));
        Assert.DoesNotContain("suspend", Names(Rows.Held("ManualRollback")));
    }

    [Fact]
    public void A_right_that_is_missing_is_named()
    {
        var abort = ActionOffer.Of(Rows.Stepping(), ["promote"]).Single(offer => offer.Kind == ActionKind.Abort);

        Assert.Equal("You lack the right to update deliveries/abort in prod", abort.WhyNot);
        Assert.Null(ActionOffer.Missing(ActionKind.Promote, "prod", ["promote"]));
        Assert.NotNull(ActionOffer.Missing(ActionKind.Promote, "prod", null));
    }

    [Fact]
    public void A_request_has_only_fields_that_its_action_takes() =>
        Assert.All(
            ActionOffer.Of(Rows.Held("AwaitingApproval", phase: "Stepping"), Everything).Concat(ActionOffer.Of(Rows.Held("Rejected"), Everything)),
            offer => Assert.True((offer.Request.Digest is null || offer.Kind.Fields.Contains("digest")) && offer.Request is { To: null, All: null }));

    private static IEnumerable<string> Names(DeliveryRow row) => ActionOffer.Of(row, Everything).Select(offer => offer.Kind.Name);
}
