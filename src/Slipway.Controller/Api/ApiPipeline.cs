using Slipway.Controller.Access;
using Slipway.Controller.Sessions;
using Slipway.Controllers;
using Slipway.Kube;

namespace Slipway.Controller.Api;

/// <summary>What each request passes through, in this order: its form, who asks, how often, whether they may, the caches, the answer.</summary>
internal sealed class ApiPipeline(ApiContext context, ApiRoute route)
{
    public async Task HandleAsync(HttpContext http)
    {
        SecurityHeaders.Write(http.Response.Headers);
        ApiAnswer answer;
        try
        {
            answer = await AnswerAsync(http);
        }
        catch (KubeException e)
        {
            answer = Problems.Of(e);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await answer.WriteAsync(http);
    }

    private async Task<ApiAnswer> AnswerAsync(HttpContext http)
    {
        if (RequestGuard.Refusal(http.Request, route.IsForm) is { } form)
        {
            return form;
        }

        if (route.Enter is { } enter)
        {
            return await enter(context, http);
        }

        if (Credential.Of(http.Request, context.Cookies) is not { } credential)
        {
            return Problems.NoToken;
        }

        if (credential.Refusal(http.Request) is { } forged)
        {
            return forged;
        }

        switch (await context.Access.IdentifyAsync(credential.Token, http.RequestAborted))
        {
            case Identification.Known { Caller: var caller }:
                return context.Rates.Take(caller.Fingerprint) is { } wait ? Problems.TooOften(wait) : await AnswerAsync(http, caller, credential.Token);
            case Identification.Unable { Why: var why }:
                return Problems.Unable(why);
            default:
                return Problems.Stranger;
        }
    }

    private async Task<ApiAnswer> AnswerAsync(HttpContext http, Caller caller, string token)
    {
        if (context.Cluster is not { } cluster || !cluster.Deliveries.HasSynced)
        {
            return Problems.NotReady("the controller has just started, and lists what there is");
        }

        var (sight, refusal) = await SightAsync(http, caller, cluster);
        return refusal is not null ? refusal : await route.Handle(new ApiCall(context, http, caller, token, cluster, sight));
    }

    private async Task<(Sight Sight, ApiAnswer.Refused? Refusal)> SightAsync(HttpContext http, Caller caller, ClusterView cluster)
    {
        if (route.Right is not { } right)
        {
            return (Sight.All, null);
        }

        var (ns, name) = (http.Request.RouteValues["ns"] as string, http.Request.RouteValues["name"] as string);
        var asked = route.Reach == Reach.Lists && http.Request.Query["namespace"].ToString() is { Length: > 0 } one ? one : null;
        if (route.Reach == Reach.Lists && asked is null)
        {
            var (sight, verdict) = await Sight.OfAsync(context.Access, caller, right, Namespaces(cluster), http.RequestAborted);
            return (sight ?? Sight.All, Refusal(verdict, caller, right));
        }

        var exact = route.Reach switch
        {
            Reach.Object => right with { Namespace = ns, Name = name },
            Reach.Cluster => right,
            _ => right with { Namespace = asked ?? ns },
        };
        return (Sight.All, Refusal(await context.Access.MayAsync(caller, exact, http.RequestAborted), caller, exact));
    }

    internal static HashSet<string> Namespaces(ClusterView cluster) => [.. cluster.Deliveries.List().Select(delivery => delivery.Metadata.Namespace ?? "")];

    private static ApiAnswer.Refused? Refusal(Verdict verdict, Caller caller, Right right) => verdict switch
    {
        Verdict.Allowed => null,
        Verdict.Unable { Why: var why } => Problems.Unable(why),
        _ => Problems.Denied(caller, right),
    };
}
