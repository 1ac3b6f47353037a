using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class CheckRunTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Verdict.Passed, "Passed", "Passed")]
    [InlineData(Verdict.Pending, "Passed", "Pending")]
    [InlineData(Verdict.NoData, "Pending", "NoData", "Passed")]
    [InlineData(Verdict.Inconclusive, "NoData", "Inconclusive")]
    [InlineData(Verdict.Failed, "Inconclusive", "Failed", "NoData", "Passed", "Pending")]
    [InlineData(Verdict.Passed)]
    public void The_worst_of_them_counts(Verdict expected, params string[] verdicts) => Assert.Equal(expected, CheckRun.Of(verdicts.Select(verdict => Standing(verdict)), over: false));

    [Theory]
    [InlineData("Failed")]
    [InlineData("Pending")]
    [InlineData("NoData")]
    public void A_dry_run_has_no_say(string verdict) => Assert.Equal(Verdict.Passed, CheckRun.Of([Standing("Passed"), Standing(verdict, dryRun: true)], over: false));

    [Fact]
    public void The_next_look_is_at_the_first_measurement_that_is_not_due_yet()
    {
        CheckStanding At(int seconds) => new(new CheckPlan { Name = "a" }, new CheckProgress("a", 0, Start.AddSeconds(seconds)));

        Assert.Equal(Start.AddSeconds(10), CheckRun.NextDue([At(-5), At(30), At(10), Standing("Passed")], Start));
        Assert.Null(CheckRun.NextDue([At(0)], Start));
    }

    [Fact]
    public void The_Release_is_told_all_that_matters()
    {
        var plan = new CheckPlan { Name = "smoke", Count = 1, DryRun = true, Pass = "result < 1" };
        var progress = CheckMachine.Take(plan, CheckMachine.Begin(plan, Start), new Measurement(MeasuredAs.Fail, Start, "exit 1") { Log = "no route" });

        var result = CheckRun.Result(new(plan, progress), 2, over: false);

        Assert.Equal(("smoke", 2, "Failed", 0, 1, 0, true, "no route"), (result.Name, result.Step, result.Verdict, result.Passed, result.Failed, result.Inconclusive, result.DryRun, result.Log));
        Assert.Equal("exit 1", Assert.Single(result.Recent!).Value);
        Assert.Equal(("result < 1", null), (result.Pass, result.Fail));
    }

    [Fact]
    public void Why_names_the_value_and_the_condition_that_it_does_not_meet()
    {
        var plan = new CheckPlan { Name = "errors", Pass = "result < 0.01", FailureLimit = 0 };
        var progress = CheckMachine.Take(plan, CheckMachine.Begin(plan, Start), new(MeasuredAs.Fail, Start, "0.05"));

        Assert.Equal("errors: 0.05, and pass is result < 0.01 (0 passed, 1 failed, 0 inconclusive)", CheckRun.Why(new(plan, progress), over: false));
        Assert.Equal("errors: nothing was measured yet", CheckRun.Why(new(plan, CheckMachine.Begin(plan, Start)), over: false));
    }

    [Fact]
    public void Why_speaks_of_the_measurement_that_made_the_verdict_and_not_of_the_last_one()
    {
        var plan = new CheckPlan { Name = "errors", Fail = "result > 1" };
        var failed = CheckMachine.Take(plan, CheckMachine.Begin(plan, Start), new(MeasuredAs.Fail, Start, "5"));

        Assert.StartsWith("errors: 5, and fail is result > 1", CheckRun.Why(new(plan, CheckMachine.Take(plan, failed, new(MeasuredAs.Pass, Start, "0"))), over: false), StringComparison.Ordinal);
    }

    private static CheckStanding Standing(string verdict, bool dryRun = false)
    {
        var plan = new CheckPlan { Name = "x", Count = 1, DryRun = dryRun };
        var progress = CheckMachine.Begin(plan, Start) with { Due = null };
        return new(plan, verdict switch
        {
            "Passed" => progress with { Passed = 1, PassedInARow = 1 },
            "NoData" => progress with { ErrorsInARow = 5 },
            "Inconclusive" => progress with { Inconclusive = 1 },
            "Failed" => progress with { Failed = 1 },
            _ => progress,
        });
    }
}
