using System.Reflection;
using System.Runtime.CompilerServices;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.Workloads;

namespace Slipway.Tests.Explanations;

public sealed class ConditionsDocTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "conditions.md"));

    public static TheoryData<string> Known => [.. Constants(typeof(Reasons)).Concat(Constants(typeof(TargetProblems))).Concat(Constants(typeof(DeliveryConditions))).Distinct()];

    [Theory]
    [MemberData(nameof(Known))]
    public void Every_reason_and_condition_is_explained(string name) =>
        Assert.True(Page.Contains($"| `{name}` |", StringComparison.Ordinal), $"docs/conditions.md has no line for {name}: say what it means and what to do");

    [Fact]
    public void Every_line_says_what_it_means_and_what_to_do() =>
        Assert.All(Page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)), line =>
            Assert.All(line.Split('|')[2..^1], cell => Assert.False(string.IsNullOrWhiteSpace(cell), line)));

    [Fact]
    public void Every_advice_is_for_a_reason_that_exists() => Assert.Empty(NextSteps.Advice.Keys.Except(Constants(typeof(Reasons))).Except(Constants(typeof(TargetProblems))));

    [Theory]
    [InlineData(nameof(Reasons.Suspended))]
    [InlineData(nameof(Reasons.Rejected))]
    [InlineData(nameof(Reasons.Downgrade))]
    [InlineData(nameof(Reasons.PlatformMismatch))]
    [InlineData(nameof(Reasons.TooYoung))]
    [InlineData(nameof(Reasons.Drifted))]
    [InlineData(nameof(Reasons.Contested))]
    [InlineData(nameof(Reasons.ManualRollback))]
    [InlineData(nameof(Reasons.RollbackDisabled))]
    [InlineData(nameof(Reasons.NothingToRollBackTo))]
    public void Every_hold_has_advice(string reason) => Assert.NotEmpty(NextSteps.Advice[reason]);

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
