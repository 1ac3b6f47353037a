using Slipway.Kube;
using Slipway.Sandbox.Registry;

namespace Slipway.Tests.Controllers;

/// <summary>What registries and specs get wrong. For each: a condition that says so, not one write to the workload, and a controller that goes on.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string, RegistryFault, RequestKind, string> Registries => new()
    {
        { "401 whatever is sent", new RegistryFault.Unauthorized(), RequestKind.Tags, "Unauthorized" },
        { "500", new RegistryFault.Failing(), RequestKind.Tags, "RegistryUnavailable" },
        { "429", new RegistryFault.Failing(429, TimeSpan.FromSeconds(1)), RequestKind.Tags, "RateLimited" },
        { "a page of a proxy", new RegistryFault.Garbage(), RequestKind.Tags, "InvalidAnswer" },
        { "a tag list that never ends", new RegistryFault.EndlessPages(), RequestKind.Tags, "InvalidAnswer" },
        { "a page that links to itself", new RegistryFault.SelfLinkedPage(), RequestKind.Tags, "InvalidAnswer" },
        { "a manifest whose bytes do not match", new RegistryFault.WrongBytes(), RequestKind.Manifest, "DigestMismatch" },
        { "a manifest of 10 MB", new RegistryFault.HugeManifest(), RequestKind.Manifest, "InvalidAnswer" },
    };

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task A_registry_that_cannot_be_believed_is_a_condition_and_nothing_is_deployed_until_it_can(string what, RegistryFault fault, RequestKind kind, string reason)
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        var before = await world.ImageAsync(ResourceTypes.Deployments);

        world.Sandbox.Registry.Faults.Add(fault, new FaultMatch(kind, "acme/shop", "GET"));
        await world.PushAsync("1.1.0");

        var condition = await world.ConditionAsync("SourceReady", reason);
        Assert.Contains("acme/shop", condition.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.ImageAsync(ResourceTypes.Deployments));
        Assert.Single(await world.HistoryAsync());
        var ready = (await world.DeliveryAsync()).Status!.Conditions!.Single(condition => condition.Type == "Ready");
        Assert.True(ready.Status == "True", $"{what}: what runs is as good as before, yet {ready}");

        // It goes on by itself.
        world.Sandbox.Registry.Faults.Clear();
        await world.EndsAsync(2, "Succeeded");
    }

    [Theory]
    [InlineData("""[{"name":"shop"}]""", """{"follow":{"semver":{"range":"about one"}}}""", "InvalidSpec", "spec.source.follow.semver.range")]
    [InlineData("""[{"name":"shop"}]""", """{"follow":{"tag":{"name":"x","versionPattern":"(?=a)b"}}}""", "InvalidSpec", "versionPattern")]
    [InlineData("""[{"name":"shop"}]""", """{"follow":{"semver":{}},"repository":"https://example.com/shop"}""", "InvalidSpec", "spec.source.repository")]
    [InlineData("""[{"name":"nobody"}]""", """{"follow":{"semver":{}}}""", "TargetNotFound", "nobody")]
    [InlineData("""[{"name":"shop","containers":["db"]}]""", """{"follow":{"semver":{}}}""", "ContainerNotFound", "db")]
    [InlineData("""[{"kind":"Job","name":"shop"}]""", """{"follow":{"semver":{}}}""", "UnsupportedKind", "CronJob")]
    [InlineData("""[{"name":"shop"}]""", """{"follow":{"semver":{}},"repository":"ghcr.io/other/thing"}""", "NoContainerInRepository", "ghcr.io/other/thing")]
    public async Task A_spec_that_cannot_work_is_stalled_with_the_field_and_the_way_out(string targets, string source, string reason, string names)
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync(targets, source);

        var stalled = await world.ConditionAsync("Stalled", reason);

        Assert.Contains(names, stalled.Message, StringComparison.Ordinal);
        Assert.Empty(await world.HistoryAsync());
        Assert.DoesNotContain(world.Sandbox.Api.Requests.Records, request => request is { User: ControllerWorld.User, Resource: "deployments", IsWrite: true });

        // An edit is all it takes.
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
    }

    [Fact]
    public async Task A_repository_that_does_not_exist_is_said_with_its_name()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync("""[{"name":"shop","containers":["web"]}]""", $$$"""{"follow":{"semver":{}},"repository":"{{{world.Sandbox.Registry.Address}}}/acme/nothing"}""");

        var condition = await world.ConditionAsync("SourceReady", "RepositoryNotFound");

        Assert.Contains("acme/nothing", condition.Message, StringComparison.Ordinal);
        Assert.EndsWith(":1.0.0", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_Deliveries_on_one_container_the_older_has_it()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync(name: "alpha");
        await world.EndsAsync(1, "Succeeded", "alpha");
        await world.DeliverAsync(name: "beta");

        var stalled = await world.ConditionAsync("Stalled", "TargetClaimed", "beta");
        Assert.Contains("default/alpha", stalled.Message, StringComparison.Ordinal);

        await world.Deliveries.DeleteAsync(new ObjectKey("default", "alpha"), new DeleteTerms(), TestContext.Current.CancellationToken);
        await world.EndsAsync(1, "Succeeded", "beta");
    }
}
