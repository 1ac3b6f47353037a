using Slipway.Api;
using Slipway.Conditions;
using Slipway.Groups;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Groups.MemberStanding;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Groups;

public sealed class GroupMemberTests
{
    private static readonly Attempt Mine = Second with { Group = new GroupProgress(7, GroupPhase.Ready, Noon) };

    private static readonly Side Beside = new("shop", 1, 3);

    private static readonly ReleaseStatus Succeeded = new() { Outcome = Outcomes.Succeeded };

    public static TheoryData<DeliveryStatus, MemberStanding> Standings => new()
    {
        { new(), new Away() },
        { In(new Stepping(Mine, 0, Stage.Holding, Beside, Noon)), new Moving(7, GroupPhase.Ready) },
        { In(new Advancing(Mine, 0, Noon)), new Moving(7, GroupPhase.Ready) },
        { In(new Advancing(Second, 0, Noon)), new Away() },
        { In(new Reverting(Mine, "X", "exit 1", Noon)), new Failing(7, "exit 1") },
        { In(new Draining(Mine, Beside, new Reverting(Mine, "X", "exit 1", Noon), Noon)), new Failing(7, "exit 1") },
        { In(new Draining(Mine, Beside, new Recording(Mine, Failure, new Idle()), Noon)), new Failing(7, "pod shop-1: exit 1") },
        { In(new Draining(Mine, Beside, new Recording(Mine, Succeeded, new Idle()), Noon)), new Moving(7, GroupPhase.Ready) },
        { In(new Recording(Mine, Failure, new Idle())), new Failing(7, "pod shop-1: exit 1") },
        { In(new Recording(Mine, Succeeded, new Idle())), new Away() },
        { In(new Recording(Mine, new ReleaseStatus { Outcome = Outcomes.Superseded }, new Idle())), new Moving(7, GroupPhase.Underway) },
        { In(new Recording(Mine, new ReleaseStatus { Outcome = Outcomes.Exposed }, new Idle())), new Away() },
        { new() { Held = new(Reasons.AwaitingGroup, "") }, new AtTheDoor() },
        { new() { Held = new(Reasons.JoiningGroup, "") }, new Coming() },
        { new() { Held = new(Reasons.TooYoung, "", Noon) }, new Coming() },
        { new() { Held = new(Reasons.OutsideWindow, ""), Current = Old.By(1), Candidate = Seen }, new Away() },
        { new() { Current = Old.By(1), Candidate = Seen }, new Coming() },
        { new() { Current = New.By(1), Candidate = Seen }, new Away() },
        { new() { Current = Old.By(1), Candidate = Seen, Conditions = [new(DeliveryConditions.Stalled, "True", "TargetNotFound", "", Noon)] }, new Away() },
        { In(new RolloutState.Held("Drifted", "", Noon)), new Away() },
    };

    private static CandidateStatus Seen => new(New.Tag, New.Digest, Noon, "");

    private static DeliveryStatus In(RolloutState state) => new() { Rollout = state };

    [Theory]
    [MemberData(nameof(Standings))]
    public void Where_a_member_stands_is_read_from_its_status(DeliveryStatus status, MemberStanding standing) => Assert.Equal(standing, GroupMember.StandingOf(status));

    [Fact]
    public void What_is_in_another_group_or_leaves_is_no_member()
    {
        var delivery = new Delivery { Metadata = new ObjectMeta { Name = "cart" }, Spec = new DeliverySpec { Group = new GroupMembership { Name = "train", Order = 3, DependsOn = ["api"] } } };

        Assert.Equal(("cart", 3), GroupMember.Of(delivery, "train") is { } member ? (member.Name, member.Order) : default);
        Assert.Null(GroupMember.Of(delivery, "tram"));
        Assert.Null(GroupMember.Of(delivery with { Spec = new() }, "train"));
        Assert.Null(GroupMember.Of(delivery with { Metadata = delivery.Metadata with { DeletionTimestamp = Noon } }, "train"));
    }

    [Fact]
    public void One_whose_candidate_is_rejected_is_stuck()
    {
        var delivery = new Delivery { Spec = new DeliverySpec { Group = new GroupMembership { Name = "train" } }, Status = new DeliveryStatus { Held = new(Reasons.Rejected, ""), Group = new(7, Noon, "exit 1") } };

        Assert.Equal((true, new GroupOutcome(7, Noon, "exit 1")), GroupMember.Of(delivery, "train") is { } member ? (member.IsStuck, member.Last) : default);
    }
}
