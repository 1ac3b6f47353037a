using Slipway.Api;
using Slipway.Controller.Access;
using Slipway.Controllers;
using Slipway.Kube;

namespace Slipway.Controller.Api;

/// <summary>A request of somebody who was let in.</summary>
/// <param name="Token">To ask again, while a stream lasts, whether it is still good. It goes nowhere else.</param>
/// <param name="Sight">Of a list: what the caller may see.</param>
internal sealed record ApiCall(ApiContext Context, HttpContext Http, Caller Caller, string Token, ClusterView Cluster, Sight Sight)
{
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Of the path, else of the query; null: none is named.</summary>
    public string? Namespace => Path("ns") ?? Query("namespace");

    public ObjectKey Key => new(Path("ns")!, Path("name")!);

    public DateTimeOffset Now => Instant.Of(Context.Time.GetUtcNow());

    public string Address => AddressOf(Http);

    public string? Path(string name) => Http.Request.RouteValues[name] as string;

    public string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public async Task<bool> MayAsync(Right right) => await Context.Access.MayAsync(Caller, right, Aborted) is Verdict.Allowed;

    /// <summary>Those that the caller may see, of the namespace that was asked for or of all.</summary>
    public IEnumerable<Delivery> Visible() => Cluster.Deliveries.List(Namespace).Where(delivery => Sight.Includes(delivery.Metadata.Namespace ?? ""));

    public static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress is { } address ? $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}" : "nowhere";

    // Not its token.
    public override string ToString() => $"{Caller.Name}: {Http.Request.Method} {Http.Request.Path}";
}
