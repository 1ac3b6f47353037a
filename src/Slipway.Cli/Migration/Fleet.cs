using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Images;
using Slipway.Workloads;

namespace Slipway.Cli.Migration;

/// <summary>A container of the input.</summary>
/// <param name="Image">Null where it cannot be read, as in a template that was not filled in.</param>
internal sealed record FleetContainer(string Name, ImageReference? Image, bool Init);

/// <summary>A workload of the input: peers that name none are told by their image which one they mean.</summary>
internal sealed record FleetWorkload(Manifest Manifest, WorkloadKind Kind, ImmutableArray<FleetContainer> Containers)
{
    public bool Runs(RepositoryName repository) => Containers.Any(container => container.Image?.Repository == repository);

    public Target Target(IReadOnlyList<string>? containers = null) => new() { Kind = Kind.Name, Name = Manifest.Name, Containers = containers };
}

/// <summary>The whole input, once read.</summary>
internal sealed class Fleet
{
    public Fleet(IReadOnlyList<Manifest> manifests)
    {
        Manifests = manifests;
        Workloads = [.. manifests.Select(Read).OfType<FleetWorkload>()];
    }

    public IReadOnlyList<Manifest> Manifests { get; }

    public ImmutableArray<FleetWorkload> Workloads { get; }

    /// <summary>In this namespace, where both say theirs.</summary>
    public IReadOnlyList<FleetWorkload> Running(RepositoryName repository, string? ns = null) =>
        [.. Workloads.Where(workload => workload.Runs(repository) && (ns is null || workload.Manifest.Namespace is null || workload.Manifest.Namespace == ns))];

    private static FleetWorkload? Read(Manifest manifest)
    {
        if (WorkloadKinds.Find(manifest.Kind) is not { } kind || manifest.Name.Length == 0)
        {
            return null;
        }

        var podSpec = kind.PodSpecPath.AsSpan();
        return new FleetWorkload(manifest, kind, [.. Containers(manifest, podSpec, "initContainers", init: true), .. Containers(manifest, podSpec, "containers", init: false)]);
    }

    private static IEnumerable<FleetContainer> Containers(Manifest manifest, ReadOnlySpan<string> podSpec, string list, bool init) =>
        manifest.Items([.. podSpec, list]).OfType<JsonObject>().Select(container => new FleetContainer(
            Manifest.TextOf(container["name"]) ?? "", ImageReference.TryParse(Manifest.TextOf(container["image"]), out var image, out _) ? image : null, init));
}
