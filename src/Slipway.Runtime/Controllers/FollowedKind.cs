using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>One kind that is followed because a Delivery names it.</summary>
/// <param name="name">As in <see cref="WorkloadKey.Kind"/>.</param>
/// <param name="paths">The fields that are kept of each object.</param>
public sealed class FollowedKind(string name, string apiVersion, string kind, ImmutableHashSet<FieldPath> paths, CancellationTokenSource stop)
{
    private volatile string? _unknown;
    private volatile Informer<WorkloadSnapshot>? _informer;

    public string Name => name;

    public string ApiVersion => apiVersion;

    public string Kind => kind;

    public ImmutableHashSet<FieldPath> Paths => paths;

    /// <summary>Null while the kind is looked for.</summary>
    public ResourceClient<WorkloadSnapshot>? Client { get; private set; }

    public Informer<WorkloadSnapshot>? Objects => _informer is { HasSynced: true } informer ? informer : null;

    /// <summary>Why nothing is known of its objects, with the way out; null while that may still come by itself.</summary>
    public string? Problem => _informer is not { } informer ? _unknown
        : informer.HasSynced || informer.Problem is not { } problem ? null
        : informer.IsForbidden ? $"{Brief(problem)}; {MissingRule}" : problem;

    /// <summary>What the controller needs to be allowed, in a sentence.</summary>
    public string MissingRule
    {
        get
        {
            var type = Client?.Type;
            var verbs = name == WorkloadKinds.Job.Name ? "get, list, watch, create, delete" : "get, list, watch, patch";
            return $"give the controller the rule {{apiGroups: [\"{type?.Group}\"], resources: [{type?.Plural}], verbs: [{verbs}]}} "
                + $"in a ClusterRole with the label {ApiNames.AggregationLabel}: \"true\"";
        }
    }

    internal CancellationToken Stopping => stop.Token;

    internal Task Running { get; set; } = Task.CompletedTask;

    internal void Say(string problem) => _unknown = problem;

    internal void Follow(ResourceClient<WorkloadSnapshot> client, Informer<WorkloadSnapshot> informer)
    {
        Client = client;
        _informer = informer;
    }

    internal async Task StopAsync()
    {
        await stop.CancelAsync();
        await Running;
        stop.Dispose();
    }

    // The server says who, what and where in a long sentence; the rule says the same in a form that can be used.
    private static string Brief(string problem) => BoundedText.Of(problem, limit: 160);
}
