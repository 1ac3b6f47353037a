using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Cli.Policies;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway policy test</c></summary>
internal static class PolicyVerb
{
    private const string Lesson =
        """
        Exactly one policy: --semver, --tag, --numeric, --alphabetical, --calver or --newest; they and the
        filter are the fields of spec.source. It shows the ten best, and what keeps others out. No cluster
        and no registry is asked. Exit code 0 means that something would be deployed, 1 that nothing would.

        Examples:
          crane ls ghcr.io/acme/shop | slipway policy test --semver '>=1.4 <2'
          printf '%s\n' 1.4.0 1.5.0-rc1 | slipway policy test --semver '~1' --prerelease --current 1.4.0
          printf '%s\n' main-9 main-10 | slipway policy test --numeric --filter '^main-([0-9]+)$' --extract '$1'
          printf '%s\n' 2026.01.9 2026.01.10 latest | slipway policy test --calver YYYY.0M.MICRO
          printf '%s\n' 'prod sha256:1f' '1.4.0 sha256:1f' | slipway policy test --tag prod --version-pattern '[0-9.]+'
        """;

    public static Command Create(Surroundings surroundings) => new("policy", "Try out how a tag is chosen.") { Test(surroundings) };

    private static Verb Test(Surroundings surroundings)
    {
        var flags = new PolicyFlags();
        var current = new Option<string?>("--current")
        {
            Description = "the tag that runs now: would the pick replace it?",
            HelpName = "tag",
        };
        var command = new Verb("test", "Read tags from stdin, one a line, and say which one a policy picks and why.", Lesson);
        flags.AddTo(command);
        command.Add(current);
        var output = new OutputFlag(command);
        command.SetAction(parse =>
        {
            var rule = flags.Read(parse);
            var answer = PolicyTest.Run(rule, TagLines.Read(surroundings.In), parse.GetValue(current));
            output.Print(parse, surroundings, answer.ToJson, writer => answer.Write(writer, surroundings.Palette));
            return answer.Ships ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }
}
