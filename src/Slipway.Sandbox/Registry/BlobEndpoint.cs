using System.Globalization;
using System.Net.Http.Headers;

namespace Slipway.Sandbox.Registry;

/// <summary><c>/v2/NAME/blobs/DIGEST</c> (OCI distribution spec 1.1, "Pulling blobs", "Deleting Blobs").</summary>
internal sealed class BlobEndpoint(RegistryContent content)
{
    public RegistryAnswer Answer(RegistryRequest request, RegistryRoute.Blob route)
    {
        if (!ContentDigest.IsDigest(route.Digest))
        {
            return RegistryError.DigestInvalid(route.Digest);
        }

        if (content.FindBlob(route.Name, route.Digest) is not { } blob)
        {
            return RegistryError.BlobUnknown(route.Digest);
        }

        if (request.Method == "DELETE")
        {
            content.DeleteBlob(route.Name, route.Digest);
            return new RegistryAnswer(202).With("Docker-Content-Digest", route.Digest);
        }

        return request.Reads ? Get(request, route, blob) : RegistryError.Unsupported(request.Method);
    }

    private static RegistryAnswer Get(RegistryRequest request, RegistryRoute.Blob route, ReadOnlyMemory<byte> blob)
    {
        var pulled = RegistryEvent.OfBlob("pull", route.Name, route.Digest, blob.Length);
        var whole = new RegistryAnswer(200) { Body = blob, ContentType = "application/octet-stream", Events = [pulled] }
            .With("Docker-Content-Digest", route.Digest)
            .With("ETag", $"\"{route.Digest}\"")
            .With("Accept-Ranges", "bytes");

        return request.Header("Range") is { } range ? Part(whole, range) : whole;
    }

    /// <summary>RFC 9110, 14.2: a range that cannot be read is ignored, one beyond the end is refused.</summary>
    private static RegistryAnswer Part(RegistryAnswer whole, string header)
    {
        if (!RangeHeaderValue.TryParse(header, out var parsed) || parsed is not { Unit: "bytes", Ranges: { Count: 1 } ranges })
        {
            return whole;
        }

        var length = whole.Body.Length;
        var asked = ranges.First();
        var from = asked.From ?? Math.Max(0, length - asked.To!.Value);
        var to = asked.From is null ? length - 1 : Math.Min(asked.To ?? long.MaxValue, length - 1);
        return from > to
            ? new RegistryAnswer(416).With("Content-Range", $"bytes */{length}")
            : (whole with { Status = 206, Body = whole.Body[(int)from..(int)(to + 1)] })
                .With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{length}"));
    }
}
