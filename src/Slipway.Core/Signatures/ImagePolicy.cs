using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Signatures;

/// <summary>What the one who runs the controller requires of the images of some repositories, whatever their Deliveries say.</summary>
public sealed record ImagePolicy(ImmutableArray<RepositoryPattern> Repositories, SignatureRule Rule)
{
    public bool IsFor(RepositoryName repository) => Repositories.Any(pattern => pattern.Matches(repository));
}
