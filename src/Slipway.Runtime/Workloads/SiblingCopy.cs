using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Rollouts;
using Slipway.Traffic;

namespace Slipway.Workloads;

/// <summary>What a sibling is made with, beyond the workload that it is a copy of.</summary>
/// <param name="Images">By container.</param>
/// <param name="Services">Whose requests are divided.</param>
public sealed record SiblingTerms(
    string Name, string Delivery, string DeliveryUid, SideWish Wish, IReadOnlyDictionary<string, string> Images, IReadOnlyList<string> Services, LabelOverride? Label);

/// <summary>The Deployment that runs the new version beside the stable one: its live template with another image.</summary>
/// <remarks>
/// <para>Its selector is a label of its own, so that the two never take each other's pods. Where the pods are the weight they carry all labels of
/// the stable pods, so that Services, NetworkPolicies and monitors find them; elsewhere one label has another value.</para>
/// <para>Pods with a closed gate are not available, and a Deployment gives up on those (progressDeadlineSeconds). The largest number
/// stands for no deadline (kubernetes: pkg/controller/deployment/util, HasProgressDeadline); the planner has deadlines of its own.</para>
/// </remarks>
public static class SiblingCopy
{
    /// <param name="stable">As it is at the server now.</param>
    public static JsonObject Of(JsonObject stable, SiblingTerms terms)
    {
        var (spec, track) = (stable["spec"]!.AsObject(), SideNames.Track(terms.Wish.Traffic.Router));
        var template = Template(spec["template"]!.DeepClone().AsObject(), terms, track);
        var copy = new JsonObject
        {
            ["replicas"] = terms.Wish.Replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [SideMark.SideLabel] = terms.Name } },
            ["progressDeadlineSeconds"] = int.MaxValue,
            ["revisionHistoryLimit"] = 1,
            ["template"] = template,
        };
        if (spec["minReadySeconds"] is { } ready)
        {
            copy["minReadySeconds"] = ready.DeepClone();
        }

        // Its annotations are commands to tools of all sorts, and none of them means this one.
        var labels = Copies.Untracked(stable["metadata"]!["labels"]);
        (labels[SideMark.SideLabel], labels[ApiNames.TrackLabel]) = (terms.Name, track);
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject
            {
                ["name"] = terms.Name,
                ["namespace"] = terms.Wish.Stable.Namespace,
                ["labels"] = labels,
                ["annotations"] = Annotations(terms),
                ["ownerReferences"] = new JsonArray(Copies.Owner(terms.Delivery, terms.DeliveryUid)),
            },
            ["spec"] = copy,
        };
    }

    private static JsonObject Annotations(SiblingTerms terms)
    {
        var annotations = new JsonObject
        {
            [ApiNames.ReleaseAnnotation] = terms.Wish.Release.ToString(CultureInfo.InvariantCulture),
            [SideMark.StableAnnotation] = terms.Wish.Stable.Name,
            [SideMark.DigestAnnotation] = terms.Wish.Digest,
            [SideMark.ServicesAnnotation] = string.Join(',', terms.Services),
        };
        if (terms.Wish.Tag is { } tag)
        {
            annotations[ApiNames.VersionAnnotation] = tag;
        }

        if (terms.Label is { } label)
        {
            annotations[SideMark.OverrideAnnotation] = label.ToString();
        }

        return annotations;
    }

    private static JsonObject Template(JsonObject template, SiblingTerms terms, string track)
    {
        if (template["metadata"] is not JsonObject metadata)
        {
            template["metadata"] = metadata = [];
        }

        metadata.Remove("creationTimestamp");
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        if (terms.Label is { } changed)
        {
            labels[changed.Key] = changed.Is;
        }
        else
        {
            labels[ApiNames.TrackLabel] = track;
        }

        labels[SideMark.SideLabel] = terms.Name;
        var pod = template["spec"]!.AsObject();
        foreach (var container in (pod["initContainers"] as JsonArray ?? []).Concat(pod["containers"] as JsonArray ?? []))
        {
            if (terms.Images.TryGetValue((string?)container!["name"] ?? "", out var image))
            {
                container["image"] = image;
            }
        }

        if (terms.Wish.Traffic.Router == RouterKind.Pods)
        {
            AddGate(pod);
        }

        return template;
    }

    private static void AddGate(JsonObject pod)
    {
        if (pod["readinessGates"] is not JsonArray gates)
        {
            pod["readinessGates"] = gates = [];
        }

        gates.Add((JsonNode)new JsonObject { ["conditionType"] = ApiNames.ServingGate });
    }
}
