using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Explanations;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Cli.Descriptions;

/// <summary>The steps of a rollout, each a line, with a mark that says how far it is. They tell no time that passes by itself.</summary>
internal static class StepLines
{
    private const string Done = "[x]";
    private const string Now = "[>]";
    private const string ToCome = "[ ]";
    private const string Undone = "[-]";

    /// <summary>As the rollout under way has them, else as the spec asks for.</summary>
    public static IReadOnlyList<string> Of(Delivery delivery) =>
        delivery.Status?.Rollout is { Attempted: { Plan: { } plan } attempt } state ? UnderWay(state, attempt, plan)
        : delivery.Status?.Rollout is { Attempted: not null } plain ? [$"{(plain is Advancing ? Now : Done)} rolling update of the targets"]
        : Asked(delivery.Spec?.Strategy);

    private static List<string> UnderWay(RolloutState state, Attempt attempt, RolloutPlan plan)
    {
        // Of what went back, the transitions still know how far it came.
        var at = state switch { Stepping here => here.Step, Advancing => plan.Steps.Count, _ => Reached(attempt) };
        List<string> lines = [.. plan.Steps.Select((step, index) => $"{Mark(state, index, at)} {index + 1} of {plan.Steps.Count}: {Of(step)}{(state is Stepping here && index == at ? $"; {Where(here)}" : "")}")];
        lines.Add($"{Mark(state, plan.Steps.Count, at)} {(plan.Strategy == StrategyKind.Rolling ? "rolling update of the targets" : "promotion: every pod runs it")}");
        return lines;
    }

    private static string Mark(RolloutState state, int index, int at) =>
        state is Reverting || state is Draining { Then: Reverting or Recording { Result.Outcome: not "Succeeded" } } ? (index <= at ? Undone : ToCome)
        : state is Stepping or Advancing ? (index < at ? Done : index == at ? Now : ToCome)
        : Done;

    private static int Reached(Attempt attempt) => (attempt.Transitions ?? []).Count(transition => transition.What == Journal.StepStarted) - 1;

    private static string Where(Stepping at) => at.Stage switch
    {
        Stage.Preparing => $"its pods come up, {at.HighWater ?? 0} of {at.Side.Replicas} are ready",
        Stage.Shifting => "its share is not yet in effect",
        _ => $"in effect since {(at.Since is { } since ? Words.Instant(since) : "now")}",
    };

    private static string Of(PlanStep step) => string.Join(", ", Parts(
        $"{step.Weight} %",
        step.Hold > TimeSpan.Zero ? $"held for {DurationText.Write(step.Hold)}" : null,
        step.Approval ? "a person says yes" : null,
        step.For is { } box ? $"for {DurationText.Write(box)} at most, then {step.Then}" : null,
        step.Match is { Count: > 0 } match ? $"{match.Count} kinds of requests whatever the weight" : null,
        step.Mirror ? "mirrored" : null,
        step.Checks is { } checks ? $"checks {string.Join(", ", checks)}" : null));

    private static IReadOnlyList<string> Asked(Strategy? strategy) => strategy switch
    {
        { Canary.Steps: { Count: > 0 } steps } => [.. steps.Select((step, index) => $"{index + 1} of {steps.Count}: {Of(step)}")],
        { BlueGreen: { } switched } => [string.Join(", ", Parts(
            "the new version beside the old one, at full size",
            switched.Hold is { } hold ? $"held for {hold}" : null,
            switched.Approval is not null ? "a person says yes" : null,
            "then the switch"))],
        _ => [],
    };

    private static string Of(CanaryStep step) => string.Join(", ", Parts(
        step.Weight is { } weight ? $"{weight} %" : null,
        step.Hold is { } hold ? $"held for {hold}" : null,
        step.Approval is not null ? "a person says yes" : null,
        step.For is { } box ? $"for {box} at most, then {step.Then ?? "Revert"}" : null,
        step.Match is { Count: > 0 } match ? $"{match.Count} kinds of requests whatever the weight" : null,
        step.Mirror == true ? "mirrored" : null,
        step.Checks is { } checks ? $"checks {string.Join(", ", checks)}" : null));

    private static IEnumerable<string> Parts(params string?[] parts) => parts.OfType<string>();
}
