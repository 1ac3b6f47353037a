using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Kube;

namespace Slipway.CheckSources;

/// <summary>Reads ClusterChecks, by name and as they are now: a rollout that starts takes along what they say at that moment.</summary>
public sealed class CheckTemplates(ClusterConnection cluster)
{
    private readonly ResourceClient<ClusterCheck> _client = new(cluster, ResourceTypes.ClusterChecks, ApiJson.Default.ClusterCheck);

    /// <summary>Those that the spec uses and that exist.</summary>
    /// <exception cref="KubeException">They could not be read.</exception>
    public async Task<ImmutableDictionary<string, ClusterCheck>> ReadAsync(DeliverySpec spec, CancellationToken cancellationToken)
    {
        var found = ImmutableDictionary.CreateBuilder<string, ClusterCheck>(StringComparer.Ordinal);
        foreach (var name in CheckPlans.Templates(spec))
        {
            if (await _client.GetAsync(new ObjectKey("", name), cancellationToken) is { } template)
            {
                found[name] = template.Value;
            }
        }

        return found.ToImmutable();
    }
}
