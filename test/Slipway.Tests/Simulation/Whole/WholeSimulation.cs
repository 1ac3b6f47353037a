using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Sdk;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>
/// The whole controller on the whole sandbox in virtual time, under seeded schedules of faults and of people. What happens, and when, follows from the seed; the
/// order of two threads within one instant does not. A failure prints its seed, the shortest schedule that still fails, and all that was written.
/// </summary>
/// <remarks>SLIPWAY_SCHEDULES: how many; SLIPWAY_SEED: the first; SLIPWAY_TALLY: a file for how often each check was made.</remarks>
[Collection(nameof(Alone))]
public sealed class WholeSimulation
{
    private const int MostShorter = 30;

    private static readonly int Schedules = Setting("SLIPWAY_SCHEDULES", 20);
    private static readonly int First = Setting("SLIPWAY_SEED", 1);

    // Those that every way of rolling out must have put to the test, and those of some.
    private static readonly string[] Everywhere =
    [
        "fenced", "no credential in a write", "replicas are never ours", "an image is written only as the state says", "deployed only with a Release", "no Release twice", "no Release lost",
        "a failed version is not tried again", "status goes on in steps", "a request is answered", "converges", "converges to the last wish", "no residue",
    ];

    private readonly ConcurrentDictionary<(string Check, Way Way), (int Schedules, long Times)> _tally = new();

    [Fact]
    public async Task Whatever_happens_the_cluster_is_never_harmed_and_comes_to_rest_where_its_people_want_it()
    {
        await using var images = await SharedImages.StartAsync();
        await Alone.RunAsync(stillness =>
        {
            for (var seed = First; seed < First + Schedules; seed++)
            {
                Run(WholeSchedule.Of(seed), images, stillness);
                if (seed % 50 == 0)
                {
                    Tell();
                }
            }
        });
        Tell();

        // A check that was never made has proven nothing. Few schedules are not enough for all of them with every way.
        Assert.All(Everywhere, check => Assert.True(Schedules < 20 || _tally.Keys.Any(made => made.Check == check), $"'{check}' was never put to the test"));
        Assert.All(WholeSchedule.Ways, way => Assert.All(Everywhere, check => Assert.True(Schedules < 500 || _tally.ContainsKey((check, way)), $"'{check}' was never put to the test with {way}")));
    }

    private void Run(WholeSchedule schedule, SharedImages images, Stillness stillness)
    {
        if (Try(schedule, images, stillness) is not { } failure)
        {
            return;
        }

        var shortest = schedule;
        for (var (index, tries) = (schedule.Happenings.Length - 1, 0); index >= 0 && tries < MostShorter; index--, tries++)
        {
            var shorter = shortest with { Happenings = shortest.Happenings.RemoveAt(index) };
            if (Try(shorter, images, stillness) is { } again && again.Check == failure.Check)
            {
                (shortest, failure) = (shorter, again);
            }
        }

        throw new XunitException($"SLIPWAY_SEED={schedule.Seed} SLIPWAY_SCHEDULES=1\n{failure.Message}\n{shortest}\n{failure.Log}");
    }

    private (string Check, string Message, string Log)? Try(WholeSchedule schedule, SharedImages images, Stillness stillness)
    {
        using var world = new WholeWorld(schedule, images, stillness);
        try
        {
            var people = new People(world);
            world.Begin();
            foreach (var happening in schedule.Happenings)
            {
                people.Apply(happening);
            }

            AtRest.Reach(world, people);
        }
        catch (Exception e)
        {
            return (e.Message.Split(':')[0], e is XunitException ? e.Message : e.ToString(), $"{world.Log}\n{world.Picture()}");
        }

        foreach (var (check, times) in world.Witness.Held.Append(new("all of the schedule", 1)))
        {
            _tally.AddOrUpdate((check, schedule.Way), (1, times), (_, known) => (known.Schedules + 1, known.Times + times));
        }

        return null;
    }

    private void Tell()
    {
        if (Environment.GetEnvironmentVariable("SLIPWAY_TALLY") is { Length: > 0 } path)
        {
            File.WriteAllLines(path, _tally.OrderBy(entry => entry.Key.Check, StringComparer.Ordinal).ThenBy(entry => entry.Key.Way)
                .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key.Check}\t{entry.Key.Way}\t{entry.Value.Schedules}\t{entry.Value.Times}")));
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
