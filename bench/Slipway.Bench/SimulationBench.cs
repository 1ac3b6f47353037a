using System.Globalization;
using CsCheck;
using Slipway.Tests.Simulation;
using Slipway.Tests.Simulation.Sides;

namespace Slipway.Bench;

/// <summary>The schedules of the planner's simulation, drawn beforehand. Budget: 30,000 a second and core.</summary>
internal static class SimulationBench
{
    private const int Schedules = 2000;
    private const double Budget = 30_000;

    public static IEnumerable<Benchmark> All =>
    [
        new("simulated schedules, per core", () =>
        {
            var draw = PCG.Parse("0000000000000");
            var schedules = Enumerable.Range(0, Schedules).Select(_ => SimulatedSchedule.Any.Generate(draw, null, out var _)).ToArray();
            var events = schedules.Average(schedule => schedule.Happenings.Length);
            var perSecond = Schedules / Measure.Seconds(() => RunAll(schedules));
            return new Figure(
                Report.Rate(perSecond, "schedules"),
                $"≥ {Report.Rate(Budget, "schedules")}",
                perSecond >= Budget,
                string.Create(CultureInfo.InvariantCulture, $"{events:0} events each, then calm until settled; invariants are checked at every step"));
        }),
        new("simulated schedules with two sides, per core", () =>
        {
            var draw = PCG.Parse("0000000000000");
            var schedules = Enumerable.Range(0, Schedules).Select(_ => SidedSchedule.Any.Generate(draw, null, out var _)).ToArray();
            var perSecond = Schedules / Measure.Seconds(() => RunAll(schedules));
            return new Figure(
                Report.Rate(perSecond, "schedules"),
                $"≥ {Report.Rate(Budget, "schedules")}",
                perSecond >= Budget,
                string.Create(CultureInfo.InvariantCulture, $"{schedules.Average(schedule => schedule.Events.Length):0} events each, then calm until settled; canary by pods, route and partition, blue/green"));
        }),
    ];

    private static SidedSchedule[] RunAll(SidedSchedule[] schedules)
    {
        foreach (var schedule in schedules)
        {
            var world = new SidedWorld(schedule);
            foreach (var happening in schedule.Events)
            {
                world.Apply(happening);
            }

            world.CalmDown();
            world.Settled();
        }

        return schedules;
    }

    private static SimulatedSchedule[] RunAll(SimulatedSchedule[] schedules)
    {
        foreach (var schedule in schedules)
        {
            RolloutSimulation.Run(schedule);
        }

        return schedules;
    }
}
