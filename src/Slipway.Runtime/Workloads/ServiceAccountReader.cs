using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Workloads;

/// <summary>What Slipway keeps of a ServiceAccount: the pull secrets that its pods get.</summary>
public sealed record ServiceAccountSnapshot(string Namespace, string Name, ImmutableArray<string> PullSecrets);

public sealed class ServiceAccountReader(ValuePool pool)
{
    private readonly PodSpecReader _podSpec = new(pool);

    /// <exception cref="FormatException">A field has the wrong type; the message names object and field.</exception>
    public ServiceAccountSnapshot Read(JsonElement account)
    {
        var metadata = JsonField.Root(account, "ServiceAccount")["metadata"];
        var (@namespace, name) = (pool.Share(metadata["namespace"].Text ?? ""), pool.Share(metadata["name"].RequiredText));
        return new(@namespace, name, _podSpec.PullSecrets(JsonField.Root(account, $"ServiceAccount {@namespace}/{name}")));
    }
}
