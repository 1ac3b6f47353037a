using Slipway.Kube;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Kube;

public sealed class ApiDiscoveryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Groups(params string[] groups) => $$"""{"kind":"APIGroupList","groups":[{{string.Join(',', groups)}}]}""";

    private static string Group(string name, string preferred, params string[] versions) =>
        $$$"""{"name":"{{{name}}}","versions":[{{{string.Join(',', versions.Select(version => $$"""{"groupVersion":"{{name}}/{{version}}","version":"{{version}}"}"""))}}}],"preferredVersion":{"version":"{{{preferred}}}"}}""";

    private static string Kinds(params (string Plural, string Kind, bool Namespaced)[] kinds) =>
        $$"""{"kind":"APIResourceList","resources":[{{string.Join(',', kinds.Select(kind => $$"""{"name":"{{kind.Plural}}","kind":"{{kind.Kind}}","namespaced":{{(kind.Namespaced ? "true" : "false")}}}"""))}}]}""";

    private static Task<ScriptedServer> ServerAsync(Dictionary<string, string> answers) =>
        ScriptedServer.StartAsync((context, request) => answers.TryGetValue(request.Path, out var answer) ? context.JsonAsync(answer) : context.FailAsync(404, "NotFound"));

    [Fact]
    public async Task On_an_old_server_a_kind_is_found_in_the_version_that_has_it()
    {
        await using var server = await ServerAsync(new()
        {
            ["/apis"] = Groups(Group("batch", "v1", "v1", "v1beta1")),
            ["/apis/batch/v1"] = Kinds(("jobs", "Job", true), ("jobs/status", "Job", true)),
            ["/apis/batch/v1beta1"] = Kinds(("cronjobs/status", "CronJob", true), ("cronjobs", "CronJob", true)),
        });
        using var connection = server.Connect();
        using var discovery = new ApiDiscovery(connection);

        Assert.Equal(new ResourceType("batch", "v1beta1", "cronjobs", "CronJob"), await discovery.FindAsync("batch", "CronJob", Ct));
        Assert.Equal(ResourceTypes.Jobs, await discovery.FindAsync("batch", "Job", Ct));
    }

    [Fact]
    public async Task The_servers_preferred_version_comes_first()
    {
        await using var server = await ServerAsync(new()
        {
            ["/apis"] = Groups(Group("batch", "v1", "v1beta1", "v1")),
            ["/apis/batch/v1"] = Kinds(("cronjobs", "CronJob", true)),
            ["/apis/batch/v1beta1"] = Kinds(("cronjobs", "CronJob", true)),
        });
        using var connection = server.Connect();
        using var discovery = new ApiDiscovery(connection);

        Assert.Equal(ResourceTypes.CronJobs, await discovery.FindAsync("batch", "CronJob", Ct));
    }

    [Fact]
    public async Task The_core_group_and_kinds_outside_namespaces_are_found()
    {
        await using var server = await ServerAsync(new() { ["/apis"] = Groups(), ["/api/v1"] = Kinds(("pods", "Pod", true), ("nodes", "Node", false)) });
        using var connection = server.Connect();
        using var discovery = new ApiDiscovery(connection);

        Assert.Equal(ResourceTypes.Pods, await discovery.FindAsync("", "Pod", Ct));
        Assert.Equal(ResourceTypes.Nodes, await discovery.FindAsync("", "Node", Ct));
    }

    [Fact]
    public async Task What_was_answered_is_kept_until_it_is_to_be_forgotten()
    {
        await using var server = await ServerAsync(new() { ["/apis"] = Groups(Group("apps", "v1", "v1")), ["/apis/apps/v1"] = Kinds(("deployments", "Deployment", true)) });
        using var connection = server.Connect();
        using var discovery = new ApiDiscovery(connection);

        for (var i = 0; i < 5; i++)
        {
            await discovery.FindAsync("apps", "Deployment", Ct);
        }

        Assert.Equal(2, server.Requests.Count);
        await discovery.ForgetAsync(Ct);
        await discovery.FindAsync("apps", "Deployment", Ct);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_kind_that_is_installed_later_is_found_after_a_while_and_asking_before_costs_nothing()
    {
        var time = new VirtualTime();
        Dictionary<string, string> answers = new() { ["/apis"] = Groups() };
        await using var server = await ServerAsync(answers);
        using var connection = server.Connect(new ConnectionOptions { Time = time });
        using var discovery = new ApiDiscovery(connection);

        Assert.Null(await discovery.FindAsync("slipway.dev", "Delivery", Ct));
        Assert.Null(await discovery.FindAsync("slipway.dev", "Delivery", Ct));
        Assert.Single(server.Requests);

        answers["/apis"] = Groups(Group("slipway.dev", "v1alpha1", "v1alpha1"));
        answers["/apis/slipway.dev/v1alpha1"] = Kinds(("deliveries", "Delivery", true));
        time.Advance(ApiDiscovery.MissAge);

        Assert.Equal(ResourceTypes.Deliveries, await discovery.FindAsync("slipway.dev", "Delivery", Ct));
    }

    [Fact]
    public async Task A_group_whose_own_server_is_down_fails_alone()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => request.Path switch
        {
            "/apis" => context.JsonAsync(Groups(Group("metrics.k8s.io", "v1", "v1"), Group("apps", "v1", "v1"))),
            "/apis/apps/v1" => context.JsonAsync(Kinds(("deployments", "Deployment", true))),
            _ => context.FailAsync(503, "ServiceUnavailable"),
        });
        using var connection = server.Connect();
        using var discovery = new ApiDiscovery(connection);

        Assert.Equal(503, (await Assert.ThrowsAsync<KubeException>(() => discovery.FindAsync("metrics.k8s.io", "NodeMetrics", Ct))).Code);
        Assert.Equal(ResourceTypes.Deployments, await discovery.FindAsync("apps", "Deployment", Ct));
    }

    [Fact]
    public async Task A_version_that_went_away_between_the_questions_has_no_kinds()
    {
        await using var server = await ServerAsync(new() { ["/apis"] = Groups(Group("batch", "v1", "v1", "v1beta1")), ["/apis/batch/v1"] = Kinds(("jobs", "Job", true)) });
        using var connection = server.Connect();
        using var discovery = new ApiDiscovery(connection);

        Assert.Null(await discovery.FindAsync("batch", "CronJob", Ct));
    }
}
