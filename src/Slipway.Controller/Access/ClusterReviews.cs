using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;

namespace Slipway.Controller.Access;

/// <summary>Asks the API server who somebody is and what they may do. It keeps nothing, and a token is in no message.</summary>
internal sealed class ClusterReviews(ClusterConnection connection)
{
    private readonly ResourceClient<Answer> _tokens = new(connection, new("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", Namespaced: false), Answer.Read);
    private readonly ResourceClient<Answer> _access = new(connection, new("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", Namespaced: false), Answer.Read);

    private sealed record Answer(JsonElement Status)
    {
        // The document is disposed of before the answer is looked at.
        public static Answer Read(JsonElement review) => new((review.TryGetProperty("status", out var status) ? status : default).Clone());
    }

    /// <summary>authentication.k8s.io/v1, TokenReview: null where the token is nobody's, is for others, or has expired.</summary>
    /// <param name="audiences">For whom the token must be; none: the API server's own.</param>
    /// <exception cref="KubeException">The API server has not answered, or not as it promises.</exception>
    public async Task<Caller?> IdentifyAsync(string token, ImmutableArray<string> audiences, CancellationToken cancellationToken)
    {
        var spec = new JsonObject { ["token"] = token };
        if (!audiences.IsEmpty)
        {
            spec["audiences"] = Strings(audiences);
        }

        var status = (await _tokens.CreateAsync(null, Review("authentication.k8s.io/v1", "TokenReview", spec), cancellationToken)).Value.Status;
        if (!Flag(status, "authenticated") || status.Property("user") is not { } user || user.Text("username") is not { Length: > 0 } name)
        {
            return null;
        }

        // "A client that sets spec.audiences should validate that a compatible audience identifier is returned": else the server knows of no audiences.
        if (!audiences.IsEmpty && !Texts(status, "audiences").Any(audiences.Contains))
        {
            return null;
        }

        return new Caller(name, user.Text("uid") ?? "", [.. Texts(user, "groups")], Extra(user));
    }

    /// <summary>authorization.k8s.io/v1, SubjectAccessReview.</summary>
    /// <exception cref="KubeException">The API server has not answered.</exception>
    public async Task<bool> AllowsAsync(Caller caller, Right right, CancellationToken cancellationToken)
    {
        var about = new JsonObject { ["verb"] = right.Verb, ["group"] = ApiNames.Group, ["version"] = ApiNames.Version, ["resource"] = right.Resource };
        Set(about, "subresource", right.Subresource);
        Set(about, "namespace", right.Namespace);
        Set(about, "name", right.Name);
        var spec = new JsonObject { ["user"] = caller.Name, ["groups"] = Strings(caller.Groups), ["resourceAttributes"] = about };
        Set(spec, "uid", caller.Uid);
        if (caller.Extra.Count > 0)
        {
            spec["extra"] = new JsonObject(caller.Extra.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Strings(pair.Value))));
        }

        var status = (await _access.CreateAsync(null, Review("authorization.k8s.io/v1", "SubjectAccessReview", spec), cancellationToken)).Value.Status;
        return Flag(status, "allowed") && !Flag(status, "denied");
    }

    private static JsonObject Review(string apiVersion, string kind, JsonObject spec) => new() { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = new JsonObject(), ["spec"] = spec };

    private static bool Flag(JsonElement json, string field) => json.Property(field) is { ValueKind: JsonValueKind.True };

    private static void Set(JsonObject json, string field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json[field] = text;
        }
    }

    private static JsonArray Strings(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static IEnumerable<string> Texts(JsonElement json, string field) =>
        json.Property(field) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(text => text.GetString()).OfType<string>() : [];

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Extra(JsonElement user) =>
        user.Property("extra") is { ValueKind: JsonValueKind.Object } extra
            ? extra.EnumerateObject().ToImmutableSortedDictionary(field => field.Name, field => field.Value.EnumerateArray().Select(text => text.GetString()).OfType<string>().ToImmutableArray(), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;
}
