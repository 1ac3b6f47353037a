using System.Text.Json.Nodes;
using Slipway.Annotations;
using Slipway.Api;
using Slipway.Kube;

namespace Slipway.Tests.Controllers;

/// <summary>A workload that asks for a Delivery by its annotations, from the annotation to the rollout and back.</summary>
public sealed class AnnotationTests
{
    private static readonly ObjectKey Shop = new("default", "shop");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<ResourceItem<JsonObject>> AnnotateAsync(ControllerWorld world, ResourceType type, params (string Name, string? Value)[] annotations) => world.Any(type).MergePatchAsync(
        Shop,
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject(annotations.Select(pair => KeyValuePair.Create($"slipway.dev/{pair.Name}", (JsonNode?)pair.Value))) },
        },
        Stop,
        manager: "kubectl-edit");

    private static async Task<ControllerWorld> StartAsync(params (string Name, string? Value)[] annotations)
    {
        var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await AnnotateAsync(world, ResourceTypes.Deployments, annotations);
        return world;
    }

    private static async Task<Delivery?> FindAsync(ControllerWorld world) => (await world.Deliveries.GetAsync(Shop, Stop))?.Value;

    private static Task<JsonObject> EventAsync(ControllerWorld world, string reason) => world.UntilAsync(
        $"Event {reason}",
        async () => (await world.Any(ResourceTypes.Events).ListAsync(ListScope.All, Stop)).Items.Select(item => item.Value).FirstOrDefault(happening => (string?)happening["reason"] == reason));

    private static Task<Delivery> UntilAsync(ControllerWorld world, string what, Func<Delivery, bool> fits) =>
        world.UntilAsync(what, async () => await FindAsync(world) is { } delivery && fits(delivery) ? delivery : null);

    [Theory]
    [InlineData("Deployment", "deployments", "apps")]
    [InlineData("StatefulSet", "statefulsets", "apps")]
    [InlineData("DaemonSet", "daemonsets", "apps")]
    [InlineData("CronJob", "cronjobs", "batch")]
    public async Task An_annotation_is_all_that_is_needed_to_ship(string kind, string plural, string group)
    {
        var type = new ResourceType(group, "v1", plural, kind);
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(type, "1.0.0", replicas: 1);
        await AnnotateAsync(world, type, ("follow", "semver:>=1"), ("interval", "1s"));
        await world.EndsAsync(1, "Succeeded");

        var digest = await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");

        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", await world.ImageAsync(type));
        var metadata = (await world.DeliveryAsync()).Metadata;
        Assert.Equal(kind, metadata.Labels![AnnotationNames.GeneratedFrom]);
        Assert.Equal((kind, "shop", true), Assert.Single(metadata.OwnerReferences!) is var owner ? (owner.Kind, owner.Name, owner.Controller) : default);
    }

    [Fact]
    public async Task Other_annotations_change_the_Delivery_and_none_takes_it_away()
    {
        await using var world = await StartAsync(("follow", "semver:>=1"), ("minimum-age", "1h"));
        await UntilAsync(world, "made", delivery => delivery.Spec!.Source!.MinimumAge == "1h");

        await AnnotateAsync(world, ResourceTypes.Deployments, ("follow", "alphabetical"), ("minimum-age", null));
        var changed = await UntilAsync(world, "changed", delivery => delivery.Spec!.Source!.Follow!.Alphabetical is not null);
        Assert.Equal((null, null), (changed.Spec!.Source!.MinimumAge, changed.Spec.Source.Follow!.Semver));

        await AnnotateAsync(world, ResourceTypes.Deployments, ("follow", null));
        await world.UntilAsync("gone", async () => await FindAsync(world) is null ? "gone" : null);
    }

    [Fact]
    public async Task A_wrong_annotation_is_an_Event_on_the_workload_and_makes_nothing()
    {
        await using var world = await StartAsync(("follow", "semver:about one"));

        var happening = await EventAsync(world, "InvalidAnnotation");

        Assert.Equal(("Deployment", "shop", "Warning"), ((string?)happening["involvedObject"]!["kind"], (string?)happening["involvedObject"]!["name"], (string?)happening["type"]));
        Assert.StartsWith("slipway.dev/follow: ", (string?)happening["message"], StringComparison.Ordinal);
        Assert.Null(await FindAsync(world));

        // Mended, it is as if it had never been wrong.
        await AnnotateAsync(world, ResourceTypes.Deployments, ("follow", "semver:>=1"));
        await world.EndsAsync(1, "Succeeded");
    }

    [Fact]
    public async Task An_annotation_that_becomes_wrong_stalls_the_Delivery_which_keeps_its_last_good_spec()
    {
        await using var world = await StartAsync(("follow", "semver:>=1"), ("interval", "1s"));
        await world.EndsAsync(1, "Succeeded");
        var before = await world.DeliveryAsync();

        await AnnotateAsync(world, ResourceTypes.Deployments, ("interval", "often"));
        var stalled = await world.ConditionAsync("Stalled", "InvalidSpec");
        Assert.Equal("annotation of Deployment shop: slipway.dev/interval: 'often' is no duration; write for example 30s, 10m or 1h30m", stalled.Message);
        Assert.Equal((before.Metadata.Generation, "1s"), ((await world.DeliveryAsync()).Metadata.Generation, (await world.DeliveryAsync()).Spec!.Source!.Interval));
        var image = await world.ImageAsync(ResourceTypes.Deployments);
        await world.PushAsync("1.1.0");

        await AnnotateAsync(world, ResourceTypes.Deployments, ("interval", "2s"));
        Assert.Equal(image, await world.ImageAsync(ResourceTypes.Deployments));
        await world.EndsAsync(2, "Succeeded");
        Assert.DoesNotContain((await world.DeliveryAsync()).Metadata.Annotations!.Keys, name => name == AnnotationNames.Problem);
    }

    [Fact]
    public async Task A_Delivery_that_somebody_wrote_is_left_alone_until_it_is_gone()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync(source: "{\"follow\":{\"alphabetical\":{}}}");
        await AnnotateAsync(world, ResourceTypes.Deployments, ("follow", "semver:>=1"));

        var happening = await EventAsync(world, "DeliveryExists");
        Assert.Contains("remove the annotation, or delete that Delivery", (string?)happening["message"], StringComparison.Ordinal);
        Assert.NotNull((await world.DeliveryAsync()).Spec!.Source!.Follow!.Alphabetical);

        await world.Deliveries.DeleteAsync(Shop, new DeleteTerms(), Stop);
        await UntilAsync(world, "made", delivery => delivery.Spec!.Source!.Follow!.Semver is not null);
    }

    [Fact]
    public async Task With_its_workload_the_Delivery_goes()
    {
        await using var world = await StartAsync(("follow", "semver:>=1"));
        await UntilAsync(world, "made", _ => true);

        await world.Any(ResourceTypes.Deployments).DeleteAsync(Shop, new DeleteTerms(), Stop);

        await world.UntilAsync("gone", async () => await FindAsync(world) is null ? "gone" : null);
    }

    [Fact]
    public async Task What_a_person_sets_on_it_stays_until_the_annotations_say_something_else()
    {
        await using var world = await StartAsync(("follow", "semver:>=1"), ("interval", "1s"));
        await world.EndsAsync(1, "Succeeded");
        await world.Deliveries.MergePatchAsync(Shop, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } }, Stop, manager: "slipway-cli");
        await world.ConditionAsync("Ready", "Suspended");

        await AnnotateAsync(world, ResourceTypes.Deployments, ("hold", "1s"));
        var changed = await UntilAsync(world, "changed", delivery => delivery.Spec!.Strategy?.Rolling?.Hold == "1s");

        // The annotations do not speak of suspend, so what a person said of it is still said.
        Assert.True(changed.Spec!.Suspend);
    }

    [Fact]
    public async Task What_was_annotated_before_the_start_is_found_at_the_start()
    {
        await using var world = await ControllerWorld.StartAsync(controller: false);
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await AnnotateAsync(world, ResourceTypes.Deployments, ("follow", "semver:>=1"), ("interval", "1s"));

        world.StartController();

        await world.EndsAsync(1, "Succeeded");
    }
}
