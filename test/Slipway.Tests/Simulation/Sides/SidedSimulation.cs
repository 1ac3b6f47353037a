using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Slipway.Rollouts;

namespace Slipway.Tests.Simulation.Sides;

/// <summary>
/// The real planner with something beside the workload: canary by pods, by router and by partition, and blue/green, under everything that the
/// fault menu has. A failure prints its seed; setting CsCheck_Seed replays it. SLIPWAY_SCHEDULES sets how many are run, SLIPWAY_TALLY where to
/// write how often each invariant was put to the test.
/// </summary>
public sealed class SidedSimulation
{
    private static readonly int Schedules = int.Parse(Environment.GetEnvironmentVariable("SLIPWAY_SCHEDULES") ?? "30000", CultureInfo.InvariantCulture);

    private readonly ConcurrentDictionary<(string Invariant, RouterKind Router), (int Schedules, long Times)> _tally = new();

    [Fact]
    public void Whatever_happens_beside_the_workload_no_invariant_breaks_and_nothing_of_it_remains()
    {
        SidedSchedule.Any.Sample(Run, iter: Schedules, print: schedule => string.Join("\n", schedule.Events.Prepend<object>(schedule with { Events = [] })));
        string[] everywhere = ["I2", "I7", "I8", "I12", "I13", "I14", "I16", "I19", "I20", "I25", "I31", "I33", "I36"];
        foreach (var router in SidedSchedule.Routers)
        {
            // One that was never put to the test has proven nothing.
            Assert.All(everywhere, invariant => Assert.True(_tally.ContainsKey((invariant, router)), $"{invariant} was never put to the test with {router}"));
        }

        if (Environment.GetEnvironmentVariable("SLIPWAY_TALLY") is { Length: > 0 } path)
        {
            File.WriteAllLines(path, _tally.OrderBy(entry => entry.Key.Invariant, StringComparer.Ordinal).ThenBy(entry => entry.Key.Router)
                .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key.Invariant}\t{entry.Key.Router}\t{entry.Value.Schedules}\t{entry.Value.Times}")));
        }
    }

    private void Run(SidedSchedule schedule)
    {
        var world = new SidedWorld(schedule);
        foreach (var happening in schedule.Events)
        {
            world.Apply(happening);
        }

        world.CalmDown();
        world.Settled();
        foreach (var (invariant, times) in world.Log.Held)
        {
            _tally.AddOrUpdate((invariant, schedule.Router), (1, times), (_, known) => (known.Schedules + 1, known.Times + times));
        }
    }
}
