namespace Slipway.Sandbox.Registry;

/// <summary>What happens to a request between the wire and the content: name check, guard, rate limit, endpoint.</summary>
internal sealed class RegistryPipeline(RegistryContent content, SandboxRegistryOptions options)
{
    private readonly RegistryGuard _guard = new(options.Auth, options.Time, options.Seed);
    private readonly RateLimiter? _limiter = options.RateLimit is { } limit ? new RateLimiter(limit, options.Time) : null;
    private readonly ManifestEndpoint _manifests = new(content, options);
    private readonly BlobEndpoint _blobs = new(content);
    private readonly UploadEndpoint _uploads = new(content, options);
    private readonly ListEndpoints _lists = new(content, options);

    public (RegistryAnswer Answer, string User) Answer(RegistryRequest request)
    {
        if (request.Route is RegistryRoute.Token)
        {
            return (_guard.AnswerToken(request), "");
        }

        if (request.Route.Repository is { } name && !RegistryRoute.IsName(name))
        {
            return (RegistryError.NameInvalid(name), "");
        }

        var verdict = _guard.Check(request);
        if (verdict.Refusal is not null || _limiter is null)
        {
            return (verdict.Refusal ?? Dispatch(request), verdict.User);
        }

        var answer = _limiter.Admit(request, verdict.User) ?? Dispatch(request);
        return (_limiter.Describe(request, verdict.User, answer), verdict.User);
    }

    public string Challenge(RegistryRequest request) => _guard.Challenge(request);

    private RegistryAnswer Dispatch(RegistryRequest request) => request.Route switch
    {
        RegistryRoute.Manifest manifest => _manifests.Answer(request, manifest),
        RegistryRoute.Blob blob => _blobs.Answer(request, blob),
        RegistryRoute.Upload upload => _uploads.Answer(request, upload),
        _ when !request.Reads => RegistryError.Unsupported(request.Method),
        RegistryRoute.Ping => RegistryAnswer.Json(200, new System.Text.Json.Nodes.JsonObject()),
        RegistryRoute.Tags tags => _lists.Tags(request, tags),
        RegistryRoute.Catalog => _lists.Catalog(request),
        RegistryRoute.Referrers referrers => _lists.Referrers(request, referrers),
        _ => RegistryError.PageNotFound(),
    };
}
