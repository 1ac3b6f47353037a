using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

/// <summary>TokenReview and SubjectAccessReview as the API server answers them (authentication.k8s.io/v1, authorization.k8s.io/v1).</summary>
public sealed class ReviewTests
{
    private static readonly DateTimeOffset Past = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_token_is_answered_for_with_its_user_and_audience()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var status = await TokenAsync(sandbox, sandbox.Server.AddUser("jane", "team"));

        Assert.Equal(("jane", "true"), (status.Text("user", "username"), $"{status["authenticated"]}"));
        Assert.Contains("team", status["user"]!["groups"]!.AsArray().Select(group => (string?)group));
        Assert.Equal(["https://kubernetes.default.svc"], status["audiences"]!.AsArray().Select(audience => (string)audience!));
    }

    [Fact]
    public async Task A_token_for_others_is_nobodys_here()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var token = sandbox.Server.AddToken("jane", ["slipway"]);

        Assert.Null((await TokenAsync(sandbox, token))["authenticated"]);
        Assert.Null((await TokenAsync(sandbox, token, "other"))["authenticated"]);
        Assert.Equal(["slipway"], (await TokenAsync(sandbox, token, "slipway", "other"))["audiences"]!.AsArray().Select(audience => (string)audience!));
    }

    [Fact]
    public async Task A_token_ends_with_its_time_or_when_it_is_taken_back()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var token = sandbox.Server.AddUser("jane");
        sandbox.Server.RevokeToken(token);

        Assert.Null((await TokenAsync(sandbox, token))["authenticated"]);
        Assert.Null((await TokenAsync(sandbox, sandbox.Server.AddToken("jane", [], Past)))["authenticated"]);
    }

    [Theory]
    [InlineData("jane", "approve", true)]
    [InlineData("jane", "promote", false)]
    [InlineData("jane", "", false)]
    [InlineData("john", "approve", false)]
    public async Task Access_is_reviewed_by_the_roles_down_to_a_subresource_that_is_none(string user, string subresource, bool allowed)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.PostAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"r"},"rules":[{"apiGroups":["slipway.dev"],"resources":["deliveries/approve"],"verbs":["update"]}]}""");
        await sandbox.PostAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"r"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"jane"}]}""");

        var (code, body) = await AccessAsync(sandbox, $$$"""{"user":"{{{user}}}","resourceAttributes":{"verb":"update","group":"slipway.dev","resource":"deliveries","subresource":"{{{subresource}}}","namespace":"default","name":"shop"}}""");

        Assert.Equal((201, allowed), (code, (bool)body["status"]!["allowed"]!));
    }

    [Fact]
    public async Task A_review_of_nobody_is_refused()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(422, (await AccessAsync(sandbox, """{"resourceAttributes":{"verb":"get","resource":"pods"}}""")).Code);
    }

    private static Task<(int Code, JsonObject Body)> AccessAsync(SandboxFixture sandbox, string spec) =>
        sandbox.PostAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", $$$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{{{spec}}}}""");

    private static async Task<JsonObject> TokenAsync(SandboxFixture sandbox, string token, params string[] audiences)
    {
        var spec = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray([.. audiences.Select(audience => (JsonNode?)audience)]) };
        var (code, body) = await sandbox.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{{{spec.ToJsonString()}}}}""");
        Assert.Equal(201, code);
        return body["status"]!.AsObject();
    }
}
