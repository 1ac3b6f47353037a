using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>What stands around the pods of a rollout: slices, routes into the cluster, policies, budgets and autoscalers, in the versions that the server has of each.</summary>
public sealed class NetworkKindCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task Endpoint_slices_are_in_v1_or_before_it_in_v1beta1()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var version = cluster.Minor >= 21 ? "v1" : "v1beta1";
        var path = ns.Group("discovery.k8s.io", version, "endpointslices");

        var created = (await _api.PostAsync(path, Slice(version))).Expect(201);
        var patched = (await _api.PatchAsync($"{path}/shop-1", ApiClient.Merge, """{"ports":[{"port":9090}]}""")).Expect(200);

        Assert.Equal(($"discovery.k8s.io/{version}", 1, 2), (created.Text("apiVersion"), created.Generation(), patched.Generation()));
        Assert.Equal("TCP", patched.Objects("ports").Single().Text("protocol"));
        Assert.Equal(version, await PreferredAsync("discovery.k8s.io"));
    }

    [Fact]
    public async Task An_older_server_has_no_v1_of_slices_and_budgets()
    {
        Assert.SkipUnless(cluster.Minor < 21, $"this server is 1.{cluster.Minor}");
        await using var ns = await cluster.NewNamespaceAsync();

        Assert.Equal(404, (await _api.GetAsync(ns.Group("discovery.k8s.io", "v1", "endpointslices"))).Code);
        Assert.Equal(404, (await _api.GetAsync(ns.Group("policy", "v1", "poddisruptionbudgets"))).Code);
    }

    [Fact]
    public async Task A_budget_is_kept_and_its_generation_counts_changes_of_the_spec()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var version = cluster.Minor >= 21 ? "v1" : "v1beta1";
        var path = ns.Group("policy", version, "poddisruptionbudgets");

        var created = (await _api.PostAsync(path, $$$"""
            {"apiVersion":"policy/{{{version}}}","kind":"PodDisruptionBudget","metadata":{"name":"shop"},"spec":{"minAvailable":"50%","selector":{"matchLabels":{"app":"shop"} } } }
            """)).Expect(201);

        Assert.Equal(("50%", 1), (created.Text("spec", "minAvailable"), created.Generation()));
    }

    [Fact]
    public async Task A_network_policy_is_kept()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.Group("networking.k8s.io", "v1", "networkpolicies"), """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"shop"},
             "spec":{"podSelector":{"matchLabels":{"app":"shop"}},"policyTypes":["Ingress"],"ingress":[{"ports":[{"port":8080}]}]}}
            """)).Expect(201);

        Assert.Equal(("TCP", 1), (created.Objects("spec", "ingress").Single().Objects("ports").Single().Text("protocol"), created.Generation()));
    }

    [Fact]
    public async Task An_ingress_is_kept()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.Group("networking.k8s.io", "v1", "ingresses"), Ingress)).Expect(201);

        Assert.Equal(("shop", 80), (BackendOf(created).Text("service", "name"), BackendOf(created).Number("service", "port", "number")));
    }

    [Fact]
    public async Task An_older_server_shows_an_ingress_in_both_versions()
    {
        Assert.SkipUnless(cluster.Minor < 22, $"this server is 1.{cluster.Minor}");
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Group("networking.k8s.io", "v1", "ingresses"), Ingress)).Expect(201);

        var beta = (await _api.GetAsync(ns.Group("networking.k8s.io", "v1beta1", "ingresses") + "/shop")).Expect(200);
        (await _api.PatchAsync(ns.Group("networking.k8s.io", "v1beta1", "ingresses") + "/shop", ApiClient.Merge, """{"spec":{"backend":{"serviceName":"other","servicePort":"http"}}}""")).Expect(200);
        var stable = (await _api.GetAsync(ns.Group("networking.k8s.io", "v1", "ingresses") + "/shop")).Expect(200);

        Assert.Equal(("networking.k8s.io/v1beta1", "shop", 80), (beta.Text("apiVersion"), BackendOf(beta).Text("serviceName"), BackendOf(beta).Number("servicePort")));
        Assert.Equal(("other", "http"), (stable.Text("spec", "defaultBackend", "service", "name"), stable.Text("spec", "defaultBackend", "service", "port", "name")));
        Assert.Equal("shop", BackendOf(stable).Text("service", "name"));
    }

    [Fact]
    public async Task An_autoscaler_of_one_metric_reads_the_same_in_v1_and_after_it()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Group("autoscaling", "v1", "horizontalpodautoscalers"), """
            {"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"shop"},
             "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"nobody"},"maxReplicas":5,"targetCPUUtilizationPercentage":60}}
            """)).Expect(201);
        var newer = cluster.Minor >= 23 ? "v2" : "v2beta2";

        var shown = (await _api.GetAsync(ns.Group("autoscaling", newer, "horizontalpodautoscalers") + "/shop")).Expect(200);
        var metric = shown.Objects("spec", "metrics").Single();
        (await _api.PatchAsync(ns.Group("autoscaling", newer, "horizontalpodautoscalers") + "/shop", ApiClient.Merge,
            """{"spec":{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]}}""")).Expect(200);
        var old = (await _api.GetAsync(ns.Group("autoscaling", "v1", "horizontalpodautoscalers") + "/shop")).Expect(200);

        Assert.Equal(("cpu", 60), (metric.Text("resource", "name"), metric.Number("resource", "target", "averageUtilization")));
        Assert.Equal((1, 70), (old.Number("spec", "minReplicas"), old.Number("spec", "targetCPUUtilizationPercentage")));
        Assert.Null(old.Field("spec", "metrics"));
    }

    private async Task<string> PreferredAsync(string group) => (await _api.GetAsync($"/apis/{group}")).Expect(200).Text("preferredVersion", "version");

    private static JsonObject BackendOf(JsonObject ingress) => ingress.Objects("spec", "rules").Single().Objects("http", "paths").Single().Section("backend")!;

    private static string Slice(string version) =>
        $$"""
        {"apiVersion":"discovery.k8s.io/{{version}}","kind":"EndpointSlice","metadata":{"name":"shop-1"},"addressType":"IPv4",
         "endpoints":[{"addresses":["10.0.0.7"],"conditions":{"ready":true} }],"ports":[{"name":"http","port":8080}]}
        """;

    private const string Ingress = """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"shop"},
         "spec":{"rules":[{"host":"shop.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"shop","port":{"number":80}}}}]}}]}}
        """;
}
