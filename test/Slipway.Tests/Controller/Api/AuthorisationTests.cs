using Slipway.Controller.Api;

namespace Slipway.Tests.Controller.Api;

/// <summary>Goes through the table of routes, whatever will be added to it: with exactly the right one is let in, with all others and not this one one is not.</summary>
public sealed class AuthorisationTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    private static readonly string[] Verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];

    public static TheoryData<string, string> Rows => [.. Routes.All.Where(route => route.Reach != Reach.Open).Select(route => new TheoryDataRow<string, string>(route.Method, route.Path))];

    public static TheoryData<string, string> Guarded => [.. Routes.All.Where(route => route.Right is not null).Select(route => new TheoryDataRow<string, string>(route.Method, route.Path))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task With_exactly_its_right_a_caller_is_let_in(string method, string path)
    {
        var route = Find(method, path);
        var token = route.Right is { } right ? await world.UserAsync(route.Reach == Reach.Cluster ? null : "prod", $"{right.Verb} {right.Target}") : world.Server.AddUser("somebody");
        var reply = await world.SendAsync(method, Fill(path), token);

        // What was asked for may not fit what the Delivery does: then that is said, and not that it is forbidden.
        Assert.True(reply.Code is 200 or 202 or 409, $"{reply.Code} {reply.Text}");
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task With_every_right_but_its_own_a_caller_is_refused_and_told_the_rule(string method, string path)
    {
        var route = Find(method, path);
        var right = route.Right!;
        var others = Routes.All.Select(other => other.Right?.Target).OfType<string>().Distinct().Where(target => target != right.Target).Select(target => $"* {target}");
        var token = await world.UserAsync(null, [.. others, $"{string.Join(',', Verbs.Where(verb => verb != right.Verb))} {right.Target}"]);

        var reply = await world.SendAsync(method, Fill(path), token);

        Assert.Equal((403, "Forbidden"), (reply.Code, reply.Reason));
        Assert.Contains($"may not {right.Verb} {right.Target}", (string)reply.Json["detail"]!, StringComparison.Ordinal);
        Assert.Contains($"resources: [\"{right.Target}\"], verbs: [\"{right.Verb}\"]", (string)reply.Json["wayOut"]!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_right_elsewhere_is_none_here(string method, string path)
    {
        var route = Find(method, path);
        var token = await world.UserAsync("stage", $"{route.Right!.Verb} {route.Right.Target}");
        var reply = await world.SendAsync(method, route.Reach == Reach.Lists ? $"{Fill(path)}?namespace=prod" : Fill(path), token);

        Assert.Equal((403, "Forbidden"), (reply.Code, reply.Reason));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Without_a_good_token_nobody_gets_anything(string method, string path)
    {
        string?[] bad =
        [
            null, "nobodys", world.Server.AddToken("sandbox-admin", ["another-audience"]), world.Server.AddToken("sandbox-admin", [], DateTimeOffset.UnixEpoch), new('x', 17 << 10),
        ];
        foreach (var token in bad)
        {
            var reply = await world.SendAsync(method, Fill(path), token);
            Assert.Equal((401, "Unauthenticated", "Bearer"), (reply.Code, reply.Reason, $"{reply.Answer.Headers.WwwAuthenticate}"));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Headers_that_claim_to_be_somebody_are_not_looked_at(string method, string path)
    {
        (string, string)[] forged =
        [
            ("X-Remote-User", "sandbox-admin"), ("X-Remote-Group", "system:masters"), ("X-Forwarded-User", "sandbox-admin"), ("Impersonate-User", "sandbox-admin"), ("X-Forwarded-For", "127.0.0.1"),
        ];
        var stranger = await world.SendAsync(method, $"{Fill(path)}?token={world.Server.AdminToken}&access_token={world.Server.AdminToken}", null, headers: forged);
        Assert.Equal(401, stranger.Code);

        if (Find(method, path).Right is not null)
        {
            Assert.Equal(403, (await world.SendAsync(method, Fill(path), world.Server.AddUser("powerless"), headers: forged)).Code);
        }
    }

    [Fact]
    public void What_is_open_to_everybody_stands_here_too() => Assert.Equal(
        ["DELETE /api/v1/session", "GET /api/v1/session", "GET /approve/{link}", "GET /login/oidc", "GET /login/oidc/callback", "POST /api/v1/session", "POST /approve/{link}"],
        Routes.All.Where(route => route.Reach == Reach.Open).Select(route => $"{route.Method} {route.Path}").Order());

    [Fact]
    public async Task A_right_on_one_object_is_none_on_another()
    {
        await world.SeedAsync("prod", "named");
        var token = world.Server.AddUser("one-object");
        await world.Any(new("rbac.authorization.k8s.io", "v1", "roles", "Role")).CreateAsync("prod", System.Text.Json.Nodes.JsonNode.Parse(
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"one"},"rules":[{"apiGroups":["slipway.dev"],"resources":["deliveries"],"resourceNames":["named"],"verbs":["get"]}]}""")!.AsObject(), TestContext.Current.CancellationToken);
        await world.Any(new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding")).CreateAsync("prod", System.Text.Json.Nodes.JsonNode.Parse(
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"one"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"one"},"subjects":[{"kind":"User","name":"one-object"}]}""")!.AsObject(), TestContext.Current.CancellationToken);

        Assert.Equal(403, (await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop", token)).Code);
        Assert.NotEqual(403, (await world.GetAsync("/api/v1/namespaces/prod/deliveries/named", token)).Code);
    }

    [Fact]
    public async Task No_token_is_in_any_log()
    {
        var token = await world.UserAsync("prod", "get,list,watch deliveries");
        await world.GetAsync("/api/v1/deliveries", token);
        await world.SendAsync("POST", "/api/v1/namespaces/prod/deliveries/shop/check", token);
        await world.GetAsync("/api/v1/deliveries", "a-token-that-is-nobodys");
        await world.GetAsync($"/api/v1/deliveries?token={token}", token);

        Assert.DoesNotContain(token, world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Server.AdminToken, world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-that-is-nobodys", world.Log, StringComparison.Ordinal);
    }

    private static ApiRoute Find(string method, string path) => Routes.All.Single(route => route.Method == method && route.Path == path);

    private static string Fill(string path) => path.Replace("{ns}", "prod", StringComparison.Ordinal).Replace("{name}", "shop", StringComparison.Ordinal).Replace("{number}", "2", StringComparison.Ordinal);
}
