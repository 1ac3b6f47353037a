using System.Globalization;
using CsCheck;

namespace Slipway.Tests.Simulation;

/// <summary>
/// The real planner against a model of the API server, with schedules drawn from a seed: versions are pushed, good and bad, pods come and
/// go, people and tools write images, ask, suspend, edit and delete, the registry and the clock fail, caches lag, processes die after any
/// write. A failure prints its seed; setting CsCheck_Seed replays it. SLIPWAY_SCHEDULES sets how many are run.
/// </summary>
public sealed class RolloutSimulation
{
    private static readonly int Schedules = int.Parse(Environment.GetEnvironmentVariable("SLIPWAY_SCHEDULES") ?? "100000", CultureInfo.InvariantCulture);

    [Fact]
    public void Whatever_happens_no_invariant_breaks_and_once_the_world_is_calm_the_rollout_settles() =>
        SimulatedSchedule.Any.Sample(Run, iter: Schedules, print: schedule => string.Join("\n", schedule.Happenings.Prepend<object>(schedule with { Happenings = [] })));

    internal static void Run(SimulatedSchedule schedule)
    {
        var world = new SimulatedWorld(schedule);
        foreach (var happening in schedule.Happenings)
        {
            world.Apply(happening);
        }

        world.CalmDown();
        SettledChecks.Check(world);
    }
}
