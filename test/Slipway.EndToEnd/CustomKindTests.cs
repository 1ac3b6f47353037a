using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd;

/// <summary>A kind that the cluster learns of only now, with the rights of the controller on it, and the version published for others.</summary>
[Collection(RealCluster.Name)]
public sealed class CustomKindTests(TestCluster cluster)
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: charts.endtoend.slipway.dev}
        spec:
          group: endtoend.slipway.dev
          scope: Namespaced
          names: {kind: Chart, listKind: ChartList, plural: charts, singular: chart}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
        ---

        """;

    // As a user would add it by the label; who has no controller manager, which puts labelled rules into the role, binds it by hand.
    private static string Rights =>
        $$$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: slipway-charts, labels: {slipway.dev/aggregate-to-controller: "true"}}
        rules: [{apiGroups: [endtoend.slipway.dev], resources: [charts], verbs: [get, list, watch, patch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: slipway-charts-under-test}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: slipway-charts}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: {{{TestEnvironment.ControllerUser}}}}]
        ---

        """;

    [Fact]
    public async Task The_image_of_a_custom_kind_ships_and_the_version_is_published()
    {
        var ns = await cluster.NewNamespaceAsync("custom");
        var image = $"{TestEnvironment.Registry}/{ns}/shop";
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await cluster.ApplyAsync(Definition + Rights);
        await using var controller = await ControllerProcess.StartReadyAsync();
        await Eventually.TrueAsync("the kind is served", async () =>
        {
            await cluster.ApplyAsync(Chart(ns, image));
            return true;
        });
        await cluster.ApplyAsync(Manifests.Delivery(
            ns,
            "{apiVersion: endtoend.slipway.dev/v1, kind: Chart, name: shop, imagePaths: [{path: 'spec.containers[name=web].image'}]}",
            "follow: {semver: {}}, interval: 2s",
            "publish: {configMap: {name: versions, key: shop}}"));
        await PublishedAsync(ns, "1.0.0", controller);

        var digest = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await PublishedAsync(ns, "1.1.0", controller);

        Assert.Equal($"envoy:1 {image}:1.1.0@{digest}", (await cluster.KubectlAsync("get", "chart", "shop", "-n", ns, "-o", "jsonpath={.spec.containers[*].image}")).Trim());
        Assert.Equal("Succeeded", (await cluster.HistoryAsync(ns, "shop"))[1].Status?.Outcome);
    }

    private static string Chart(string ns, string image) =>
        $$$"""
        apiVersion: endtoend.slipway.dev/v1
        kind: Chart
        metadata: {name: shop, namespace: {{{ns}}}}
        spec: {containers: [{name: proxy, image: "envoy:1"}, {name: web, image: "{{{image}}}:1.0.0"}]}
        ---

        """;

    private Task PublishedAsync(string ns, string version, RunningProcess controller) => Eventually.TrueAsync(
        $"{version} is published in {ns}",
        async () => (await cluster.KubectlAsync("get", "configmap", "versions", "-n", ns, "-o", "jsonpath={.data.shop}")).Trim() == version,
        TimeSpan.FromMinutes(2),
        () => controller.Output);
}
