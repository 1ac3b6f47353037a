using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Tests.Kube;
using Slipway.Tests.Queue;
using static Slipway.Tests.Kube.Answers;

namespace Slipway.Tests.Leadership;

public sealed class LeaderFenceTests : IDisposable
{
    private static readonly ObjectKey Lease = new("slipway", "controller");
    private static readonly ObjectKey Shop = new("prod", "shop");

    private readonly VirtualTime _time = new();
    private readonly Tenure _tenure;

    public LeaderFenceTests() => _tenure = new Tenure(_time);

    public void Dispose() => _tenure.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ClusterConnection Connect(ScriptedServer server) => server.Connect(new ConnectionOptions { Time = _time, Handlers = [new LeaderFence(_tenure, Lease)] });

    private void Lead() => _tenure.Extend(_tenure.Now(), TimeSpan.FromSeconds(10));

    private static Task<ScriptedServer> EchoAsync() => ScriptedServer.StartAsync((context, _) => context.JsonAsync(ThingJson("shop", "42")));

    [Fact]
    public async Task Who_does_not_lead_reads_but_sends_no_write()
    {
        await using var server = await EchoAsync();
        using var connection = Connect(server);
        var client = Client(connection);

        await client.GetAsync(Shop, Ct);
        await Assert.ThrowsAsync<NotLeaderException>(() => client.CreateAsync("prod", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "shop" } }, Ct));
        await Assert.ThrowsAsync<NotLeaderException>(() => client.ApplyAsync(Shop, [], null, Ct));
        await Assert.ThrowsAsync<NotLeaderException>(() => client.MergePatchAsync(Shop, [], Ct));
        await Assert.ThrowsAsync<NotLeaderException>(() => client.DeleteAsync(Shop, new DeleteTerms(), Ct));

        Assert.Equal(["GET"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task The_leader_writes_until_its_time_is_up()
    {
        await using var server = await EchoAsync();
        using var connection = Connect(server);
        Lead();

        await Client(connection).MergePatchAsync(Shop, [], Ct);
        _time.Advance(TimeSpan.FromSeconds(10));
        var refused = await Assert.ThrowsAsync<NotLeaderException>(() => Client(connection).MergePatchAsync(Shop, [], Ct));

        Assert.Contains("PATCH /apis/example.dev/v1/namespaces/prod/things/shop was not sent", refused.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_lease_itself_and_reviews_pass()
    {
        await using var server = await EchoAsync();
        using var connection = Connect(server);
        var leases = new ResourceClient<string>(connection, ResourceTypes.Leases, _ => "");
        var reviews = new ResourceClient<string>(connection, new ResourceType("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", Namespaced: false), _ => "");

        await leases.MergePatchAsync(Lease, [], Ct);
        await leases.CreateAsync(Lease.Namespace, [], Ct);
        await reviews.CreateAsync(null, [], Ct);

        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("slipway", "other")]
    [InlineData("prod", "controller")]
    public async Task Another_lease_does_not(string ns, string name)
    {
        await using var server = await EchoAsync();
        using var connection = Connect(server);

        await Assert.ThrowsAsync<NotLeaderException>(() => new ResourceClient<string>(connection, ResourceTypes.Leases, _ => "").MergePatchAsync(new ObjectKey(ns, name), [], Ct));
    }

    [Fact]
    public async Task A_write_under_way_is_cut_off_when_the_term_ends()
    {
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync((context, _) => context.HoldAsync(server!.Closing));
        using var connection = Connect(server);
        Lead();

        var write = Client(connection).MergePatchAsync(Shop, [], Ct);
        await server.HasAsync(1);
        _time.Advance(TimeSpan.FromSeconds(10));

        var cut = await Assert.ThrowsAsync<NotLeaderException>(() => write);
        Assert.Contains("whether it was done is not known", cut.Message);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_about_tenure()
    {
        ScriptedServer? server = null;
        await using var _ = server = await ScriptedServer.StartAsync((context, _) => context.HoldAsync(server!.Closing));
        using var connection = Connect(server);
        using var stop = new CancellationTokenSource();
        Lead();

        var write = Client(connection).MergePatchAsync(Shop, [], stop.Token);
        await server.HasAsync(1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }
}
