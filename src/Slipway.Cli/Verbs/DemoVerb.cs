using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Demo;
using Slipway.Cli.Output;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway demo</c></summary>
internal static class DemoVerb
{
    private const string Lesson =
        """
        A good version ships, a bad one is rolled back, and the history tells of both. It needs nothing
        but this program. Without --exit it keeps running afterwards, for kubectl and slipway to look at.

        Examples:
          slipway demo
          slipway demo --exit -o json | tail -1 | jq .running
        """;

    public static Command Create(Surroundings surroundings)
    {
        var exit = new Option<bool>("--exit")
        {
            Description = "end when the story is told; exit code 0 when it came out as it should",
        };
        var listen = new Option<string>("--listen")
        {
            Description = "where the controller listens; port 0 takes a free one",
            HelpName = "url",
            DefaultValueFactory = _ => "http://127.0.0.1:0",
        };
        var speed = new Option<double>("--speed")
        {
            Description = "2 is twice as fast",
            HelpName = "factor",
            DefaultValueFactory = _ => 1,
        };
        var json = new Option<string>("--output", "-o")
        {
            Description = "json tells it as one object a line, a summary last",
            HelpName = "text|json",
            DefaultValueFactory = _ => "text",
        };
        json.AcceptOnlyFromAmong("text", "json");
        listen.Validators.Add(ListenUrl.Check);
        speed.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<double>() is < 0.1 or > 100)
            {
                result.AddError("--speed: write a factor from 0.1 to 100");
            }
        });
        var command = new Verb("demo", "Watch Slipway at work: a cluster, a registry and a rollout in this process.", Lesson) { exit, listen, speed, json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var options = new DemoOptions(parse.GetValue(listen)!, parse.GetValue(speed));
            var teller = new Teller(surroundings, parse.GetValue(json) == "json");
            await using var stage = await Stage.SetAsync(options, cancellationToken);
            await stage.InstallAsync(cancellationToken);
            await using var witness = new Witness(stage.Connection);
            var asTold = await new Story(stage, witness, teller, options, surroundings.Time).TellAsync(cancellationToken);
            if (!asTold)
            {
                throw new VerbException(
                    ExitCode.Failed,
                    "the story did not come out as it should: 1.0.0 and 1.1.0 succeed, 1.2.0 is rolled back, 1.1.0 runs. Please tell us, with this output");
            }

            if (!parse.GetValue(exit))
            {
                LookAround(teller, stage);
                await Surroundings.StopAsync(cancellationToken);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void LookAround(Teller teller, Stage stage) => teller.Show((writer, palette) => writer.WriteLine(
        $"""

        {palette.Paint("It keeps running until Ctrl-C. Look around, in another terminal:", Tone.Strong)}
          export KUBECONFIG={stage.Kubeconfig.FullPath}
          kubectl get deliveries,releases,pods
          slipway why shop
          slipway rollback shop --wait
          slipway resume shop
        """));
}
