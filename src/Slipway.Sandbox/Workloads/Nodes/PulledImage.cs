using System.Collections.Immutable;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>What a node knows of an image that it has.</summary>
/// <param name="Id">As containerd reports it: the repository and the digest of what the reference named, the index where it is one.</param>
/// <param name="Architecture">For which it was built; on another the kernel cannot run it.</param>
internal sealed record PulledImage(string Id, string Architecture, ImmutableDictionary<string, string> Labels)
{
    public ImageBehaviour Behaviour { get; } = ImageBehaviour.Of(Labels);
}

/// <summary>Why an image could not be had.</summary>
/// <param name="Reason">ErrImagePull, InvalidImageName or ErrImageNeverPull.</param>
internal sealed record PullFailure(string Reason, string Message);
