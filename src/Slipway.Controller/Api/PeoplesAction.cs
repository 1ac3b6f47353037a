using System.Text.Json;
using Slipway.Actions;
using Slipway.Controllers;
using Slipway.Images;
using Slipway.Views;

namespace Slipway.Controller.Api;

/// <summary>
/// What a person asks of a Delivery: written as an annotation, as the command line does it, so that any replica can take it and the one that leads acts
/// on it. Every request that was authorised leaves a line in the log, whatever came of it.
/// </summary>
internal sealed partial class PeoplesAction(ActionKind kind)
{
    private const string Manager = "slipway-api";

    public async Task<ApiAnswer> HandleAsync(ApiCall call)
    {
        var (body, problem) = await RequestGuard.ReadAsync(call.Http.Request, call.Context.Time);
        var (request, wrong) = problem is null ? Read(body) : (null, problem);
        var answer = wrong ?? await AskAsync(call, request!);
        var log = call.Context.Logs.CreateLogger<PeoplesAction>();
        var words = request is null ? "" : $" ({Words(request)})";
        LogAsked(log, UntrustedText.Quote(call.Caller.Name), kind.Name, words, UntrustedText.Quote($"{call.Key}"), call.Address, Outcome(answer));
        return answer;
    }

    private async Task<ApiAnswer> AskAsync(ApiCall call, ActionRequest request)
    {
        if (call.Cluster.Deliveries.Get(call.Key) is not { } delivery)
        {
            return Problems.NotFound($"there is no Delivery {UntrustedText.Quote($"{call.Key}")}", "GET /api/v1/deliveries lists them");
        }

        var history = call.Cluster.Releases.ByIndex(ClusterView.ByDelivery, delivery.Metadata.Uid ?? "").Select(release => release.Record);
        switch (ActionPlan.Of(kind, request, delivery, [.. history], new Asker(call.Caller.Name, $"api/{call.Address}", call.Now)))
        {
            case ActionPlan.Refuse { Field: { } field } refused:
                return Problems.Invalid($"{field}: {refused.Why}", refused.WayOut, refused.Reason);
            case ActionPlan.Refuse refused:
                return Problems.Conflict(refused.Reason, refused.Why, refused.WayOut);
            case ActionPlan.Write write:
                var written = await call.Context.Deliveries.MergePatchAsync(call.Key, write.Patch(), call.Aborted, manager: Manager);

                // Who asks next sees what they have asked for.
                call.Cluster.Deliveries.Wrote(written);
                return ApiAnswer.Json(new ActionAnswer(call.Key.Namespace, call.Key.Name, kind.Name, write.Told, call.Caller.Name) { Request = write.Value }, ViewJson.Default.ActionAnswer, StatusCodes.Status202Accepted);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static (ActionRequest? Request, ApiAnswer? Problem) Read(byte[] body)
    {
        try
        {
            return (body.Length == 0 ? new() : JsonSerializer.Deserialize(body, ViewJson.Default.ActionRequest) ?? new(), null);
        }
        catch (JsonException e)
        {
            return (null, Problems.Invalid($"the body is no request of an action: {e.Message}", "send {} or an object with the fields that docs/spec/api.md lists for the action"));
        }
    }

    private static string Words(ActionRequest request) => string.Join(", ", new[]
    {
        request.Digest is { } digest ? $"digest {UntrustedText.Quote(digest)}" : null,
        request.To is { } to ? $"to {to}" : null,
        request.All == true ? "all" : null,
        request.Reason is { Length: > 0 } reason ? $"because {UntrustedText.Quote(reason)}" : null,
    }.OfType<string>());

    private static string Outcome(ApiAnswer answer) => answer is ApiAnswer.Refused { Problem: var problem } ? $"refused, {problem.Reason}: {problem.Detail}" : "written";

    [LoggerMessage(LogLevel.Information, "{User} asked to {Action}{Words} Delivery {Delivery} from {Address}: {Outcome}")]
    private static partial void LogAsked(ILogger log, string user, string action, string words, string delivery, string address, string outcome);
}
