using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Serves a request for objects by its verb.</summary>
internal sealed class ResourceHandler
{
    private readonly ObjectStore _store;
    private readonly ObjectReader _reader;
    private readonly ObjectWriter _writer;
    private readonly ObjectDeleter _deleter;
    private readonly ScaleSubresource _scale;
    private readonly Subresources _subresources;
    private readonly Reviews _reviews;
    private readonly TimeSpan _bookmarkInterval;
    private readonly CancellationToken _stopping;

    public ResourceHandler(ObjectStore store, ApiServerOptions options, Tokens tokens, AccessRules access, CancellationToken stopping)
    {
        (_store, _bookmarkInterval, _stopping) = (store, options.BookmarkInterval, stopping);
        _reader = new(store);
        _writer = new(store, _reader);
        _deleter = new(store, _reader);
        _scale = new(store, _writer);
        _subresources = new(store, _reader, tokens, options.PodLog);
        _reviews = new(tokens, access);
    }

    public async Task ServeAsync(ApiRequest request, string verb, FaultDice dice, RequestRecord record)
    {
        if (verb == "watch")
        {
            await new WatchStream(_store, request, new(dice, record), _bookmarkInterval, _stopping).RunAsync();
            return;
        }
        if (!RequestFaults.StrikesAfter(dice, record, out var told))
        {
            await ServeAsync(request, verb);
            return;
        }
        // The write is done; its answer goes nowhere.
        var body = request.Http.Response.Body;
        request.Http.Response.Body = Stream.Null;
        await ServeAsync(request, verb);
        request.Http.Response.Body = body;
        request.Http.Response.ContentLength = null;
        if (told is null)
        {
            request.Http.Abort();
            return;
        }
        await ResponseJson.WriteAsync(request.Http, told);
    }

    private Task ServeAsync(ApiRequest request, string verb)
    {
        if (request.Resource.CreateOnly)
        {
            return verb == "create" ? _reviews.AnswerAsync(request) : throw ApiStatus.MethodNotAllowed(verb).Thrown();
        }
        if (request.Path.Subresource.Length > 0)
        {
            return ServeSubresourceAsync(request, verb);
        }
        return verb switch
        {
            "get" => _reader.GetAsync(request),
            "list" => _reader.ListAsync(request),
            "create" => _writer.CreateAsync(request),
            "update" => Named(request, _writer.ReplaceAsync),
            "patch" => Named(request, _writer.PatchAsync),
            "delete" => _deleter.DeleteAsync(request),
            "deletecollection" => _deleter.DeleteAllAsync(request),
            _ => throw ApiStatus.MethodNotAllowed(verb).Thrown(),
        };
    }

    private async Task ServeSubresourceAsync(ApiRequest request, string verb)
    {
        var resource = request.Resource;
        switch (request.Path.Subresource, verb)
        {
            case ("status", "get") when resource.HasStatus:
                await _reader.GetAsync(request);
                return;
            case ("status", "update") when resource.HasStatus:
                await _writer.ReplaceAsync(request);
                return;
            case ("status", "patch") when resource.HasStatus:
                await _writer.PatchAsync(request);
                return;
            case ("scale", "get") when resource.Scale is not null:
                await _scale.GetAsync(request);
                return;
            case ("scale", "update" or "patch") when resource.Scale is not null:
                await _scale.WriteAsync(request);
                return;
        }
        if (!await _subresources.TryServeAsync(request))
        {
            throw new ApiStatus(404, "NotFound", "the server could not find the requested resource").Thrown();
        }
    }

    private static Task Named(ApiRequest request, Func<ApiRequest, Task> serve) =>
        request.Path.Name.Length > 0 && (!request.Resource.Namespaced || request.Path.Namespace is not null)
            ? serve(request)
            : throw ApiStatus.MethodNotAllowed(request.Http.Request.Method).Thrown();
}
