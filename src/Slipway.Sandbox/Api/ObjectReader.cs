using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>GET of one object and of lists.</summary>
internal sealed class ObjectReader(ObjectStore store)
{
    public Task GetAsync(ApiRequest request)
    {
        var representation = Negotiation.Of(request.Http.Request);
        var stored = store.FindStored(request.Key) ?? throw ApiStatus.NotFound(request.Resource.Resource, request.Path.Name).Thrown();
        return WriteAsync(request, stored, representation);
    }

    public Task WriteAsync(ApiRequest request, StoredObject stored, Representation representation, int code = 200)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        switch (representation)
        {
            case Representation.Table:
                body.Write(JsonTree.ToUtf8(Table.Of(request.Resource, [stored], store.Time.GetUtcNow(), request.Query("includeObject"))));
                break;
            case Representation.Metadata:
                body.Write(JsonTree.ToUtf8(PartialMetadata.Of(stored.Value)));
                break;
            default:
                ResponseJson.Append(body, request.Resource, stored);
                break;
        }
        return ResponseJson.WriteAsync(request.Http, body, code);
    }

    public Task ListAsync(ApiRequest request)
    {
        var representation = Negotiation.Of(request.Http.Request);
        var page = ReadPage(request, ObjectFilter.Of(request));
        switch (representation)
        {
            case Representation.Table:
                var table = Table.Of(request.Resource, page.Objects, store.Time.GetUtcNow(), request.Query("includeObject"));
                table["metadata"] = page.Metadata();
                return ResponseJson.WriteAsync(request.Http, table);
            case Representation.Metadata:
                return ResponseJson.WriteAsync(request.Http, new JsonObject
                {
                    ["kind"] = "PartialObjectMetadataList",
                    ["apiVersion"] = "meta.k8s.io/v1",
                    ["metadata"] = page.Metadata(),
                    ["items"] = new JsonArray([.. page.Objects.Select(stored => PartialMetadata.Of(stored.Value))]),
                });
            default:
                return ResponseJson.WriteAsync(request.Http, Body(request.Resource, page));
        }
    }

    private static ArrayBufferWriter<byte> Body(ResourceDefinition resource, Page page)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        ResponseJson.Append(body,
            $"{{\"kind\":\"{resource.ListKind}\",\"apiVersion\":\"{resource.ApiVersion}\",\"metadata\":{page.Metadata().ToJsonString()},\"items\":[");
        var first = true;
        foreach (var stored in page.Objects)
        {
            if (!first)
            {
                body.Write(","u8);
            }
            first = false;
            ResponseJson.AppendItem(body, resource, stored);
        }
        body.Write("]}"u8);
        return body;
    }

    private Page ReadPage(ApiRequest request, ObjectFilter filter)
    {
        var limit = request.Number("limit") is > 0 and var asked ? asked : long.MaxValue;
        var next = request.Query("continue") is { Length: > 0 } token ? ContinueToken.Parse(token) : null;
        var listing = Listing(request, next, keep: limit < long.MaxValue);
        List<StoredObject> found = [];
        var remaining = 0L;
        foreach (var stored in listing.Objects)
        {
            if ((next is null || next.IsAfter(stored.Key)) && (filter.IsEverything || filter.Matches(stored.Value)))
            {
                if (found.Count < limit)
                {
                    found.Add(stored);
                }
                else
                {
                    remaining++;
                }
            }
        }
        var more = remaining > 0 ? new ContinueToken(listing.Version, found[^1].Key.Namespace, found[^1].Key.Name).ToString() : "";
        return new(listing.Version, [.. found], more, filter.IsEverything ? remaining : 0);
    }

    private Listing Listing(ApiRequest request, ContinueToken? next, bool keep)
    {
        var version = VersionQuery.Read(request);
        if (next is not null)
        {
            if (version is > 0)
            {
                throw ApiStatus.BadRequest("specifying resource version is not allowed when using continue").Thrown();
            }
            return store.ListAt(request.Resource.Storage, request.Scope, next.Version) ?? throw TooOldToContinue(next).Thrown();
        }
        var exact = VersionQuery.IsExact(request, version);
        VersionQuery.RequireReached(version ?? 0, store.Version);
        if (exact)
        {
            return store.ListAt(request.Resource.Storage, request.Scope, version!.Value)
                ?? throw ApiStatus.Expired($"The resourceVersion for the provided list is too old: {version}").Thrown();
        }
        return keep ? store.ListKept(request.Resource.Storage, request.Scope) : store.List(request.Resource.Storage, request.Scope);
    }

    private ApiStatus TooOldToContinue(ContinueToken next) => ApiStatus.Expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, "
        + "or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent "
        + "list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.") with
    {
        Continue = (next with { Version = store.Version }).ToString(),
    };

    private sealed record Page(long Version, ImmutableArray<StoredObject> Objects, string Continue, long Remaining)
    {
        public JsonObject Metadata()
        {
            var metadata = new JsonObject { ["resourceVersion"] = Version.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            if (Continue.Length > 0)
            {
                metadata["continue"] = Continue;
            }
            if (Remaining > 0)
            {
                metadata["remainingItemCount"] = Remaining;
            }
            return metadata;
        }
    }
}
