using System.CommandLine;
using Slipway.Cli.CommandLine;

namespace Slipway.Tests.Cli.CommandLine;

/// <summary>An example that does not work is worse than none: each one of each help is read by the parser; <see cref="ExamplesOnSandboxTests"/> runs them.</summary>
public sealed class ExampleTests
{
    private static RootCommand Root() => SlipwayCommand.Create(new Surroundings { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null });

    public static TheoryData<string> Examples => [.. HelpExamples.Verbs(Root()).SelectMany(HelpExamples.Of).Distinct()];

    [Fact]
    public void There_are_examples() => Assert.InRange(Examples.Count, 60, 1000);

    [Theory]
    [MemberData(nameof(Examples))]
    public void Each_is_understood(string example)
    {
        var parse = Root().Parse(HelpExamples.Words(example)[1..]);

        Assert.Empty(parse.Errors.Select(error => error.Message));
    }
}
