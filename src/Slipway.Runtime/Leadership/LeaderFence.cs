using Slipway.Kube;

namespace Slipway.Leadership;

/// <summary>
/// Lets no mutating request out of a process that is not the leader, whoever wrote the code that sends it: the last line against two
/// controllers at once, before the resourceVersion that each write carries. Requests under way when the term ends are cut off.
/// </summary>
/// <param name="tenureOf">Whose term counts for a request to this path.</param>
public sealed class LeaderFence(Func<string, Tenure> tenureOf, ObjectKey lease) : DelegatingHandler
{
    public LeaderFence(Tenure tenure, ObjectKey lease)
        : this(_ => tenure, lease)
    {
    }

    // The lease is how one becomes the leader. Reviews are questions that happen to be asked by POST.
    private readonly string[] _free =
    [
        ResourceTypes.Leases.CollectionPath(lease.Namespace),
        ResourceTypes.Leases.ObjectPath(lease),
        "/apis/authentication.k8s.io/",
        "/apis/authorization.k8s.io/",
    ];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsFree(request))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (tenureOf(request.RequestUri?.AbsolutePath ?? "").Term is not { } term)
        {
            throw new NotLeaderException($"{request.Method} {request.RequestUri?.AbsolutePath} was not sent: this process is not the leader");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(term, cancellationToken);
        try
        {
            return await base.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new NotLeaderException($"{request.Method} {request.RequestUri?.AbsolutePath} was cut off: the leader's term ended, and whether it was done is not known");
        }
    }

    private bool IsFree(HttpRequestMessage request)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        return request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
            || Array.Exists(_free, free => free.EndsWith('/') ? path.Contains(free, StringComparison.Ordinal) : path.EndsWith(free, StringComparison.Ordinal));
    }
}
