using Slipway.Api;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Rollouts;
using Slipway.Tests.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Gates;

public sealed class ApprovalsTests
{
    private static readonly DeliverySnapshot Waiting = Settled.Seeing(New) is var now ? now with { Terms = now.Terms with { Approval = new(null) } } : now;

    private static readonly DeliverySnapshot Showing = Waiting.In(new Stepping(Second, 0, Stage.Holding, new Side("shop", 1, 3) { Open = 1 }, Noon + Deadline));

    private static DeliverySnapshot Approving(DeliverySnapshot now, string words) => now with { Requests = now.Requests with { Approve = $"2026-01-01T11:00:00Z {words}" } };

    private static DeliverySnapshot Rejecting(DeliverySnapshot now, string words) => now with { Requests = now.Requests with { Reject = $"2026-01-01T11:00:00Z {words}" } };

    private static HeldStatus? Held(DeliverySnapshot now) => StartGates.FirstClosed(now, now.Status.Candidate!);

    [Fact]
    public void A_version_waits_for_a_yes_and_says_what_to_type() =>
        Assert.Equal(new HeldStatus(Reasons.AwaitingApproval, "1.1.0 waits for a person's yes: 'slipway approve shop -n prod --digest sha256:110'"), Held(Waiting));

    [Fact]
    public void A_yes_is_noted_with_who_and_where_and_the_version_starts()
    {
        var approved = Approving(Waiting, "digest sha256:110 by alice from dashboard").Stored();

        Assert.Equal([new Approval(New.Digest, "alice", "dashboard", Noon)], approved.Status.Approvals);
        Assert.Equal("2026-01-01T11:00:00Z digest sha256:110 by alice from dashboard", approved.Status.Handled?.Approve);
        Assert.Equal(New.Digest, approved.Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_yes_without_a_digest_is_for_the_candidate() => Assert.Equal(New.Digest, Approving(Waiting, "by bob").Plan().Status.Approvals?.Single().Digest);

    [Fact]
    public void A_yes_without_a_digest_is_for_what_is_being_shown() =>
        Assert.Equal(New.Digest, PeoplesRequests.Step(Approving(Showing.Seeing(Newer), "by bob"))?.Status.Approvals?.Single().Digest);

    [Fact]
    public void The_Release_of_what_a_yes_has_let_begin_says_whose_it_was()
    {
        var begun = Approving(Waiting, "digest sha256:110 by alice from dashboard").Stored().Next<Advancing>();

        Assert.Equal((Journal.Approved, "alice from dashboard"), (begun.Attempt.Transitions![0].What, begun.Attempt.Transitions[0].By));
        Assert.Null(Settled.Seeing(New).Next<Advancing>().Attempt.Transitions);
    }

    [Fact]
    public void The_Release_of_what_is_being_shown_says_who_let_it_go_on_and_why()
    {
        var move = PeoplesRequests.Step(Approving(Showing, "by bob because the numbers look good"));

        var noted = Assert.IsType<Stepping>(move!.Status.Rollout).Attempt.Transitions![^1];
        Assert.Equal((Journal.Approved, "yes to step 1", "bob (the numbers look good)"), (noted.What, noted.Message, noted.By));
    }

    [Fact]
    public void A_yes_to_another_version_than_the_one_that_is_shown_is_none_of_its_Release() =>
        Assert.Null(Assert.IsType<Stepping>(PeoplesRequests.Step(Approving(Showing, "digest sha256:120 by bob"))!.Status.Rollout).Attempt.Transitions);

    [Fact]
    public void A_yes_to_another_digest_opens_nothing() =>
        Assert.Equal(Reasons.AwaitingApproval, Held(Approving(Waiting, "digest sha256:120").Stored())?.Reason);

    [Fact]
    public void A_yes_counts_as_long_as_the_spec_says()
    {
        var approved = Approving(Waiting, "digest sha256:110 by alice").Stored() is var now ? now with { Terms = now.Terms with { Approval = new(TimeSpan.FromHours(24)) } } : now;

        Assert.Null(Held(approved.After(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1))));
        Assert.Equal(
            "1.1.0 waits for a person's yes again (the one of alice at 2026-01-01 12:00:00Z counted for 24h): 'slipway approve shop -n prod --digest sha256:110'",
            Held(approved.After(TimeSpan.FromHours(24)))?.Message);
    }

    [Fact]
    public void A_second_yes_takes_the_place_of_the_first()
    {
        var twice = Approving(Approving(Waiting, "by alice").Stored().After(TimeSpan.FromHours(1)), "by bob").Plan().Status.Approvals;

        Assert.Equal([new Approval(New.Digest, "bob", null, Noon.AddHours(1))], twice);
    }

    [Fact]
    public void The_list_is_bounded_and_forgets_the_oldest()
    {
        var now = Waiting;
        for (var number = 0; number < 30; number++)
        {
            now = Approving(now, $"digest sha256:{number}").Stored();
        }

        Assert.Equal(Enumerable.Range(10, 20).Select(number => $"sha256:{number}"), now.Status.Approvals!.Select(approval => approval.Digest));
    }

    [Fact]
    public void A_yes_with_nothing_to_say_it_to_is_refused() =>
        Assert.Equal("approve: there is no version that could be approved", PeoplesRequests.Step(Approving(Settled with { Status = Settled.Status with { Candidate = null } }, ""))?.Refusal);

    [Fact]
    public void What_a_step_asks_for_is_a_yes_that_was_said_since_it_began()
    {
        var approved = Approving(Waiting, "by alice").Stored();

        Assert.NotNull(Approvals.Since(approved, New.Digest, Noon));
        Assert.Null(Approvals.Since(approved, New.Digest, Noon.AddSeconds(1)));
        Assert.Null(Approvals.Since(approved, Newer.Digest, Noon));
    }

    [Fact]
    public void A_no_rejects_the_candidate_and_takes_back_the_yes()
    {
        var rejected = Rejecting(Approving(Waiting, "by alice").Stored(), "digest sha256:110 by bob").Stored();

        Assert.Equal([new Rejection("1.1.0", New.Digest, 0, Reasons.RejectedByPerson, "bob said no", "v1:a")], rejected.Status.Rejected);
        Assert.Empty(rejected.Status.Approvals!);
        Assert.Equal(
            new HeldStatus(Reasons.Rejected, "1.1.0 was rejected (RejectedByPerson: bob said no); push a newer version, or 'slipway retry shop' tries it again"),
            Held(rejected));
    }

    [Fact]
    public void After_a_no_a_newer_version_starts_and_retry_takes_it_back()
    {
        var rejected = Rejecting(Settled.Seeing(New), "").Stored();

        rejected.Stays();
        Assert.Equal(Newer.Digest, rejected.Seeing(Newer).Next<Advancing>().Attempt.Digest);
        Assert.Equal(New.Digest, rejected.Asking(retry: "2026-01-01T13:00:00Z").Stored().Next<Advancing>().Attempt.Digest);
    }

    [Fact]
    public void A_no_to_what_passed_last_is_refused() =>
        Assert.Equal("reject: sha256:100 is what passed last; 'slipway rollback shop' goes back", PeoplesRequests.Step(Rejecting(Waiting, "digest sha256:100"))?.Refusal);

    [Fact]
    public void A_no_to_nothing_is_refused() =>
        Assert.Equal("reject: there is no version that could be rejected", PeoplesRequests.Step(Rejecting(Settled with { Status = Settled.Status with { Candidate = null } }, ""))?.Refusal);

    [Fact]
    public void A_no_to_what_is_being_shown_is_left_to_the_rollout() => Assert.Null(Approvals.Reject(Rejecting(Showing, ""), new(null, New.Digest, null)));

    [Fact]
    public void While_a_version_is_being_shown_a_no_to_the_next_one_is_noted() =>
        Assert.Equal(Newer.Digest, Approvals.Reject(Showing.Seeing(Newer), new(null, Newer.Digest, "bob"))?.Status.Rejected?.Single().Digest);
}
