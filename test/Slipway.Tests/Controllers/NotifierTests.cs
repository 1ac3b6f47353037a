using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api;
using Slipway.CheckSources;
using Slipway.Kube;
using Slipway.Tests.Kube;

namespace Slipway.Tests.Controllers;

/// <summary>From a push to a chat, with the whole controller, the sandbox, and a stand-in for the chat.</summary>
public sealed class NotifierTests
{
    // In no log, status, Event or message may it be found.
    private const string Canary = "canary-5ec7e7";

    [Fact]
    public async Task A_rollout_is_told_and_an_endpoint_that_is_down_holds_nothing_up()
    {
        await using var good = await ScriptedServer.StartAsync((_, _) => Task.CompletedTask);
        await using var down = await ScriptedServer.StartAsync((context, _) => { context.Response.StatusCode = 503; return context.Response.WriteAsync(Canary); });
        await using var world = await StartAsync(good, down);
        await SecretAsync(world, good, down);
        await NotifyAsync(world, "chat", """{"slack":{"secretRef":{"name":"chat","key":"good"}}}""");
        await NotifyAsync(world, "signed", $$"""{"webhook":{"address":"{{good.Address}}hook","secretRef":{"name":"chat","key":"key"} },"events":["Succeeded"]}""");
        await NotifyAsync(world, "down", """{"slack":{"secretRef":{"name":"chat","key":"down"}}}""");
        await NotifyAsync(world, "wrong", """{"teams":{"secretRef":{"name":"nobody","key":"url"}}}""");

        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");

        await world.UntilAsync("the chat hears of the end", () => Task.FromResult(good.Requests.FirstOrDefault(request => request.Path == $"/{Canary}" && request.Body.Contains("default/shop: 1.1.0 runs", StringComparison.Ordinal))));
        var signed = await world.UntilAsync("the webhook hears of it", () => Task.FromResult(good.Requests.FirstOrDefault(request => request.Path == "/hook" && request.Body.Contains("1.1.0", StringComparison.Ordinal))));
        Assert.Equal("Succeeded", (string?)JsonNode.Parse(signed.Body)!["event"]);
        Assert.StartsWith("v1,", signed.Headers["webhook-signature"], StringComparison.Ordinal);
        Assert.Equal(good.Requests.Count, good.Requests.DistinctBy(request => (request.Path, request.Body)).Count());

        Assert.Equal(("True", "Listening"), await ReadyAsync(world, "chat", "Listening"));
        Assert.Equal(("False", "NotDelivered"), await ReadyAsync(world, "down", "NotDelivered"));
        Assert.Equal(("False", "NotDelivered"), await ReadyAsync(world, "wrong", "NotDelivered"));
        Assert.Contains("there is no Secret default/nobody", (await StatusAsync(world, "wrong"))!.Conditions!.Single().Message, StringComparison.Ordinal);
        await NothingShowsTheSecretAsync(world);
    }

    [Fact]
    public async Task What_was_told_before_a_restart_is_not_told_again()
    {
        await using var chat = await ScriptedServer.StartAsync((_, _) => Task.CompletedTask);
        await using var world = await StartAsync(chat, chat);
        await SecretAsync(world, chat, chat);
        await NotifyAsync(world, "chat", """{"slack":{"secretRef":{"name":"chat","key":"good"}},"events":["Succeeded","Started"]}""");
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();
        await world.EndsAsync(1, "Succeeded");
        await world.PushAsync("1.1.0");
        await world.EndsAsync(2, "Succeeded");
        await world.UntilAsync("it is told", () => Task.FromResult(chat.Requests.FirstOrDefault(request => request.Body.Contains("1.1.0 runs", StringComparison.Ordinal))));

        await world.StopControllerAsync();
        world.StartController();
        await world.PushAsync("1.2.0");
        await world.EndsAsync(3, "Succeeded");
        await world.UntilAsync("the next is told", () => Task.FromResult(chat.Requests.FirstOrDefault(request => request.Body.Contains("1.2.0 runs", StringComparison.Ordinal))));

        Assert.Single(chat.Requests, request => request.Body.Contains("1.1.0 runs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Notifier_that_cannot_be_read_says_so_and_an_address_of_the_controllers_own_machine_is_refused()
    {
        await using var chat = await ScriptedServer.StartAsync((_, _) => Task.CompletedTask);
        await using var world = await ControllerWorld.StartAsync();
        await SecretAsync(world, chat, chat);
        await NotifyAsync(world, "both", """{"webhook":{"address":"https://a.example.com"},"namespaces":["*"]}""");
        await NotifyAsync(world, "inside", $$"""{"webhook":{"address":"{{chat.Address}}"} }""");
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync();

        Assert.Equal(("False", "InvalidSpec"), await ReadyAsync(world, "both", "InvalidSpec"));
        Assert.Equal(("False", "NotDelivered"), await ReadyAsync(world, "inside", "NotDelivered"));
        Assert.Contains("is the controller's own machine", (await StatusAsync(world, "inside"))!.Conditions!.Single().Message, StringComparison.Ordinal);
        Assert.Empty(chat.Requests);
    }

    private static async Task<ControllerWorld> StartAsync(params ScriptedServer[] servers)
    {
        var world = await ControllerWorld.StartAsync(controller: false);
        world.Checks = new CheckConfiguration { AllowedHosts = [.. servers.Select(server => server.Address.Authority).Distinct()] };
        world.StartController();
        return world;
    }

    private static Task SecretAsync(ControllerWorld world, ScriptedServer good, ScriptedServer down) => world.ApplyAsync(ResourceTypes.Secrets, "chat", new JsonObject
    {
        ["data"] = new JsonObject
        {
            ["good"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{good.Address}{Canary}\n")),
            ["down"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{down.Address}{Canary}")),
            ["key"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)),
        },
    });

    private static Task NotifyAsync(ControllerWorld world, string name, string spec) => world.ApplyAsync(ResourceTypes.Notifiers, name, new JsonObject { ["spec"] = JsonNode.Parse(spec) });

    private static async Task<NotifierStatus?> StatusAsync(ControllerWorld world, string name) =>
        (await new ResourceClient<Notifier>(world.Admin, ResourceTypes.Notifiers, ApiJson.Default.Notifier).GetAsync(new ObjectKey("default", name), default))?.Value.Status;

    private static async Task<(string, string)> ReadyAsync(ControllerWorld world, string name, string reason)
    {
        var ready = await world.UntilAsync($"{name} is {reason}", async () => (await StatusAsync(world, name))?.Conditions?.SingleOrDefault(condition => condition.Reason == reason));
        return (ready.Status, ready.Reason);
    }

    private static async Task NothingShowsTheSecretAsync(ControllerWorld world)
    {
        Assert.DoesNotContain(Canary, world.Log, StringComparison.Ordinal);
        foreach (var type in new[] { ResourceTypes.Notifiers, ResourceTypes.Deliveries, ResourceTypes.Releases, ResourceTypes.Events })
        {
            foreach (var item in (await world.Any(type).ListAsync(ListScope.All, default)).Items)
            {
                Assert.DoesNotContain(Canary, item.Value.ToJsonString(), StringComparison.Ordinal);
            }
        }
    }
}
