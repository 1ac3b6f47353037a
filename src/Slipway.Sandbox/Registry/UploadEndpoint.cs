using System.Globalization;

namespace Slipway.Sandbox.Registry;

/// <summary>
/// <c>/v2/NAME/blobs/uploads/</c> (OCI distribution spec 1.1, "Pushing blobs"): in one piece, in chunks, or by mounting what another
/// repository has. Of open sessions only the newest are kept.
/// </summary>
internal sealed class UploadEndpoint(RegistryContent content, SandboxRegistryOptions options)
{
    private const int MaxSessions = 256;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _opened;

    public RegistryAnswer Answer(RegistryRequest request, RegistryRoute.Upload route)
    {
        if (route.Session is not { } id)
        {
            return request.Method == "POST" ? Start(request, route) : RegistryError.Unsupported(request.Method);
        }

        lock (_gate)
        {
            return _sessions.TryGetValue(id, out var session) && session.Repository == route.Name
                ? Continue(request, route, id, session)
                : RegistryError.BlobUploadUnknown(id);
        }
    }

    private RegistryAnswer Start(RegistryRequest request, RegistryRoute.Upload route)
    {
        if (request.Parameter("mount") is { } wanted && request.Parameter("from") is { } from && content.MountBlob(from, route.Name, wanted))
        {
            return Created(request, route, wanted, RegistryEvent.OfBlob("mount", route.Name, wanted, content.FindBlob(route.Name, wanted)?.Length ?? 0));
        }

        if (request.Parameter("digest") is { } digest)
        {
            return Store(request, route, digest, request.Body);
        }

        return Accepted(request, route, Open(route.Name), 0, 202);
    }

    private string Open(string repository)
    {
        lock (_gate)
        {
            if (_sessions.Count >= MaxSessions)
            {
                _sessions.Remove(_sessions.First().Key);
            }

            // Ordered by their number, so that the first is the oldest.
            var id = string.Create(CultureInfo.InvariantCulture, $"{_opened++:x8}-{options.Seed:x8}");
            _sessions[id] = new Session(repository);
            return id;
        }
    }

    private RegistryAnswer Continue(RegistryRequest request, RegistryRoute.Upload route, string id, Session session)
    {
        switch (request.Method)
        {
            case "GET":
                return Accepted(request, route, id, session.Bytes.Length, 204);
            case "DELETE":
                _sessions.Remove(id);
                return new RegistryAnswer(204);
            case "PATCH" when session.Refuses(request) is { } why:
                return RegistryError.BlobUploadOutOfOrder(why).With("Range", RangeOf(session.Bytes.Length));
            case "PATCH":
                session.Bytes.Write(request.Body.Span);
                return Accepted(request, route, id, session.Bytes.Length, 202);
            case "PUT" when request.Parameter("digest") is { } digest:
                session.Bytes.Write(request.Body.Span);
                _sessions.Remove(id);
                return Store(request, route, digest, session.Bytes.ToArray());
            case "PUT":
                return RegistryError.DigestInvalid("digest missing");
            default:
                return RegistryError.Unsupported(request.Method);
        }
    }

    private RegistryAnswer Store(RegistryRequest request, RegistryRoute.Upload route, string digest, ReadOnlyMemory<byte> bytes)
    {
        if (ContentDigest.Of(bytes.Span) is var actual && actual != digest)
        {
            return RegistryError.DigestInvalid($"content is {actual}");
        }

        content.PutBlob(route.Name, bytes);
        return Created(request, route, digest, RegistryEvent.OfBlob("push", route.Name, digest, bytes.Length));
    }

    private static RegistryAnswer Created(RegistryRequest request, RegistryRoute.Upload route, string digest, RegistryEvent happened) =>
        new RegistryAnswer(201) { Events = [happened] }
            .With("Location", $"http://{request.Host}/v2/{route.Name}/blobs/{digest}")
            .With("Docker-Content-Digest", digest);

    private static RegistryAnswer Accepted(RegistryRequest request, RegistryRoute.Upload route, string id, long received, int status) =>
        new RegistryAnswer(status)
            .With("Location", $"http://{request.Host}/v2/{route.Name}/blobs/uploads/{id}")
            .With("Docker-Upload-UUID", id)
            .With("Range", RangeOf(received));

    private static string RangeOf(long received) => string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, received - 1)}");

    private sealed record Session(string Repository)
    {
        public MemoryStream Bytes { get; } = new();

        /// <returns>Why this chunk does not continue what is there; null when it does.</returns>
        public string? Refuses(RegistryRequest request) =>
            request.Header("Content-Range") is { } range && !range.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{Bytes.Length}-"), StringComparison.Ordinal)
                ? $"chunk {range} does not start at {Bytes.Length}"
                : null;
    }
}
