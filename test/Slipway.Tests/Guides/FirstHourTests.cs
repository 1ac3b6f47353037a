using System.Text.RegularExpressions;
using Slipway.Tests.Tidy;

namespace Slipway.Tests.Guides;

/// <summary>Each command of docs/guides/first-hour.md is run, in the page's order, and says what the page shows. UPDATE_GOLDEN=1 writes what it says now.</summary>
public sealed partial class FirstHourTests
{
    private static string Page => Path.Combine(SourceTree.Root, "docs", "guides", "first-hour.md");

    [Fact]
    public async Task Each_command_says_what_the_page_shows()
    {
        var page = new GuidePage(Page);
        await using var shell = await GuideShell.OpenAsync(page.Files);
        var outputs = new Dictionary<int, string>();
        foreach (var step in page.Steps)
        {
            var output = await shell.RunAsync(step.Command);
            outputs[step.Line] = output;
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") != "1")
            {
                Assert.True(Masked(step, step.Output) == Masked(step, output), $"first-hour.md:{step.Line}: $ {step.Command}\n\nthe page shows\n{step.Output}\nand it says now\n{output}\nUPDATE_GOLDEN=1 writes the page anew");
            }
        }

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            page.Write(outputs);
        }
    }

    [Fact]
    public void The_page_takes_its_reader_through_all_of_an_hour()
    {
        string[] said = [.. new GuidePage(Page).Steps.Select(step => step.Command)];

        Assert.All(
            ["slipway install", "docker push", "slipway watch", "slipway why", "slipway rollback", "slipway approve", "slipway freeze", "slipway doctor", "kubectl delete"],
            command => Assert.Contains(said, line => line.Contains(command, StringComparison.Ordinal)));
    }

    // What differs from run to run: digests, ages, instants, names of pods. Of what is told live only the end is the same.
    private static string Masked(GuideStep step, string output)
    {
        // Events travel by themselves, and come when they come.
        var text = Digest.Replace(Events.Replace(output, ""), "sha256:DIGEST");
        text = Instant.Replace(text, "INSTANT");
        text = Pod.Replace(text, "shop-POD");
        text = Age.Replace(text, "AGE");
        text = text.Replace("nothing is under way; the last was ", "", StringComparison.Ordinal);
        text = Blanks.Replace(text, " ");
        return step.Command.StartsWith("slipway watch", StringComparison.Ordinal) ? text.TrimEnd('\n').Split('\n')[^1] : text;
    }

    [GeneratedRegex("  Events .*\n( {14}.*\n)*")]
    private static partial Regex Events { get; }

    [GeneratedRegex("sha256:[0-9a-f]{6,64}")]
    private static partial Regex Digest { get; }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z")]
    private static partial Regex Instant { get; }

    [GeneratedRegex("shop-[0-9a-f]{8,10}-[a-z0-9]{5}")]
    private static partial Regex Pod { get; }

    [GeneratedRegex(@"\b([0-9]+[smhd])+\b( ago)?")]
    private static partial Regex Age { get; }

    [GeneratedRegex(" +")]
    private static partial Regex Blanks { get; }
}
