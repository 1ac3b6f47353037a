using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>
/// Label selectors as the API server understands them (Kubernetes API reference, LabelSelector): all requirements hold together;
/// an empty selector matches everything and an absent one nothing.
/// </summary>
public static class LabelSelectors
{
    public static bool Matches(LabelSelector? selector, IReadOnlyDictionary<string, string> labels) =>
        selector is not null
        && (selector.MatchLabels is null || selector.MatchLabels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value))
        && (selector.MatchExpressions ?? []).All(requirement => Holds(requirement, labels));

    /// <summary>An operator that Kubernetes does not know never holds.</summary>
    public static bool Holds(LabelRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        string? value = labels.TryGetValue(requirement.Key, out var found) ? found : null;
        return requirement.Operator switch
        {
            "In" => value is not null && (requirement.Values ?? []).Contains(value),
            "NotIn" => value is null || !(requirement.Values ?? []).Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }

    public static bool IsEmpty(LabelSelector? selector) =>
        selector is null || (selector.MatchLabels is null or { Count: 0 } && selector.MatchExpressions is null or { Count: 0 });

    /// <summary>What is wrong with a selector that a user wrote, as a sentence that begins with the field; null when nothing is.</summary>
    public static string? Problem(LabelSelector selector)
    {
        foreach (var (index, requirement) in (selector.MatchExpressions ?? []).Index())
        {
            var field = $"matchExpressions[{index}]";
            var values = requirement.Values?.Count ?? 0;
            var problem = (requirement.Key, requirement.Operator, values) switch
            {
                (null or "", _, _) => $"{field}.key: is empty",
                (_, "In" or "NotIn", 0) => $"{field}.values: {requirement.Operator} needs at least one value",
                (_, "Exists" or "DoesNotExist", > 0) => $"{field}.values: {requirement.Operator} takes no values",
                (_, "In" or "NotIn" or "Exists" or "DoesNotExist", _) => null,
                _ => $"{field}.operator: '{requirement.Operator}' is not an operator; use In, NotIn, Exists or DoesNotExist",
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>The value of the query parameter <c>labelSelector</c>, not yet percent-encoded; empty when everything matches.</summary>
    public static string ToQuery(LabelSelector selector) =>
        string.Join(
            ',',
            [
                .. (selector.MatchLabels ?? []).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"),
                .. (selector.MatchExpressions ?? []).Select(Term),
            ]);

    private static string Term(LabelRequirement requirement) => requirement.Operator switch
    {
        "In" => $"{requirement.Key} in ({string.Join(',', requirement.Values ?? [])})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values ?? [])})",
        "Exists" => requirement.Key,
        "DoesNotExist" => $"!{requirement.Key}",
        _ => throw new ArgumentException($"'{requirement.Operator}' is not an operator of a label selector"),
    };
}
