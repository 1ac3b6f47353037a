using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Api;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd;

/// <summary>What users and strangers get wrong: a clear answer, no write, no crash. What registries get wrong is tested against one that misbehaves.</summary>
[Collection(RealCluster.Name)]
public sealed class BadInputTests(TestCluster cluster)
{
    [Theory]
    [InlineData("{name: shop}", "follow: {semver: {range: 'about one'}}", "Stalled", "InvalidSpec", "spec.source.follow.semver.range")]
    [InlineData("{name: shop}", "follow: {semver: {}}, filter: {pattern: '(?!x)'}", "Stalled", "InvalidSpec", "spec.source.filter.pattern")]
    [InlineData("{name: nobody}", "follow: {semver: {}}, repository: REGISTRY/some/shop", "Stalled", "TargetNotFound", "nobody")]
    [InlineData("{kind: ReplicaSet, name: shop}", "follow: {semver: {}}", "Stalled", "UnsupportedKind", "ReplicaSet")]
    [InlineData("{name: shop}", "follow: {semver: {}}, repository: REGISTRY/no/such", "SourceReady", "RepositoryNotFound", "no/such")]
    [InlineData("{name: shop, containers: [web]}", "follow: {semver: {}}, repository: 127.0.0.1:9/no/registry", "SourceReady", "RegistryUnavailable", "127.0.0.1:9")]
    public async Task What_cannot_work_is_a_condition_that_names_it_and_touches_no_workload(string target, string source, string condition, string reason, string names)
    {
        var ns = await cluster.NewNamespaceAsync("bad");
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await using var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{TestEnvironment.Registry}/{ns}/shop:1.0.0", replicas: 0)
            + Manifests.Delivery(ns, target, source.Replace("REGISTRY", TestEnvironment.Registry, StringComparison.Ordinal)));

        var found = await ConditionAsync(ns, "shop", condition, reason, controller);
        Assert.Contains(names, found.Message, StringComparison.Ordinal);
        Assert.Equal($"{TestEnvironment.Registry}/{ns}/shop:1.0.0", await cluster.ImageAsync(ns, "deployment", "shop"));
        Assert.DoesNotContain(await cluster.HistoryAsync(ns, "shop"), release => release.Spec.Cause != "Adopted");
        Assert.False(controller.HasExited, controller.Output);
    }

    [Fact]
    public async Task Of_two_Deliveries_on_one_container_the_older_has_it_and_the_other_is_told()
    {
        var ns = await cluster.NewNamespaceAsync("rivals");
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await using var controller = await ControllerProcess.StartReadyAsync();
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{TestEnvironment.Registry}/{ns}/shop:1.0.0", replicas: 0) + Manifests.Delivery(ns, "{name: shop}", "follow: {semver: {}}", name: "first"));
        await ConditionAsync(ns, "first", "Ready", "UpToDate", controller);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        await cluster.ApplyAsync(Manifests.Delivery(ns, "{name: shop}", "follow: {alphabetical: {}}", name: "another"));

        var stalled = await ConditionAsync(ns, "another", "Stalled", "TargetClaimed", controller);
        Assert.Contains($"{ns}/first", stalled.Message, StringComparison.Ordinal);
        await cluster.KubectlAsync("delete", "delivery", "first", "-n", ns);
        await ConditionAsync(ns, "another", "Ready", "UpToDate", controller);
    }

    [Fact]
    public async Task A_webhook_takes_nothing_without_its_token_and_no_garbage_with_it()
    {
        await using var controller = await ControllerProcess.StartReadyAsync();
        using var http = new HttpClient { BaseAddress = TestEnvironment.Webhook };

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(http, "{\"events\":[]}", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(http, "{\"events\":[]}", "wrong"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(http, "garbage", TestEnvironment.WebhookToken));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(http, "[[[[[[[[[[[[[[[[[[[[[[[[[[", TestEnvironment.WebhookToken));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(http, new string('x', 2 * 1024 * 1024), TestEnvironment.WebhookToken));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, "{\"events\":[{\"action\":\"push\",\"target\":{\"repository\":\"../../etc\",\"tag\":7}}]}", TestEnvironment.WebhookToken));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(http, "{\"events\":null}", TestEnvironment.WebhookToken));
        Assert.False(controller.HasExited, controller.Output);
        Assert.DoesNotContain(TestEnvironment.WebhookToken, controller.Output, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private Task<Condition> ConditionAsync(string ns, string delivery, string type, string reason, RunningProcess controller) => Eventually.GetAsync(
        $"{type} of {ns}/{delivery} for {reason}",
        async () => (await cluster.DeliveryAsync(ns, delivery)).Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Reason == reason),
        evidence: () => controller.Output);
}
