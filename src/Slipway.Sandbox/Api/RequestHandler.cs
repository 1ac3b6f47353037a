using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Takes a request from its path to its answer: who asks, may they, what goes wrong, who serves it.</summary>
internal sealed class RequestHandler
{
    private readonly ObjectStore _store;
    private readonly AccessRules _access;
    private readonly ResourceHandler _resources;
    private readonly Discovery _discovery;
    private readonly OpenApi _openApi;
    private readonly KubernetesRelease _release;

    public RequestHandler(ObjectStore store, ApiServerOptions options, CancellationToken stopping)
    {
        (_store, _access, _release) = (store, new(store), options.Release);
        Tokens = new(store);
        CustomResources = new(store);
        _resources = new(store, options, Tokens, _access, stopping);
        _discovery = new(store.Resources, aggregates: options.Release is KubernetesRelease.Current);
        _openApi = new(store.Resources);
    }

    public Tokens Tokens { get; }

    public CustomResources CustomResources { get; }

    public RequestLog Log { get; } = new();

    public FaultDice Dice { get; set; } = new(FaultPlan.None);

    public async Task HandleAsync(HttpContext http)
    {
        var record = new RequestRecord(_store.Time.GetUtcNow(), "", http.Request.Method.ToLowerInvariant(), "", "", "", null, "", 0);
        try
        {
            var user = Authenticate(http);
            record = record with { User = user.Name };
            await ServeAsync(http, user, described => record = described);
        }
        catch (StatusException e)
        {
            await RefuseAsync(http, e.Status);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(http, ApiStatus.BadRequest(e.Message) with { Code = e.StatusCode });
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        finally
        {
            if (record.Verb != "watch")
            {
                Log.Add(record with { Code = http.Response.StatusCode });
            }
        }
    }

    private static Task RefuseAsync(HttpContext http, ApiStatus status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }
        return ResponseJson.WriteAsync(http, status);
    }

    private async Task ServeAsync(HttpContext http, Identity user, Action<RequestRecord> describe)
    {
        var path = ResourcePath.TryParse(http.Request.Path.Value ?? "");
        if (path is null)
        {
            await ServeDocumentAsync(http, user);
            return;
        }
        var verb = VerbOf(http, path);
        var record = new RequestRecord(_store.Time.GetUtcNow(), user.Name, verb, path.Group, path.Plural, path.Subresource, path.Namespace, path.Name, 0);
        describe(record);
        if (verb == "watch")
        {
            // It is counted when it begins: how long it lasts is nobody's business.
            Log.Add(record with { Code = 200 });
        }
        var question = new AccessQuestion(verb, path.Group, path.Plural, path.Subresource, path.Namespace, path.Name);
        if (!_access.Allows(user, question))
        {
            throw ApiStatus.Forbidden(new(path.Group, path.Plural), path.Name, AccessRules.Refusal(user, question)).Thrown();
        }
        var resource = _store.Resources.Find(path.Group, path.Version, path.Plural) ?? throw NoSuchPath().Thrown();
        RequestFaults.StrikeBefore(Dice, record);
        await _resources.ServeAsync(new(http, path, resource, user), verb, Dice, record);
    }

    private async Task ServeDocumentAsync(HttpContext http, Identity user)
    {
        var path = http.Request.Path.Value ?? "/";
        switch (path)
        {
            case "/healthz" or "/livez" or "/readyz":
                http.Response.ContentType = "text/plain; charset=utf-8";
                await http.Response.WriteAsync("ok", http.RequestAborted);
                return;
            case "/version":
                await ResponseJson.WriteAsync(http, ServerVersion.Of(_release));
                return;
        }
        if (user == Identity.Anonymous)
        {
            var question = new AccessQuestion(http.Request.Method.ToLowerInvariant(), "", "", "", null, "", path);
            throw new ApiStatus(403, "Forbidden", $"forbidden: {AccessRules.Refusal(user, question)}").Thrown();
        }
        if (_discovery.Find(http.Request, out var contentType) is { } document)
        {
            await ResponseJson.WriteAsync(http, document, contentType: contentType);
            return;
        }
        await ResponseJson.WriteAsync(http, _openApi.Find(path) ?? throw NoSuchPath().Thrown());
    }

    private Identity Authenticate(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            return Identity.Anonymous;
        }
        return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && Tokens.Find(authorization["Bearer ".Length..].Trim()) is { } user
            ? user
            : throw new ApiStatus(401, "Unauthorized", "Unauthorized").Thrown();
    }

    private static string VerbOf(HttpContext http, ResourcePath path) => (http.Request.Method, path.Name.Length > 0) switch
    {
        ("GET", _) when http.Request.Query["watch"].ToString() is "true" or "1" => "watch",
        ("GET" or "HEAD", true) => "get",
        ("GET" or "HEAD", false) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "delete",
        ("DELETE", false) => "deletecollection",
        _ => throw ApiStatus.MethodNotAllowed(http.Request.Method).Thrown(),
    };

    private static ApiStatus NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource");
}
