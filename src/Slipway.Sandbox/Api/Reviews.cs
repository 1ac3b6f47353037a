using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Kinds that answer a question and are not kept: TokenReview and the access reviews.</summary>
internal sealed class Reviews(Tokens tokens, AccessRules access)
{
    public async Task AnswerAsync(ApiRequest request)
    {
        var review = Admission.Decode(request, await RequestBody.ReadAsync(request.Http));
        Admission.Prune(request, review);
        review["status"] = request.Resource.Kind == "TokenReview" ? TokenStatus(review) : AccessStatus(request, review);
        await ResponseJson.WriteAsync(request.Http, review, 201);
    }

    // As the API server, that answers for its own audience where the review names none, and tells in any case for which it has answered
    // (authentication.k8s.io/v1, TokenReviewStatus.audiences).
    private JsonObject TokenStatus(JsonObject review)
    {
        ImmutableArray<string> wanted = [.. (review.Section("spec")?["audiences"] as JsonArray ?? []).Select(JsonFields.AsText).OfType<string>()];
        if (tokens.Find(review.Text("spec", "token"), wanted.IsEmpty ? [Tokens.DefaultAudience] : wanted) is not var (user, audiences))
        {
            return new() { ["user"] = new JsonObject(), ["error"] = "the token is nobody's, is for others, or has expired" };
        }
        var json = new JsonObject { ["username"] = user.Name, ["groups"] = new JsonArray([.. user.Groups.Select(group => JsonValue.Create(group))]) };
        if (user.Uid.Length > 0)
        {
            json["uid"] = user.Uid;
        }
        return new() { ["authenticated"] = true, ["user"] = json, ["audiences"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]) };
    }

    private JsonObject AccessStatus(ApiRequest request, JsonObject review)
    {
        var spec = review.Section("spec") ?? [];
        var (about, path) = (spec.Section("resourceAttributes"), spec.Section("nonResourceAttributes"));
        if ((about is null) == (path is null))
        {
            var why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
            throw ApiStatus.Invalid(request.Resource, "", new StatusCause("FieldValueInvalid", $"Invalid value: {why}", "spec.resourceAttributes")).Thrown();
        }
        if (request.Resource.Kind != "SelfSubjectAccessReview" && spec.Text("user").Length == 0 && (spec["groups"] as JsonArray ?? []).Count == 0)
        {
            throw ApiStatus.Invalid(request.Resource, "", new StatusCause("FieldValueInvalid", "Invalid value: at least one of user or group must be specified", "spec.user")).Thrown();
        }
        var question = about is not null
            ? new AccessQuestion(about.Text("verb"), about.Text("group"), about.Text("resource"), about.Text("subresource"), about.Text("namespace"),
                about.Text("name"))
            : new AccessQuestion(path!.Text("verb"), "", "", "", null, "", path!.Text("path"));
        var allowed = access.Allows(UserOf(request, spec), question);
        return allowed ? new() { ["allowed"] = true } : new() { ["allowed"] = false, ["reason"] = "no role that is bound to the user permits it" };
    }

    private static Identity UserOf(ApiRequest request, JsonObject spec) => request.Resource.Kind == "SelfSubjectAccessReview"
        ? request.User
        : new(spec.Text("user"), [.. (spec["groups"] as JsonArray ?? []).Select(JsonFields.AsText).OfType<string>()]);
}
