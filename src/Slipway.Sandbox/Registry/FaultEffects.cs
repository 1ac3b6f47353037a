using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>What a fault makes of an answer. Those that need the wire itself (stalling, slow, truncated) are done where it is written.</summary>
internal static class FaultEffects
{
    /// <returns>The answer in place of the right one; null where the right one is needed first.</returns>
    public static RegistryAnswer? Before(RegistryFault? fault, RegistryRequest request, Func<string> challenge) => fault switch
    {
        RegistryFault.Unauthorized => RegistryError.Unauthorized(challenge()),
        RegistryFault.ForeignRealm foreign => RegistryError.Unauthorized(
            $"Bearer realm=\"{foreign.Realm}\",service=\"elsewhere\",scope=\"{string.Join(' ', AccessScope.RequiredBy(request))}\""),
        RegistryFault.Failing { RetryAfter: { } wait } failing => RegistryError.Of(failing.Status, "UNKNOWN", "unknown error")
            .With("Retry-After", ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        RegistryFault.Failing failing => RegistryError.Of(failing.Status, "UNKNOWN", "unknown error"),
        RegistryFault.Redirecting redirecting => new RegistryAnswer(307).With("Location", redirecting.To.ToString()),
        RegistryFault.EndlessPages endless => EndlessPage(endless, request),
        RegistryFault.Garbage garbage => new RegistryAnswer(200) { Body = Encoding.UTF8.GetBytes(garbage.Body), ContentType = "application/json" },
        _ => null,
    };

    public static RegistryAnswer After(RegistryFault? fault, RegistryRequest request, RegistryAnswer answer) => fault switch
    {
        RegistryFault.WrongBytes when !answer.Body.IsEmpty => answer with { Body = Changed(answer.Body) },
        RegistryFault.WrongDigestHeader when answer.Header("Docker-Content-Digest") is not null => answer with
        {
            Headers = [.. answer.Headers.Where(header => header.Key != "Docker-Content-Digest"), new("Docker-Content-Digest", ContentDigest.Of("another"u8))],
        },
        RegistryFault.HugeManifest huge when request.Route.Kind == RequestKind.Manifest => answer with { Body = BlownUp(answer.Body, huge.Bytes) },
        RegistryFault.SelfLinkedPage => answer.With("Link", $"<{request.Path}>; rel=\"next\""),
        _ => answer,
    };

    private static byte[] Changed(ReadOnlyMemory<byte> body)
    {
        // A space behind the end: still the same JSON, no longer the same bytes.
        return [.. body.Span, (byte)' '];
    }

    private static byte[] BlownUp(ReadOnlyMemory<byte> body, int size)
    {
        var blown = new byte[Math.Max(size, body.Length)];
        blown.AsSpan().Fill((byte)' ');
        body.Span.CopyTo(blown);
        return blown;
    }

    private static RegistryAnswer EndlessPage(RegistryFault.EndlessPages fault, RegistryRequest request)
    {
        var last = request.Parameter("last") ?? "";
        var first = int.TryParse(last.Replace("page-", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number + 1 : 0;
        var names = Enumerable.Range(first, fault.PerPage).Select(n => string.Create(CultureInfo.InvariantCulture, $"page-{n:d9}")).ToArray();
        return RegistryAnswer
            .Json(200, new JsonObject { ["name"] = request.Route.Repository ?? "", ["tags"] = new JsonArray([.. names.Select(JsonNode (name) => name)]) })
            .With("Link", ListEndpoints.NextLink(request.Path, fault.PerPage, names[^1]));
    }
}
