using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Trouble with a request as a whole; that of a watch is <see cref="WatchFaults"/>.</summary>
internal static class RequestFaults
{
    /// <exception cref="StatusException">The request is to fail before it has done anything.</exception>
    public static void StrikeBefore(FaultDice dice, RequestRecord request)
    {
        var plan = dice.Plan;
        if (plan.IsNone)
        {
            return;
        }
        if (dice.Hits(plan.TooManyRequests, "429", request))
        {
            throw new ApiStatus(429, "TooManyRequests", "Too many requests, please try again later.") { RetryAfterSeconds = 1 }.Thrown();
        }
        if (dice.Hits(plan.ErrorBefore, "5xx", request))
        {
            throw (dice.Roll("which 5xx") < 0.5
                ? new ApiStatus(500, "InternalError", "Internal error occurred: etcdserver: request timed out")
                : new ApiStatus(503, "ServiceUnavailable", "the server is currently unable to handle the request")).Thrown();
        }
        if (request.Verb is "update" or "patch" && dice.Hits(plan.Conflict, "409", request))
        {
            throw ApiStatus.Modified(new(request.Group, request.Resource), request.Name).Thrown();
        }
    }

    /// <returns>What a write that was done is to be told in the place of its answer: a status, or nothing and a closed connection.</returns>
    public static bool StrikesAfter(FaultDice dice, RequestRecord request, out ApiStatus? told)
    {
        told = null;
        if (dice.Plan.IsNone || !request.IsWrite || !dice.Hits(dice.Plan.ErrorAfter, "after", request))
        {
            return false;
        }
        told = dice.Roll("which after") < 0.5 ? new(504, "Timeout", "Timeout: request did not complete within the allotted timeout") : null;
        return true;
    }
}
