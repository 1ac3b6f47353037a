using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Tests.Kube;

namespace Slipway.Tests.Leadership;

/// <summary>One Lease, written by compare-and-swap on its resourceVersion, over HTTP.</summary>
public sealed class LeaseServer
{
    private readonly Lock _gate = new();
    private JsonObject? _lease;
    private int _version;

    /// <summary>Does something else instead of answering; returns whether it did.</summary>
    public Func<HttpContext, SeenRequest, Task<bool>> Fault { get; set; } = (_, _) => Task.FromResult(false);

    public string? Holder
    {
        get
        {
            lock (_gate)
            {
                return (string?)_lease?["spec"]?["holderIdentity"];
            }
        }
    }

    public JsonObject? Spec
    {
        get
        {
            lock (_gate)
            {
                return _lease?["spec"]?.DeepClone().AsObject();
            }
        }
    }

    public void Write(string holder, int duration = 15)
    {
        lock (_gate)
        {
            _lease = Stamp(new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "controller", ["namespace"] = "slipway" },
                ["spec"] = new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = duration, ["renewTime"] = $"r{_version}", ["leaseTransitions"] = 3 },
            });
        }
    }

    public async Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        if (!await Fault(context, request))
        {
            var (code, body) = Do(request);
            await context.JsonAsync(body, code);
        }
    }

    private (int Code, string Body) Do(SeenRequest request)
    {
        lock (_gate)
        {
            var body = request.Body.Length > 0 ? JsonNode.Parse(request.Body)!.AsObject() : null;
            switch (request.Method)
            {
                case "GET" when _lease is null:
                    return (404, Answers.Status(404, "NotFound", "no lease"));
                case "POST" when _lease is not null:
                    return (409, Answers.Status(409, "AlreadyExists", "there is one"));
                case "PATCH" when Version(_lease) != Version(body):
                    return (409, Answers.Status(409, "Conflict", "another was first"));
                case "POST":
                    _lease = Stamp(body!);
                    break;
                case "PATCH":
                    var next = _lease!.DeepClone().AsObject();
                    next["spec"] = body!["spec"]!.DeepClone();
                    _lease = Stamp(next);
                    break;
            }

            return (200, _lease!.ToJsonString());
        }
    }

    private static string? Version(JsonObject? lease) => (string?)lease?["metadata"]?["resourceVersion"];

    private JsonObject Stamp(JsonObject lease)
    {
        lease["metadata"]!["resourceVersion"] = $"{++_version}";
        return lease;
    }
}
