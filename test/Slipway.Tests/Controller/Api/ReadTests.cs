using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Controller.Api;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Controller.Api;

public sealed class ReadTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    [Fact]
    public async Task Whoever_may_list_everywhere_sees_all_and_others_their_namespaces()
    {
        var all = await world.GetAsync("/api/v1/deliveries", await world.UserAsync(null, "list deliveries"));
        var some = await world.GetAsync("/api/v1/deliveries", await world.UserAsync("stage", "list deliveries"));

        Assert.Equal(["prod/shop", "stage/shop"], Names(all));
        Assert.Equal(["stage/shop"], Names(some));
        Assert.Equal(["prod/shop"], Names(await world.GetAsync("/api/v1/deliveries?namespace=prod", world.Server.AdminToken)));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_labels_choose()
    {
        var first = await world.GetAsync("/api/v1/deliveries?limit=1", world.Server.AdminToken);
        var second = await world.GetAsync($"/api/v1/deliveries?limit=1&continue={Uri.EscapeDataString((string)first.Json["continue"]!)}", world.Server.AdminToken);

        Assert.Equal(["prod/shop"], Names(first));
        Assert.Equal(["stage/shop"], Names(second));
        Assert.Null(second.Json["continue"]);
        Assert.Empty(Names(await world.GetAsync("/api/v1/deliveries?labelSelector=team%3Dother", world.Server.AdminToken)));
        Assert.Equal(2, Names(await world.GetAsync("/api/v1/deliveries?labelSelector=team%20in%20(shop,other)", world.Server.AdminToken)).Length);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=5001")]
    [InlineData("limit=many")]
    [InlineData("continue=%2A")]
    [InlineData("labelSelector=a%3D%3Db%3D")]
    public async Task A_query_that_cannot_be_read_is_refused(string query) =>
        Assert.Equal((400, "Invalid"), await world.GetAsync($"/api/v1/deliveries?{query}", world.Server.AdminToken) is var reply ? (reply.Code, reply.Reason) : default);

    [Fact]
    public async Task A_Delivery_shows_why_and_the_history_to_who_may_list_it()
    {
        var whole = (await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop", world.Server.AdminToken)).Json;
        var less = (await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop", await world.UserAsync("prod", "get deliveries"))).Json;

        Assert.Equal([3, 2, 1], whole["releases"]!.AsArray().Select(row => (int)row!["number"]!));
        Assert.Null(less["releases"]);
        Assert.Equal("shop", (string)less["row"]!["name"]!);
        Assert.Contains("Follows", whole["why"]!.AsArray().Select(paragraph => (string)paragraph!["title"]!));
        Assert.Equal(whole["why"]!.ToJsonString(), (await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop/why", world.Server.AdminToken)).Json["why"]!.ToJsonString(), ignoreCase: false);
    }

    [Fact]
    public async Task Releases_are_read_whole()
    {
        var list = (await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop/releases", world.Server.AdminToken)).Json["items"]!.AsArray();
        var one = await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop/releases/3", world.Server.AdminToken);

        Assert.Equal([3, 2, 1], list.Select(release => (int)release!["row"]!["number"]!));
        Assert.Equal("RolledBack", (string)one.Json["row"]!["outcome"]!);
        Assert.Equal(404, (await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop/releases/9", world.Server.AdminToken)).Code);
        Assert.Equal(404, (await world.GetAsync("/api/v1/namespaces/prod/deliveries/shop/releases/x", world.Server.AdminToken)).Code);
    }

    [Fact]
    public async Task Permissions_are_what_the_caller_may_ask_for()
    {
        var token = await world.UserAsync("prod", "update deliveries/approve,deliveries/check");
        Assert.Equal(["approve", "check"], (await world.GetAsync("/api/v1/namespaces/prod/permissions", token)).Json["actions"]!.AsArray().Select(action => (string)action!));
        Assert.Empty((await world.GetAsync("/api/v1/namespaces/stage/permissions", token)).Json["actions"]!.AsArray());
    }

    [Fact]
    public async Task Feeds_and_approvals_tell_of_no_more_than_one_may_see()
    {
        var token = await world.UserAsync("prod", "list deliveries");
        var feed = Assert.Single((await world.GetAsync("/api/v1/feeds", token)).Json["items"]!.AsArray())!;

        Assert.Equal(["prod/shop"], feed["deliveries"]!.AsArray().Select(name => (string)name!));
        Assert.Empty((await world.GetAsync("/api/v1/approvals", token)).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task The_table_is_a_page_without_script_and_JSON_for_who_asks_for_that()
    {
        var page = await world.GetAsync("/", world.Server.AdminToken, ("Accept", "text/html,application/json;q=0.5"));
        var json = await world.GetAsync("/", world.Server.AdminToken, ("Accept", "application/json"));

        Assert.Contains("<td>prod</td><td>shop</td><td>1.1.0</td><td>1.2.0</td>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, Names(json).Length);
    }

    [Fact]
    public void What_a_stranger_named_is_text_in_the_table()
    {
        var html = HtmlTable.Render(new([new("prod", "<img src=x>", "Idle", "\" onload=\"x") { Message = "<b>&" }]), dashboard: false);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"\">&quot; onload=&quot;x</td>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_table_sends_people_to_the_dashboard_where_there_is_one(bool dashboard) =>
        Assert.Equal(dashboard, HtmlTable.Render(new([]), dashboard).Contains("<a href=\"/dashboard/\">", StringComparison.Ordinal));

    [Fact]
    public void The_description_is_what_is_served() =>
        Golden.Match("openapi.json", OpenApiDocument.Make().ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");

    [Fact]
    public async Task The_description_is_served_to_whom_the_cluster_knows()
    {
        var document = (await world.GetAsync("/api/v1/openapi.json", world.Server.AddUser("reader"))).Json;
        Assert.Equal(Routes.All.Select(route => route.Path).Distinct().Order(), document["paths"]!.AsObject().Select(path => path.Key).Order());
        Assert.IsType<JsonObject>(document["components"]!["schemas"]!["DeliveryView"]);
    }

    private static string[] Names(ApiReply reply) => [.. reply.Json["items"]!.AsArray().Select(row => $"{row!["namespace"]}/{row["name"]}")];
}
