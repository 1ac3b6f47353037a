using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;

namespace Slipway.Explanations;

/// <summary>All that an explanation is made of.</summary>
/// <param name="Releases">The oldest first.</param>
/// <param name="Happenings">The newest first.</param>
public sealed record Facts(Delivery Delivery, IReadOnlyList<Release> Releases, IReadOnlyList<Happening> Happenings, DateTimeOffset Now)
{
    public string Name => Delivery.Metadata.Name;

    public DeliverySpec Spec { get; } = Delivery.Spec ?? new();

    public DeliveryStatus Status { get; } = Delivery.Status ?? new();

    public Condition? Condition(string type) => Status.Conditions?.FirstOrDefault(condition => condition.Type == type);

    /// <summary>The condition that says that nothing will change until somebody does something.</summary>
    public Condition? Stalled => Condition(DeliveryConditions.Stalled) is { Status: "True" } stalled ? stalled : null;

    public string Ago(DateTimeOffset instant) => $"{Words.Age(Now - instant)} ago";
}

/// <summary>Sentences on one question. The title is one word or two, and the name of the field in JSON.</summary>
public sealed record Paragraph(string Title, ImmutableArray<string> Sentences)
{
    public KeyValuePair<string, JsonNode?> ToJson() => new(
        string.Concat(Title.Split(' ').Select((word, index) => index == 0 ? word.ToLowerInvariant() : $"{char.ToUpperInvariant(word[0])}{word[1..]}")),
        new JsonArray([.. Sentences.Select(sentence => (JsonNode?)sentence)]));
}

/// <summary>Answers one question about a Delivery; null where there is nothing to say.</summary>
public delegate Paragraph? Question(Facts facts);

/// <summary>Why a Delivery does what it does: the questions in the order in which a person asks them.</summary>
public static class Explanation
{
    private static readonly ImmutableArray<Question> Questions =
    [
        Source.Follows, Source.Registry, Rollout.Runs, Rollout.UnderWay, Obstacles.Held, Obstacles.Rejected, Recently.Last, Recently.Events, NextSteps.Steps,
    ];

    public static ImmutableArray<Paragraph> Of(Facts facts) => [.. Questions.Select(question => question(facts)).OfType<Paragraph>()];
}
