using Slipway.Api;
using Slipway.Groups;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Groups;

/// <summary>Two to five members, planned by the real planner, in any order, two at once, with crashes: all pass a run, or none does.</summary>
public sealed class GroupSimulation
{
    private const int Calm = 400;

    // The same schedules each time: what a machine finds by chance belongs into a longer run.
    private const int Schedules = 120;

    [Fact]
    public void All_members_of_a_run_pass_or_all_go_back_and_nobody_waits_for_ever()
    {
        for (var seed = 1; seed <= Schedules; seed++)
        {
            Run(2 + (seed % 4), seed);
        }
    }

    private static void Run(int count, int seed)
    {
        var random = Draw(seed);
        var members = Enumerable.Range(0, count).Select(index => Member(index, count, random)).ToArray();
        var now = Noon;
        for (var pass = 0; pass < 300; pass++)
        {
            now = now.AddSeconds(random(20));
            Pass(members, now, random);
        }

        // What fails has its newer version after three hours; then the world is calm, and everybody comes to rest.
        now = Noon.AddHours(3) > now ? Noon.AddHours(3) : now;
        for (var pass = 0; pass < Calm; pass++)
        {
            now = now.AddSeconds(5);
            Step(members, members[pass % count], now, crash: false);
        }

        Assert.True(members.All(member => member.Status.Rollout is null or Idle or Held), $"seed {seed}: I31, somebody waits for ever\n{string.Join('\n', members)}");
        Assert.True(members.All(member => member.Status.Current!.Digest != Old.Digest), $"seed {seed}: somebody was left behind\n{string.Join('\n', members)}");
    }

    private static SimulatedMember Member(int index, int count, Func<int, int> random) => new(
        $"m{index}",
        canary: random(2) == 0,
        bad: random(4) == 0,
        seenAt: random(60),
        new GroupMembership
        {
            Name = "train",
            Order = random(3) == 0 ? random(2) : 0,
            // Circles too.
            DependsOn = random(2) == 0 ? [$"m{random(count)}"] : [],
        });

    private static void Pass(SimulatedMember[] members, DateTimeOffset now, Func<int, int> random)
    {
        var one = members[random(members.Length)];
        if (random(4) > 0)
        {
            Step(members, one, now, crash: random(10) == 0);
            return;
        }

        // Two workers at once: neither sees what the other is about to store.
        var other = members[random(members.Length)];
        var (first, second) = (DeliveryPlanner.Plan(one.Snapshot(now, members)), DeliveryPlanner.Plan(other.Snapshot(now, members)));
        one.Do(first, crash: false);
        if (other != one)
        {
            other.Do(second, crash: random(10) == 0);
        }

        Check(members);
    }

    private static void Step(SimulatedMember[] members, SimulatedMember member, DateTimeOffset now, bool crash)
    {
        var (snapshot, had) = (member.Snapshot(now, members), member.HasNew);
        member.Do(DeliveryPlanner.Plan(snapshot), crash);
        if (!had && member.HasNew)
        {
            InOrder(members, member);
        }

        Check(members);
    }

    private static void Check(SimulatedMember[] members)
    {
        foreach (var run in members.SelectMany(member => member.Ended.Keys).Distinct())
        {
            var outcomes = members.Where(member => member.Ended.ContainsKey(run)).Select(member => (member.Name, member.Ended[run].Message)).ToArray();
            Assert.True(
                outcomes.All(outcome => outcome.Message is null) || outcomes.All(outcome => outcome.Message is not null),
                $"run {run}: some passed and some went back: {string.Join(", ", outcomes)}\n{string.Join('\n', members.AsEnumerable())}");
        }
    }

    // When the new image is written, whoever has to come first in the same run is settled.
    private static void InOrder(SimulatedMember[] members, SimulatedMember member)
    {
        var needs = members.Where(other => other != member && member.Membership.DependsOn!.Contains(other.Name) && !Reaches(members, other, member)).ToArray();
        var run = member.Status.Rollout?.Attempted?.Group?.Run;
        Assert.DoesNotContain(needs, other => other.Status.Rollout?.Attempted is { Group: { } at } && at.Run == run && at.Phase < GroupPhase.Settled);
    }

    private static bool Reaches(SimulatedMember[] members, SimulatedMember from, SimulatedMember to)
    {
        var (found, open) = (new HashSet<SimulatedMember> { from }, new Stack<SimulatedMember>([from]));
        while (open.TryPop(out var at))
        {
            foreach (var next in members.Where(next => (at.Membership.DependsOn!.Contains(next.Name) || next.Order < at.Order) && found.Add(next)))
            {
                open.Push(next);
            }
        }

        return found.Contains(to) && from != to;
    }

    // Small and its own, so that a seed replays anywhere.
    private static Func<int, int> Draw(int seed)
    {
        var state = (ulong)seed + 0x9E3779B97F4A7C15UL;
        return below =>
        {
            state += 0x9E3779B97F4A7C15UL;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)below);
        };
    }
}
