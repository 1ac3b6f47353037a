using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

public sealed class CrudCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_created_object_says_what_it_is_and_has_a_uid_a_version_and_a_time()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = await ns.CreateConfigMapAsync("a");

        Assert.Equal(("v1", "ConfigMap", "a", ns.Name), (created.Text("apiVersion"), created.Kind(), created.Name(), created.Namespace()));
        Assert.True(Guid.TryParse(created.Uid(), out _));
        Assert.NotEqual("", created.ResourceVersion());
        Assert.EndsWith("Z", created.Text("metadata", "creationTimestamp"));
    }

    [Fact]
    public async Task What_was_created_is_what_is_read()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a", """{"text":"ünïcödé <&> \" \\ \n"}""");

        var read = (await _api.GetAsync($"{ns.ConfigMaps}/a")).Expect(200);

        Assert.True(JsonNode.DeepEquals(created, read), read.ToJsonString());
        Assert.Equal("ünïcödé <&> \" \\ \n", read.Text("data", "text"));
    }

    [Fact]
    public async Task A_generated_name_is_the_prefix_and_five_characters()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"a-"}}""")).Expect(201);

        Assert.Matches("^a-[a-z0-9]{5}$", created.Name());
        Assert.Equal("a-", created.Text("metadata", "generateName"));
    }

    [Fact]
    public async Task A_second_object_of_the_name_already_exists()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        var status = (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")).ExpectStatus(409, "AlreadyExists");

        Assert.Equal(("a", "configmaps"), (status.Text("details", "name"), status.Text("details", "kind")));
        Assert.Equal("configmaps \"a\" already exists", status.Text("message"));
    }

    [Fact]
    public async Task An_object_in_a_namespace_that_is_not_there_is_not_found()
    {
        var status = (await _api.PostAsync("/api/v1/namespaces/nowhere-at-all/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")).ExpectStatus(404, "NotFound");

        Assert.Equal("namespaces \"nowhere-at-all\" not found", status.Text("message"));
    }

    [Fact]
    public async Task A_put_replaces_everything_and_moves_the_version()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a", """{"a":"1","b":"2"}""");
        var next = JsonTree.Copy(created);
        next["data"] = new JsonObject { ["c"] = "3" };

        var updated = (await _api.PutAsync($"{ns.ConfigMaps}/a", next)).Expect(200);

        Assert.Equal("""{"c":"3"}""", updated["data"]!.ToJsonString());
        Assert.Equal(created.Uid(), updated.Uid());
        Assert.NotEqual(created.ResourceVersion(), updated.ResourceVersion());
    }

    [Fact]
    public async Task A_put_of_an_old_version_is_a_conflict()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var first = await ns.CreateConfigMapAsync("a");
        var second = JsonTree.Copy(first);
        second["data"] = new JsonObject { ["a"] = "2" };
        (await _api.PutAsync($"{ns.ConfigMaps}/a", second)).Expect(200);

        var status = (await _api.PutAsync($"{ns.ConfigMaps}/a", first)).ExpectStatus(409, "Conflict");

        Assert.Contains("the object has been modified; please apply your changes to the latest version and try again", status.Text("message"));
    }

    [Fact]
    public async Task A_put_without_a_version_overwrites_a_built_in_object()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        var updated = (await _api.PutAsync($"{ns.ConfigMaps}/a", JsonTree.ParseObject("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"z":"1"}}"""))).Expect(200);

        Assert.Equal("1", updated.Text("data", "z"));
    }

    [Fact]
    public async Task A_put_with_the_uid_of_another_object_is_a_conflict()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");
        created["metadata"]!["uid"] = "11111111-2222-3333-4444-555555555555";

        (await _api.PutAsync($"{ns.ConfigMaps}/a", created)).ExpectStatus(409, "Conflict");
    }

    [Fact]
    public async Task A_put_of_what_is_there_changes_nothing()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");

        var updated = (await _api.PutAsync($"{ns.ConfigMaps}/a", created)).Expect(200);

        Assert.Equal(created.ResourceVersion(), updated.ResourceVersion());
    }

    [Fact]
    public async Task A_put_to_a_name_that_is_not_there_is_not_found() =>
        (await _api.PutAsync("/api/v1/namespaces/default/configmaps/no-such", JsonTree.ParseObject("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"no-such"}}""")))
            .ExpectStatus(404, "NotFound");

    [Fact]
    public async Task Neither_uid_nor_creation_time_can_be_changed()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");
        var next = JsonTree.Copy(created);
        next["metadata"]!["creationTimestamp"] = "2001-01-01T00:00:00Z";
        next["data"]!["a"] = "2";

        var updated = (await _api.PutAsync($"{ns.ConfigMaps}/a", next)).Expect(200);

        Assert.Equal(created.Text("metadata", "creationTimestamp"), updated.Text("metadata", "creationTimestamp"));
    }

    [Fact]
    public async Task A_name_that_differs_between_body_and_path_is_a_bad_request()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var created = await ns.CreateConfigMapAsync("a");
        created["metadata"]!["name"] = "b";

        (await _api.PutAsync($"{ns.ConfigMaps}/a", created)).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task A_namespace_that_differs_between_body_and_path_is_a_bad_request()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var status = (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"default"}}""")).ExpectStatus(400, "BadRequest");

        Assert.Equal("the namespace of the provided object does not match the namespace sent on the request", status.Text("message"));
    }

    [Fact]
    public async Task Text_in_a_secret_is_stored_as_base64()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var secret = (await _api.PostAsync(ns.Core("secrets"), """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"user":"me"}}""")).Expect(201);

        Assert.Equal(("bWU=", "Opaque", ""), (secret.Text("data", "user"), secret.Text("type"), secret.Text("stringData", "user")));
    }

    [Fact]
    public async Task A_deployment_gets_its_defaults()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop", replicas: null))).Expect(201);

        Assert.Equal((1, 10, 600),
            (created.Number("spec", "replicas"), created.Number("spec", "revisionHistoryLimit"), created.Number("spec", "progressDeadlineSeconds")));
        Assert.Equal(("RollingUpdate", "25%", "25%"),
            (created.Text("spec", "strategy", "type"), created.Text("spec", "strategy", "rollingUpdate", "maxSurge"),
            created.Text("spec", "strategy", "rollingUpdate", "maxUnavailable")));
        var pod = created.Section("spec", "template", "spec")!;
        Assert.Equal(("Always", "ClusterFirst", 30), (pod.Text("restartPolicy"), pod.Text("dnsPolicy"), pod.Number("terminationGracePeriodSeconds")));
        var container = pod.Objects("containers").Single();
        Assert.Equal(("IfNotPresent", "File", "/dev/termination-log"),
            (container.Text("imagePullPolicy"), container.Text("terminationMessagePolicy"), container.Text("terminationMessagePath")));
    }

    [Theory]
    [InlineData("shop", "Always")]
    [InlineData("shop:latest", "Always")]
    [InlineData("shop:1.0", "IfNotPresent")]
    [InlineData("registry:5000/shop", "Always")]
    [InlineData("shop@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "IfNotPresent")]
    public async Task An_image_without_a_version_is_always_pulled(string image, string policy)
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop", image: image))).Expect(201);

        Assert.Equal(policy, created.Objects("spec", "template", "spec", "containers").Single().Text("imagePullPolicy"));
    }

    [Fact]
    public async Task A_job_gets_a_selector_of_its_own()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var jobs = ns.Group("batch", "v1", "jobs");

        var created = (await _api.PostAsync(jobs,
            """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"once"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"x:1"}]}}}}""")).Expect(201);

        var selector = created.Section("spec", "selector", "matchLabels")!;
        Assert.Equal(created.Uid(), Assert.Single(selector).Value!.GetValue<string>());
        Assert.Equal("once", created.Text("spec", "template", "metadata", "labels", "job-name"));
        Assert.Equal((1, 1, 6), (created.Number("spec", "completions"), created.Number("spec", "parallelism"), created.Number("spec", "backoffLimit")));
    }

    [Fact]
    public async Task A_cron_job_gets_its_defaults_in_the_version_that_is_served()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var body = Samples.CronJob(cluster.CronJobs, "nightly");

        var created = (await _api.PostAsync($"/apis/{cluster.CronJobs}/namespaces/{ns.Name}/cronjobs", body)).Expect(201);

        Assert.Equal((cluster.CronJobs, "Allow", 3, 1),
            (created.Text("apiVersion"), created.Text("spec", "concurrencyPolicy"), created.Number("spec", "successfulJobsHistoryLimit"),
            created.Number("spec", "failedJobsHistoryLimit")));
    }
}
