using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Checks;

/// <summary>Makes the plans of a Delivery's checks, with all that measuring needs: what is edited afterwards counts from the next rollout on.</summary>
public static partial class CheckPlans
{
    public const int Most = 20;

    // Of all plans together, as they are stored: a status must stay far below what etcd takes (1.5 MB).
    private const int MostBytes = 96 << 10;

    /// <summary>Names of the ClusterChecks that the spec uses.</summary>
    public static ImmutableArray<string> Templates(DeliverySpec? spec) =>
        [.. (spec?.Checks ?? []).Select(check => check.Template?.Name).OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What is wrong with the checks by themselves, before any template is looked at; null where nothing is.</summary>
    public static SpecProblem? Check(DeliverySpec spec) => TryRead(spec, null, out _, out var problem) ? NamedProblem(spec) : problem;

    // A step whose check does not exist would be a step without checks.
    private static SpecProblem? NamedProblem(DeliverySpec spec)
    {
        var (known, steps) = ((spec.Checks ?? []).Select(check => check.Name).ToArray(), spec.Strategy?.Canary?.Steps ?? []);
        return steps
            .SelectMany((step, index) => (step.Checks ?? []).Select((name, at) => (Name: name, Field: $"spec.strategy.canary.steps[{index}].checks[{at}]")))
            .Where(named => !known.Contains(named.Name))
            .Select(named => new SpecProblem(named.Field, $"there is no check {UntrustedText.Quote(named.Name)} in spec.checks{(known.Length == 0 ? "" : $", only {string.Join(", ", known)}")}"))
            .FirstOrDefault();
    }

    /// <param name="templates">ClusterChecks by name; one that is not here does not exist. Null: they are not looked at, and checks by them have no plan.</param>
    public static bool TryRead(
        DeliverySpec spec, IReadOnlyDictionary<string, ClusterCheck>? templates, out ImmutableArray<CheckPlan> plans, [NotNullWhen(false)] out SpecProblem? problem)
    {
        var checks = spec.Checks ?? [];
        var read = ImmutableArray.CreateBuilder<CheckPlan>();
        problem = checks.Count > Most ? new("spec.checks", $"{checks.Count} checks are more than {Most}") : null;
        for (var index = 0; index < checks.Count && problem is null; index++)
        {
            var field = $"spec.checks[{index}]";
            var name = checks[index].Name ?? "";
            problem = !Name.IsMatch(name) ? new($"{field}.name", $"{UntrustedText.Quote(name)} is no name: small letters, digits and -, at most 40, such as error-rate")
                : checks.Take(index).Any(other => other.Name == name) ? new($"{field}.name", $"{name} comes twice: checks are told apart by their names")
                : null;
            if (problem is null && One(field, checks[index], templates, out problem) is { } plan)
            {
                read.Add(plan);
            }
        }

        problem ??= read.Sum(plan => JsonSerializer.SerializeToUtf8Bytes(plan, ApiJson.Default.CheckPlan).Length) is > MostBytes and var bytes
            ? new("spec.checks", $"they are {bytes >> 10} KiB with their templates, more than {MostBytes >> 10}: shorten their queries")
            : null;
        plans = problem is null ? read.ToImmutable() : [];
        return problem is null;
    }

    /// <summary>What is wrong with a template by itself; null where nothing is.</summary>
    public static SpecProblem? Check(ClusterCheckSpec template)
    {
        if (CheckArguments.Check("spec.args", template.Args ?? []) is { } problem)
        {
            return problem;
        }

        // As of an argument the kind is what matters, any value of it does.
        var sample = (template.Args ?? []).ToImmutableDictionary(argument => argument.Name!, argument => new CheckValueText(argument.Type is { Length: > 0 } type ? type : CheckArguments.Text, Sample(argument)));
        CheckReader.Read("spec", "template", template, new CheckSpec(), sample, out problem);
        return problem;
    }

    private static string Sample(CheckArgument argument) => argument switch
    {
        { Default: { Length: > 0 } value } => value,
        { Type: CheckArguments.Number } => "1",
        { Type: CheckArguments.Duration } => "1m",
        { Type: CheckArguments.Flag } => "true",
        _ => "x",
    };

    private static CheckPlan? One(string field, CheckSpec check, IReadOnlyDictionary<string, ClusterCheck>? templates, out SpecProblem? problem)
    {
        if (check.Template is not { } reference)
        {
            return CheckReader.Read(field, check.Name!, check, check, ImmutableDictionary<string, CheckValueText>.Empty, out problem);
        }

        problem = string.IsNullOrEmpty(reference.Name) ? new($"{field}.template.name", "which ClusterCheck is meant is not said")
            : CheckReader.SaysWhat(check) is { } said ? new($"{field}.{said}", $"the ClusterCheck {reference.Name} says that; give it as an argument")
            : null;
        if (problem is not null || templates is null)
        {
            return null;
        }

        if (templates.GetValueOrDefault(reference.Name!)?.Spec is not { } template)
        {
            problem = new($"{field}.template.name", $"there is no ClusterCheck {reference.Name}: 'kubectl get clusterchecks' lists them");
            return null;
        }

        problem = Check(template) is { } broken ? new($"{field}.template.name", $"the ClusterCheck {reference.Name} cannot be used: {broken}") : null;
        return problem is null && CheckArguments.Bind($"{field}.template.args", reference.Name!, template.Args ?? [], reference.Args ?? ImmutableDictionary<string, string>.Empty, out problem) is { } args
            ? CheckReader.Read(field, check.Name!, template, check, args, out problem)
            : null;
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\z")]
    private static partial Regex Name { get; }
}
