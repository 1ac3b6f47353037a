using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Rollouts;

/// <summary>The world that each state describes, and that it describes no more than that.</summary>
public sealed class WorldTests
{
    public static TheoryData<string> States => [.. Phases.Keys];

    private static readonly Dictionary<string, RolloutState> Phases = new()
    {
        ["Idle"] = new Idle(),
        ["Advancing"] = new Advancing(Second, 0, Noon + Deadline),
        ["Reverting"] = new Reverting(Second, "CrashLoopBackOff", "exit 1", Noon + Deadline),
        ["Recording"] = new Recording(Second, Failure, new Idle()),
        ["Correcting"] = new Correcting("a tool", Noon + Deadline, new Idle()),
        ["Held"] = new Held(Reasons.Drifted, "held", Noon),
    };

    private static World Of(RolloutState state) => WorldOf.State(JustStarted.In(state));

    [Theory]
    [MemberData(nameof(States))]
    public void A_suspended_delivery_writes_to_no_workload(string phase)
    {
        var world = WorldOf.State(JustStarted.In(Phases[phase]).Suspended());

        Assert.Empty(world.Images);
        Assert.Empty(world.Unstick);
        Assert.Empty(world.Prune);
        Assert.Equal(phase == "Recording", world.Release is not null);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void The_world_follows_from_the_state_alone(string phase)
    {
        var (one, other) = (WorldOf.State(JustStarted.In(Phases[phase])), WorldOf.State(JustStarted.In(Phases[phase]).Running(Newer).After(TimeSpan.FromHours(9))));

        Assert.Equal(one.Images, other.Images);
        Assert.Equal(one.Release?.Status, other.Release?.Status);
    }

    [Theory]
    [InlineData("Advancing", "sha256:110")]
    [InlineData("Reverting", "sha256:100")]
    [InlineData("Correcting", "sha256:100")]
    public void Only_these_states_write_an_image(string phase, string digest) => Assert.Equal(digest, Assert.Single(Of(Phases[phase]).Images).Digest);

    [Theory]
    [InlineData("Idle")]
    [InlineData("Held")]
    [InlineData("Recording")]
    public void The_others_write_none(string phase) => Assert.Empty(Of(Phases[phase]).Images);

    [Theory]
    [InlineData("Advancing")]
    [InlineData("Reverting")]
    public void An_attempt_under_way_has_a_running_release(string phase) => Assert.Equal(Outcomes.Running, Of(Phases[phase]).Release?.Status?.Outcome);

    [Fact]
    public void A_release_tells_what_where_from_why_and_when()
    {
        var release = Of(new Advancing(Second with { By = "ann", Cause = Causes.Rollback }, 0, Noon + Deadline)).Release!;

        Assert.Equal(
            new ReleaseSpec
            {
                Delivery = "shop",
                Number = 2,
                Repository = Repository,
                Tag = New.Tag,
                Digest = New.Digest,
                Previous = Old.By(1),
                Cause = Causes.Rollback,
                By = "ann",
                StartedAt = Noon,
            },
            release.Spec);
    }

    [Fact]
    public void A_release_goes_with_its_delivery()
    {
        var metadata = Of(Phases["Advancing"]).Release!.Metadata;

        Assert.Equal((Second.Release, "prod", "shop"), (metadata.Name, metadata.Namespace, metadata.Labels![ApiNames.DeliveryLabel]));
        Assert.Equal(new OwnerReference(ApiNames.ApiVersion, ApiNames.DeliveryKind, "shop", "uid-1", Controller: true), Assert.Single(metadata.OwnerReferences!));
    }

    [Fact]
    public void A_wish_names_the_release_by_which_the_image_came()
    {
        Assert.Equal(2, Assert.Single(Of(Phases["Advancing"]).Images).Release);
        Assert.Equal(1, Assert.Single(Of(Phases["Reverting"]).Images).Release);
    }

    [Fact]
    public void A_correction_without_a_current_image_writes_nothing() =>
        Assert.Empty(WorldOf.State(JustStarted.In(Phases["Correcting"]) with { Status = new DeliveryStatus { Rollout = Phases["Correcting"] } }).Images);

    [Theory]
    [InlineData("Idle", true)]
    [InlineData("Held", true)]
    [InlineData("Advancing", false)]
    [InlineData("Reverting", false)]
    [InlineData("Recording", false)]
    [InlineData("Correcting", false)]
    public void Old_releases_go_only_while_nothing_is_under_way(string phase, bool prunes)
    {
        var now = JustStarted.In(Phases[phase]).WithHistory([.. Enumerable.Range(1, 8).Select(number => New.Release(number, Outcomes.RolledBack))]);

        Assert.Equal(prunes, !WorldOf.State(now with { Terms = now.Terms with { HistoryLimit = 3 } }).Prune.IsEmpty);
    }

    [Fact]
    public void Targets_of_later_waves_are_left_alone() =>
        Assert.Equal([Key("shop")], WorldOf.State(JustStarted.WithTarget(Target("worker", Old, new Health.Progressing("", 0)))).Images.Select(wish => wish.Target));
}
