using Slipway.Api;
using Slipway.Images;
using Slipway.Rollouts;

namespace Slipway.Deliveries;

/// <summary>Makes a plan of <c>spec.strategy</c>, or says which field cannot be read.</summary>
internal sealed class StrategyReader(DeliverySpec spec, Action<SpecProblem?> found)
{
    private const int MaxSteps = 50;

    // More pods than the stable side has would be needed.
    private const int MostOfPods = 50;

    private static readonly string[] Sided = ["Deployment", "StatefulSet"];

    /// <returns>Null for a rolling update.</returns>
    public RolloutPlan? Read()
    {
        var strategy = spec.Strategy ?? new();
        object?[] written = [strategy.Rolling, strategy.Canary, strategy.BlueGreen];
        if (written.Count(one => one is not null) > 1)
        {
            found(new("spec.strategy", "more than one strategy is named: keep one of rolling, canary and blueGreen"));
            return null;
        }

        var plan = strategy switch
        {
            { Canary: { } canary } => Canary(canary),
            { BlueGreen: { } blueGreen } => BlueGreen(blueGreen),
            _ => null,
        };
        return plan is null ? null : plan with { WaitsForEvidence = spec.OnInconclusive == "Wait" };
    }

    private RolloutPlan? Canary(CanaryStrategy canary)
    {
        const string field = "spec.strategy.canary";
        var steps = canary.Steps ?? [];
        found(steps.Count is 0 or > MaxSteps ? new($"{field}.steps", steps.Count == 0 ? "there is no step; write for example steps: [{weight: 10, hold: 10m}]" : $"{steps.Count} steps are more than {MaxSteps}") : null);
        if (Kind(field) is not { } kind)
        {
            return null;
        }

        var traffic = Traffic($"{field}.traffic", canary.Traffic ?? new(), kind);
        var read = new List<PlanStep>();
        for (var index = 0; index < Math.Min(steps.Count, MaxSteps); index++)
        {
            read.Add(Step($"{field}.steps[{index}]", steps[index], traffic.Router, read.LastOrDefault()));
        }

        found(read.Count > 0 && !read[0].Exposes ? new($"{field}.steps[0]", "the first step sends nobody to the new version; give it a weight") : null);
        return new RolloutPlan
        {
            Strategy = StrategyKind.Canary,
            Steps = read,
            Traffic = traffic,
            Bake = Duration($"{field}.bake", canary.Bake, "0s"),
            AllowCoarse = canary.AllowCoarse ?? false,
        };
    }

    private PlanStep Step(string field, CanaryStep step, RouterKind router, PlanStep? before)
    {
        var weight = step.Weight ?? before?.Weight ?? 0;
        var most = router == RouterKind.Pods ? MostOfPods : 100;
        found(weight < 0 || weight > most ? new($"{field}.weight", router == RouterKind.Pods && weight is > MostOfPods and <= 100
            ? $"{weight} is more than {MostOfPods}: without a router the pods are the weight, and the stable side keeps all of its own; name a router in traffic, or end with {MostOfPods}"
            : $"{weight} is not between 0 and {most}") : null);
        found(before is not null && weight < before.Weight && before.For is null ? new($"{field}.weight", $"{weight} is less than the {before.Weight} of the step before: a share only grows until the rollout ends") : null);
        found(router is not (RouterKind.HttpRoute or RouterKind.Ingress) && step.Match is { Count: > 0 } ? new($"{field}.match", "only an HTTPRoute or an Ingress can tell requests apart; name one in traffic") : null);
        found(router != RouterKind.HttpRoute && step.Mirror == true ? new($"{field}.mirror", "only an HTTPRoute can send a request twice; name one in traffic.httpRoute") : null);
        found(step.Then is not null && step.For is null ? new($"{field}.then", "it says what follows a time box, and there is none; write for: 1h, or take it away") : null);
        for (var index = 0; index < (step.Match?.Count ?? 0); index++)
        {
            var match = step.Match![index];
            found((match.Header is null) == (match.Cookie is null) || string.IsNullOrEmpty((match.Header ?? match.Cookie)!.Name)
                ? new($"{field}.match[{index}]", "give exactly one of header and cookie, each with a name") : null);
        }

        return new PlanStep(weight)
        {
            Hold = Duration($"{field}.hold", step.Hold, "0s"),
            Checks = step.Checks is { Count: > 0 } checks ? checks : null,
            Approval = step.Approval is not null,
            ApprovalExpires = step.Approval?.Expires is { Length: > 0 } expires ? Duration($"{field}.approval.expires", expires, "0s") : null,
            For = step.For is { Length: > 0 } box ? Duration($"{field}.for", box, "0s") : null,
            Then = OneOf<BoxEnd>($"{field}.then", step.Then),
            Match = step.Match is { Count: > 0 } matches ? matches : null,
            Mirror = step.Mirror ?? false,
        };
    }

    private RolloutPlan? BlueGreen(BlueGreenStrategy blueGreen)
    {
        const string field = "spec.strategy.blueGreen";
        if (Kind(field) is not { } kind)
        {
            return null;
        }

        found(kind != "Deployment" ? new("spec.targets[0].kind", "blueGreen runs a second workload at full size, which only a Deployment allows; use canary or rolling") : null);
        return new RolloutPlan
        {
            Strategy = StrategyKind.BlueGreen,
            Steps =
            [
                new PlanStep(0)
                {
                    Hold = Duration($"{field}.hold", blueGreen.Hold, "0s"),
                    Approval = blueGreen.Approval is not null,
                    ApprovalExpires = blueGreen.Approval?.Expires is { Length: > 0 } expires ? Duration($"{field}.approval.expires", expires, "0s") : null,
                },
                new PlanStep(100) { Hold = Duration($"{field}.keepOld", blueGreen.KeepOld, "0s") },
            ],
            Traffic = new TrafficPlan
            {
                Router = RouterKind.Selector,
                Service = NullIfEmpty(blueGreen.Service),
                Preview = NullIfEmpty(blueGreen.PreviewService),
                Settle = Duration($"{field}.settle", blueGreen.Settle, "5s"),
                Drain = Duration($"{field}.drain", blueGreen.Drain, "10s"),
            },
            Bake = Duration($"{field}.bake", blueGreen.Bake, "0s"),
        };
    }

    private TrafficPlan Traffic(string field, Api.Traffic traffic, string kind)
    {
        (ObjectReference? Named, RouterKind Router, string Field)[] routers =
        [
            (traffic.HttpRoute, RouterKind.HttpRoute, "httpRoute"), (traffic.Ingress, RouterKind.Ingress, "ingress"), (traffic.TraefikService, RouterKind.TraefikService, "traefikService"),
        ];
        var named = routers.Where(router => router.Named is not null).ToArray();
        found(named.Length > 1 ? new(field, $"{string.Join(" and ", named.Select(router => router.Field))} are named: keep one router") : null);
        found(named.Length == 1 && string.IsNullOrEmpty(named[0].Named!.Name) ? new($"{field}.{named[0].Field}.name", "the router has no name") : null);
        found(named.Length == 1 && kind != "Deployment" ? new($"{field}.{named[0].Field}", $"a {kind} is stepped by its partition, for which there is no second Service; take the router away, or use a Deployment") : null);
        return new TrafficPlan
        {
            Router = kind == "StatefulSet" ? RouterKind.Partition : named.Length == 0 ? RouterKind.Pods : named[0].Router,
            Service = NullIfEmpty(traffic.Service),
            Route = named.Length == 0 ? null : named[0].Named!.Name,
            Settle = Duration($"{field}.settle", traffic.Settle, "5s"),
            Drain = Duration($"{field}.drain", traffic.Drain, "10s"),
        };
    }

    // The strategy acts on the first target alone.
    private string? Kind(string field)
    {
        if (spec.Targets is not { Count: > 0 } targets)
        {
            return null;
        }

        var kind = string.IsNullOrEmpty(targets[0].Kind) ? "Deployment" : targets[0].Kind!;
        if (!Sided.Contains(kind))
        {
            found(new("spec.targets[0].kind", $"{field["spec.strategy.".Length..]} needs a Deployment or a StatefulSet as the first target, and this is a {UntrustedText.Quote(kind)}; use rolling, which runs checks too"));
            return null;
        }

        return kind;
    }

    private TimeSpan Duration(string field, string? text, string otherwise)
    {
        found(DurationText.TryParse(string.IsNullOrEmpty(text) ? otherwise : text, out var duration) ? null : new(field, $"{UntrustedText.Quote(text!)} is no duration; write for example 30s, 10m or 1h30m"));
        return duration;
    }

    private T OneOf<T>(string field, string? text)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return default;
        }

        var index = Array.IndexOf(Enum.GetNames<T>(), text);
        found(index >= 0 ? null : new(field, $"{UntrustedText.Quote(text)} is not one of {string.Join(", ", Enum.GetNames<T>())}"));
        return index >= 0 ? Enum.GetValues<T>()[index] : default;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
