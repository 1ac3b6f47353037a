using System.Net.Http.Headers;
using System.Text;
using Slipway.Sandbox;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Traffic;

namespace Slipway.Tests.SandboxWorld;

/// <summary>The gateway by way of the API: with its CRD installed, as a cluster has it.</summary>
public sealed class GatewayApiTests
{
    private static readonly GroupResource Routes = new("gateway.networking.k8s.io", "httproutes");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_the_definition_is_installed_a_route_is_accepted_and_its_weights_are_told()
    {
        await using var cluster = await SandboxCluster.StartAsync(new() { Api = new ApiServerOptions { Tls = false } }, Cancel);
        using var http = new HttpClient { BaseAddress = cluster.Api.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", cluster.Api.AdminToken) } };
        await PostAsync(http, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "application/yaml", GatewayApi.HttpRouteDefinition);

        await PostAsync(http, "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes", "application/json", """
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"shop"},
             "spec":{"parentRefs":[{"name":"edge"}],"rules":[{"backendRefs":[{"name":"shop","port":80},{"name":"shop-canary","port":80,"weight":0}]}]}}
            """);

        await foreach (var change in cluster.Store.WatchAsync(Routes, "default", cancellationToken: Cancel))
        {
            if (change.Value.Objects("status", "parents").FirstOrDefault() is { } parent)
            {
                Assert.Equal(("edge", "True"), (parent.Text("parentRef", "name"), parent.Objects("conditions").First().Text("status")));
                break;
            }
        }

        Assert.Equal([("shop", 1), ("shop-canary", 0)], cluster.Workloads.Traffic.Weights("default", "shop"));
        Assert.Empty(cluster.Workloads.Failures);
    }

    private static async Task PostAsync(HttpClient http, string path, string type, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await http.PostAsync(path, content, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
