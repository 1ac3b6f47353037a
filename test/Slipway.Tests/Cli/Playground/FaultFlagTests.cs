using System.CommandLine;
using System.Reflection;
using Slipway.Cli.Playground;
using Slipway.Sandbox.Api;

namespace Slipway.Tests.Cli.Playground;

public sealed class FaultFlagTests
{
    private static FaultPlan Read(params string[] args)
    {
        var command = new RootCommand();
        var flag = new FaultFlag(command);
        return flag.Read(command.Parse(args), seed: 7);
    }

    [Fact]
    public void Without_the_flag_there_is_no_plan() => Assert.Same(FaultPlan.None, Read());

    [Fact]
    public void Faults_add_up()
    {
        var plan = Read("--fault", "conflict=0.1", "--fault", "watch-closed=0.25");

        Assert.Equal((7, 0.1, 0.25, 0.0), (plan.Seed, plan.Conflict, plan.WatchClosed, plan.ErrorAfter));
    }

    [Fact]
    public void Every_fault_of_the_server_can_be_asked_for()
    {
        var chances = typeof(FaultPlan).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.PropertyType == typeof(double)).ToArray();

        Assert.All(chances, chance =>
        {
            var name = string.Concat(chance.Name.Select((letter, index) => char.IsUpper(letter) ? $"{(index > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
            Assert.Equal(0.5, chance.GetValue(Read("--fault", $"{name}=0.5")));
        });
    }
}
