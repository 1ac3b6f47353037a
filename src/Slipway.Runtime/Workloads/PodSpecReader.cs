using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>The parts of a pod's spec that Slipway keeps: containers, pull secrets, account, placement.</summary>
internal sealed class PodSpecReader(ValuePool pool)
{
    private static readonly NodeConstraint Anywhere = new();

    public ImmutableArray<ContainerImage> Containers(JsonField podSpec, WorkloadKind kind, JsonElement managedFields)
    {
        // An image may be absent in a template that something else completes later; it then is in no repository, and no target by itself.
        ContainerImage Read(JsonField container, bool init)
        {
            var name = pool.Share(container["name"].RequiredText);
            return new(name, pool.Share(container["image"].Text ?? ""), init, pool.Share(ImageOwnership.OwnerOf(managedFields, kind, name, init)))
            {
                // A Job that we made is all ours, and a Job is never applied to.
                Abandoned = kind != WorkloadKinds.Job && ImageOwnership.IsAbandoned(managedFields, kind, name, init),
            };
        }

        return
        [
            .. podSpec["initContainers"].Items.Select(container => Read(container, init: true)),
            .. podSpec["containers"].Items.Select(container => Read(container, init: false)),
        ];
    }

    public ImmutableArray<string> PullSecrets(JsonField owner) =>
        [.. owner["imagePullSecrets"].Items.Select(secret => secret["name"].Text).OfType<string>().Select(pool.Share)];

    public NodeConstraint Placement(JsonField podSpec)
    {
        var terms = podSpec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"];
        var read = new NodeConstraint
        {
            NodeSelector = pool.SharedMap(podSpec["nodeSelector"]),
            Affinity = [.. terms.Items.Select(Term)],
            Tolerations = [.. podSpec["tolerations"].Items.Select(Toleration)],
            NodeName = podSpec["nodeName"].Text,
            Os = podSpec["os"]["name"].Text,
        };
        return read is { NodeSelector.IsEmpty: true, Affinity.IsEmpty: true, Tolerations.IsEmpty: true, NodeName: null, Os: null } ? Anywhere : read;
    }

    public LabelSelector? Selector(JsonField field) => field.IsAbsent
        ? null
        : new()
        {
            MatchLabels = pool.Map(field["matchLabels"]) is { IsEmpty: false } labels ? labels : null,
            MatchExpressions = field["matchExpressions"].Items.Select(Requirement).ToArray() is { Length: > 0 } expressions ? expressions : null,
        };

    private ImmutableArray<LabelRequirement> Term(JsonField term) =>
    [
        .. term["matchExpressions"].Items.Select(Requirement),
        .. term["matchFields"].Items.Select(Requirement).Select(
            requirement => requirement with { Key = requirement.Key == "metadata.name" ? NodeConstraint.NameField : $"@{requirement.Key}" }),
    ];

    private LabelRequirement Requirement(JsonField field) => new(
        pool.Share(field["key"].RequiredText),
        pool.Share(field["operator"].RequiredText),
        field["values"].Items.Select(value => pool.Share(value.Text ?? "")).ToArray() is { Length: > 0 } values ? values : null);

    private Toleration Toleration(JsonField field) =>
        new(Shared(field["key"]), Shared(field["operator"]), Shared(field["value"]), Shared(field["effect"]));

    private string? Shared(JsonField field) => field.Text is { } text ? pool.Share(text) : null;
}
