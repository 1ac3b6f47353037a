using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

public sealed class ServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_counted_by_verb_and_resource()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("a"));
        await sandbox.GetAsync(SandboxFixture.ConfigMaps);
        await sandbox.PatchAsync(SandboxFixture.ConfigMaps + "/a", "{}");
        await sandbox.GetAsync(SandboxFixture.ConfigMaps + "/missing");
        await sandbox.GetAsync("/version");

        var log = sandbox.Server.Requests;
        Assert.Equal((1, 1, 1, 1), (log.Count("create", "configmaps"), log.Count("list"), log.Count("patch"), log.Count("get", "configmaps")));
        Assert.Equal(["create", "patch"], log.Records.Where(record => record.IsWrite).Select(record => record.Verb));
        Assert.Equal(404, log.Records.Single(record => record.Name == "missing").Code);
        Assert.All(log.Records, record => Assert.Equal("sandbox-admin", record.User));
    }

    [Fact]
    public async Task A_watch_is_counted_when_it_begins()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var watch = await sandbox.Http.GetAsync(SandboxFixture.ConfigMaps + "?watch=true", HttpCompletionOption.ResponseHeadersRead, Stop);

        Assert.Equal(1, sandbox.Server.Requests.Count("watch", "configmaps"));
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_watches()
    {
        var sandbox = await SandboxFixture.StartAsync();
        using var watch = await sandbox.Http.GetAsync(SandboxFixture.ConfigMaps + "?watch=true", HttpCompletionOption.ResponseHeadersRead, Stop);
        var rest = watch.Content.ReadAsStringAsync(Stop);

        await sandbox.Server.DisposeAsync();

        await Record.ExceptionAsync(() => rest.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.True(rest.IsCompleted);
        sandbox.Http.Dispose();
    }

    [Fact]
    public async Task Over_tls_the_kubeconfig_holds_what_a_client_needs_to_trust_the_server()
    {
        await using var server = await SandboxApiServer.StartAsync(cancellationToken: Stop);
        var line = server.Kubeconfig().Split('\n').Single(line => line.Contains("certificate-authority-data", StringComparison.Ordinal));
        using var authority = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(line.Split(": ")[1])));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = server.Url };

        Assert.Equal("ok", await http.GetStringAsync("/healthz", Stop));
        Assert.Equal("https", server.Url.Scheme);
    }

    [Fact]
    public async Task The_1_20_release_serves_cron_jobs_in_beta_alone()
    {
        await using var sandbox = await SandboxFixture.StartAsync(new() { Release = KubernetesRelease.OneTwenty });

        Assert.Equal(404, (await sandbox.GetAsync("/apis/batch/v1/namespaces/default/cronjobs")).Code);
        Assert.Equal("CronJobList", (await sandbox.GetAsync("/apis/batch/v1beta1/namespaces/default/cronjobs")).Body.Kind());
        Assert.Equal("20", (await sandbox.GetAsync("/version")).Body.Text("minor"));
    }

    [Fact]
    public async Task A_user_may_do_what_bound_roles_permit_and_is_told_what_not()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var jane = SandboxFixture.ClientOf(sandbox.Server, sandbox.Server.AddUser("jane"));
        await GrantAsync(sandbox, """{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list"]}""");

        var (allowed, _) = await sandbox.SendAsync(HttpMethod.Get, SandboxFixture.ConfigMaps, http: jane);
        var (refused, status) = await sandbox.SendAsync(HttpMethod.Post, SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("a"), http: jane);
        var (elsewhere, _) = await sandbox.SendAsync(HttpMethod.Get, "/api/v1/namespaces/kube-system/configmaps", http: jane);

        Assert.Equal((200, 403, 403), (allowed, refused, elsewhere));
        Assert.Equal("configmaps is forbidden: User \"jane\" cannot create resource \"configmaps\" in API group \"\" in the namespace \"default\"",
            status.Text("message"));
    }

    [Fact]
    public async Task A_role_for_a_resource_is_none_for_its_status()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var jane = SandboxFixture.ClientOf(sandbox.Server, sandbox.Server.AddUser("jane"));
        await GrantAsync(sandbox, """{"apiGroups":["apps"],"resources":["deployments"],"verbs":["*"]}""");

        Assert.Equal(404, (await sandbox.SendAsync(HttpMethod.Get, "/apis/apps/v1/namespaces/default/deployments/x", http: jane)).Code);
        Assert.Equal(403, (await sandbox.SendAsync(HttpMethod.Get, "/apis/apps/v1/namespaces/default/deployments/x/status", http: jane)).Code);
    }

    [Fact]
    public async Task Who_shows_no_token_sees_the_health_and_the_version_alone()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var nobody = SandboxFixture.ClientOf(sandbox.Server, null);

        Assert.Equal(200, (await sandbox.SendAsync(HttpMethod.Get, "/healthz", http: nobody)).Code);
        Assert.Equal(200, (await sandbox.SendAsync(HttpMethod.Get, "/version", http: nobody)).Code);
        Assert.Equal(403, (await sandbox.SendAsync(HttpMethod.Get, "/apis", http: nobody)).Code);
        Assert.Equal(403, (await sandbox.SendAsync(HttpMethod.Get, SandboxFixture.ConfigMaps, http: nobody)).Code);
    }

    [Fact]
    public async Task The_token_of_a_service_account_ends_with_it()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}}""");
        var (_, issued) = await sandbox.PostAsync("/api/v1/namespaces/default/serviceaccounts/robot/token", """{"spec":{}}""");
        using var robot = SandboxFixture.ClientOf(sandbox.Server, issued.Text("status", "token"));

        Assert.Equal(403, (await sandbox.SendAsync(HttpMethod.Get, SandboxFixture.ConfigMaps, http: robot)).Code);
        await sandbox.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/default/serviceaccounts/robot");
        Assert.Equal(401, (await sandbox.SendAsync(HttpMethod.Get, SandboxFixture.ConfigMaps, http: robot)).Code);
    }

    [Fact]
    public async Task A_pod_logs_what_the_owner_of_the_sandbox_says()
    {
        await using var sandbox = await SandboxFixture.StartAsync(new() { PodLog = (pod, container) => $"{pod.Name()} {container} says hello\n" });
        await sandbox.PostAsync("/api/v1/namespaces/default/pods",
            """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"web","image":"x"},{"name":"side","image":"y"}]}}""");

        Assert.Equal("p side says hello\n", await sandbox.Http.GetStringAsync("/api/v1/namespaces/default/pods/p/log?container=side", Stop));
        Assert.Equal(400, (await sandbox.GetAsync("/api/v1/namespaces/default/pods/p/log")).Code);
        Assert.Equal(400, (await sandbox.GetAsync("/api/v1/namespaces/default/pods/p/log?container=none")).Code);
    }

    [Fact]
    public async Task A_page_of_a_moment_that_is_forgotten_is_told_410_and_how_to_go_on()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap(name));
        }
        var (_, first) = await sandbox.GetAsync(SandboxFixture.ConfigMaps + "?limit=1");
        await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("d"));
        sandbox.Server.Store.Compact();

        var (code, expired) = await sandbox.GetAsync($"{SandboxFixture.ConfigMaps}?limit=9&continue={first.Text("metadata", "continue")}");
        var (_, rest) = await sandbox.GetAsync($"{SandboxFixture.ConfigMaps}?limit=9&continue={expired.Text("metadata", "continue")}");

        Assert.Equal((410, "Expired"), (code, expired.Text("reason")));
        Assert.Equal(["b", "c", "d"], rest.Objects("items").Select(item => item.Name()));
    }

    [Fact]
    public async Task A_list_of_a_moment_that_is_still_to_come_is_told_to_wait()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var (code, status) = await sandbox.GetAsync($"{SandboxFixture.ConfigMaps}?resourceVersion=999999");

        Assert.Equal((504, "Timeout", 1, "ResourceVersionTooLarge"),
            (code, status.Text("reason"), status.Number("details", "retryAfterSeconds"), status.Objects("details", "causes").Single().Text("reason")));
    }

    [Fact]
    public async Task An_exact_moment_is_served_while_it_is_known()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("a"));
        var (_, page) = await sandbox.GetAsync(SandboxFixture.ConfigMaps + "?limit=500");
        var exact = $"{SandboxFixture.ConfigMaps}?resourceVersionMatch=Exact&resourceVersion={page.ResourceVersion()}";
        await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("b"));

        Assert.Equal(["a"], (await sandbox.GetAsync(exact)).Body.Objects("items").Select(item => item.Name()));
        sandbox.Server.Store.Compact();
        Assert.Equal(410, (await sandbox.GetAsync(exact)).Code);
    }

    [Fact]
    public async Task More_than_ten_writers_of_updates_are_counted_as_one()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.PostAsync(SandboxFixture.ConfigMaps, SandboxFixture.ConfigMap("a"));

        JsonObject last = [];
        for (var i = 0; i < 15; i++)
        {
            (_, last) = await sandbox.SendAsync(HttpMethod.Patch, $"{SandboxFixture.ConfigMaps}/a?fieldManager=m{i}", $$$"""{"data":{"k{{{i}}}":"x"}}""", SandboxFixture.Merge);
        }

        Assert.Equal(10, last.Objects("metadata", "managedFields").Count());
        Assert.Contains(last.Objects("metadata", "managedFields"), entry => entry.Text("manager") == "ancient-changes");
    }

    private static async Task GrantAsync(SandboxFixture sandbox, string rule)
    {
        var rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
        await sandbox.PostAsync($"{rbac}/roles", """{"metadata":{"name":"r"},"rules":[RULE]}""".Replace("RULE", rule, StringComparison.Ordinal));
        await sandbox.PostAsync($"{rbac}/rolebindings", """{"metadata":{"name":"r"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"jane"}]}""");
    }
}
