using Microsoft.AspNetCore.Http;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>In which form a client wants objects ("Alternate representations of resources" of the Kubernetes API concepts).</summary>
internal enum Representation
{
    Whole,

    /// <summary>Rows for people, as <c>kubectl get</c> asks for.</summary>
    Table,

    /// <summary>The metadata alone, of one object or of a list.</summary>
    Metadata,
}

internal static class Negotiation
{
    /// <exception cref="StatusException">NotAcceptable, when the client wants what is not JSON.</exception>
    public static Representation Of(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0)
        {
            return Representation.Whole;
        }
        foreach (var clause in accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = clause.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "application/*" or "*/*"))
            {
                continue;
            }
            switch (Array.Find(parts, part => part.StartsWith("as=", StringComparison.Ordinal)))
            {
                case null:
                    return Representation.Whole;
                case "as=Table" when parts.Contains("v=v1"):
                    return Representation.Table;
                case "as=PartialObjectMetadata" or "as=PartialObjectMetadataList" when parts.Contains("v=v1"):
                    return Representation.Metadata;
            }
        }
        throw new ApiStatus(406, "NotAcceptable", "only the following media types are accepted: application/json").Thrown();
    }
}
