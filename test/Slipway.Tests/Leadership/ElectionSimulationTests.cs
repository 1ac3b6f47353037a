using CsCheck;

namespace Slipway.Tests.Leadership;

public sealed class ElectionSimulationTests
{
    [Fact]
    public void There_are_never_two_leaders_whatever_is_lost_late_or_fast() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[2, 5], Gen.Double[0, 0.3], Gen.Double[0, 5], Gen.Double[0, 0.01], Gen.Double[0, 0.05]).Sample((seed, electors, loss, delay, deaths, cuts) =>
        {
            var election = new ElectionSimulation(seed, electors) { Loss = loss, Delay = delay, Deaths = deaths, Cuts = cuts };
            election.Run(600);
            Assert.Empty(election.Violations);
        }, iter: 1_500);

    [Fact]
    public void When_the_faults_stop_there_is_a_leader_and_he_stays() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 5], Gen.Double[0, 0.9]).Sample((seed, electors, loss) =>
        {
            var election = new ElectionSimulation(seed, electors) { Loss = loss };
            election.Run(200);
            (election.Loss, election.Delay, election.Deaths, election.Cuts) = (0, 0.05, 0, 0);

            // The longest that a process is cut off, that a dead holder's term lasts by the slowest clock, and some looks.
            election.Run(65);
            Assert.Equal(1, election.Leaders);
            var terms = election.Terms;
            election.Run(300);

            Assert.Equal(1, election.Leaders);
            Assert.Equal(terms, election.Terms);
            Assert.Empty(election.Violations);
        }, iter: 500);

    [Fact]
    public void Leaders_do_change_in_these_runs()
    {
        var election = new ElectionSimulation(seed: 7, electors: 4);
        election.Run(3600);

        Assert.InRange(election.Terms, 10, 2000);
        Assert.Empty(election.Violations);
    }

    /// <summary>The bound is real: with clocks further apart than Duration / RenewDeadline two leaders can be seen.</summary>
    [Fact]
    public void Clocks_beyond_the_bound_are_caught_by_this_test()
    {
        var violations = 0;
        for (var seed = 0; seed < 400 && violations == 0; seed++)
        {
            var election = new ElectionSimulation(seed, electors: 4, drift: 2) { Loss = 0.2, Delay = 0.5 };
            election.Run(600);
            violations += election.Violations.Count;
        }

        Assert.True(violations > 0);
    }
}
