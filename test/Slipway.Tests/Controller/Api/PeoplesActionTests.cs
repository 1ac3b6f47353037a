using System.Text.Json.Nodes;
using Slipway.Actions;
using Slipway.Kube;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Controller.Api;

public sealed class PeoplesActionTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    public static TheoryData<string> Kinds => [.. ActionKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_action_is_written_as_the_command_line_does_it_with_who_where_and_why(string action)
    {
        var name = $"acts-{action}";
        await world.SeedAsync("prod", name, action switch
        {
            "rollback" => null,
            "promote" or "abort" => delivery => delivery["status"]!["rollout"] = JsonNode.Parse(Samples.Advancing())!["status"]!["rollout"]!.DeepClone(),
            _ => delivery => delivery["status"]!["lastRelease"] = 3,
        });
        await VisibleAsync(name);
        var user = $"ada-{action}";
        await world.GrantAsync(user, "prod", $"update deliveries/{action}");

        var reply = await world.SendAsync("POST", $"/api/v1/namespaces/prod/deliveries/{name}/{action}", world.Server.AddUser(user), """{"reason":"it is Friday"}""");

        Assert.True(reply.Code == 202, reply.Text);
        var delivery = (await world.Any(ResourceTypes.Deliveries).GetAsync(new ObjectKey("prod", name), TestContext.Current.CancellationToken))!.Value;
        var annotation = ActionKind.Find(action)!.Annotation;
        if (annotation is not null)
        {
            var value = (string)delivery["metadata"]!["annotations"]![annotation]!;
            Assert.EndsWith($" from api/127.0.0.1 by {user} because it is Friday", value, StringComparison.Ordinal);
            Assert.Equal(value, (string)reply.Json["request"]!);
            Assert.Equal(action is "approve" or "reject" or "retry", value.Contains($" digest {Samples.Digest120}", StringComparison.Ordinal));
        }

        Assert.Equal(action == "suspend", (bool?)delivery["spec"]!["suspend"] ?? false);
        Assert.Contains($"'{user}' asked to {action} (because 'it is Friday') Delivery 'prod/{name}' from 127.0.0.1: written", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_certain_to_be_refused_is_said_at_once_and_nothing_is_written()
    {
        var reply = await world.SendAsync("POST", "/api/v1/namespaces/prod/deliveries/shop/rollback", world.Server.AdminToken, """{"to":3}""");

        Assert.Equal((409, "NothingToRollBackTo"), (reply.Code, reply.Reason));
        var delivery = (await world.Any(ResourceTypes.Deliveries).GetAsync(new ObjectKey("prod", "shop"), TestContext.Current.CancellationToken))!.Value;
        Assert.Null(delivery["metadata"]!["annotations"]);
        Assert.Contains("asked to rollback (to 3) Delivery 'prod/shop' from 127.0.0.1: refused, NothingToRollBackTo", world.Log, StringComparison.Ordinal);
    }

    private async Task VisibleAsync(string name)
    {
        for (var tries = 0; tries < 3000; tries++)
        {
            var reply = await world.Any(ResourceTypes.Deliveries).GetAsync(new ObjectKey("prod", name), default);
            var seen = world.Context.Cluster!.Deliveries.Find(new ObjectKey("prod", name));
            if (seen?.ResourceVersion == reply!.ResourceVersion && world.Context.Cluster.Releases.ByIndex("delivery", reply.Uid).Count == 3)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new TimeoutException($"{name} did not come into the caches");
    }
}
