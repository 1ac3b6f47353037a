using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.Kube;

namespace Slipway.Controllers;

/// <summary>What bears on a Delivery from outside of it: Freezes, the Deliveries that it comes after, its group, and how many roll out.</summary>
public sealed class Neighbours(ClusterView cluster, Turnstile turnstile)
{
    public DeliveryFacts Observe(ObjectKey key, DeliveryFacts facts)
    {
        var (delivery, terms) = (facts.Delivery, facts.Terms.Rollout);
        var labels = delivery.Metadata.Labels ?? ImmutableDictionary<string, string>.Empty;
        return facts with
        {
            Freezes = [.. (cluster.Freezes?.List() ?? []).Where(freeze => freeze.Concerns(key.Namespace, labels)).OrderBy(freeze => freeze.Name, StringComparer.Ordinal)],
            Others = [.. terms.After.Select(after => Other(key, after))],
            Group = terms.Group is { } group
                ? [.. cluster.Deliveries.ByIndex(ClusterView.ByGroup, $"{key.Namespace}/{group.Name}").Where(other => other.Metadata.Name != key.Name)
                    .Select(other => GroupMember.Of(other, group.Name)).OfType<GroupMember>().OrderBy(member => member.Name, StringComparer.Ordinal)]
                : [],
            Room = turnstile.Room(key, delivery),
        };
    }

    /// <summary>The Deliveries that this one comes after, as <c>namespace/name</c>.</summary>
    public static IEnumerable<string> PredecessorsOf(Delivery delivery) => (delivery.Spec?.After ?? [])
        .Select(after => after.Delivery)
        .Where(name => !string.IsNullOrEmpty(name))
        .Select(name => name!.Contains('/', StringComparison.Ordinal) ? name : $"{delivery.Metadata.Namespace}/{name}")
        .Distinct();

    /// <summary>Those that may go on after a change of this one.</summary>
    public static IEnumerable<Delivery> Successors(ClusterView cluster, ObjectKey key, Delivery? delivery) => cluster.Deliveries.ByIndex(ClusterView.ByPredecessor, $"{key}")
        .Concat(delivery?.Spec?.Group?.Name is { Length: > 0 } group ? cluster.Deliveries.ByIndex(ClusterView.ByGroup, $"{key.Namespace}/{group}").Where(other => other.Metadata.Name != key.Name) : []);

    private OtherDelivery Other(ObjectKey key, AfterTerms after)
    {
        var place = new ObjectKey(after.Namespace ?? key.Namespace, after.Name);
        if (cluster.Deliveries.Get(place) is not { } other)
        {
            return new OtherDelivery($"{place}", null, null, cluster.WatchNamespace is { } only && only != place.Namespace
                ? $"this controller sees only the namespace {only}"
                : "there is no such Delivery");
        }

        return OtherDelivery.Of($"{place}", other) with
        {
            Circle = AfterCircle.Find($"{key}", $"{place}", at => at.Split('/') is [var ns, var name] && cluster.Deliveries.Get(new ObjectKey(ns, name)) is { } found ? PredecessorsOf(found) : []),
        };
    }
}
