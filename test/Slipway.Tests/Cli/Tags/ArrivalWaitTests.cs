using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;

namespace Slipway.Tests.Cli.Tags;

/// <summary><c>tags move --wait</c>: the registry is real, the controller is a script.</summary>
public sealed class ArrivalWaitTests : IAsyncLifetime
{
    private SandboxRegistry _registry = null!;
    private string _digest = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await SandboxRegistry.StartAsync(cancellationToken: Stop);
        using var connection = new RegistryConnection(_registry.Url, null);
        _digest = await new ImagePusher(connection).PushAsync("acme/shop", new ImageBuilder().Build(), Stop, "1.2.0");
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    private JsonObject Status(Action<JsonNode> change)
    {
        var delivery = JsonNode.Parse(Samples.Calm())!.AsObject();
        delivery["status"]!["candidate"]!["digest"] = _digest;
        change(delivery["status"]!);
        return delivery;
    }

    private Task<CliRun> MoveAsync(FakeCluster cluster, params string[] more) =>
        CliRun.OfAsync(["tags", "move", $"{_registry.Address}/acme/shop", "1.2.0", "prod", "--wait", "shop", .. more], connect: cluster.Connect);

    private static string Line(JsonObject delivery) => new JsonObject { ["type"] = "MODIFIED", ["object"] = delivery.DeepClone() }.ToJsonString();

    private Task<CliRun> WatchAsync(params JsonObject[] steps)
    {
        for (var version = 0; version < steps.Length; version++)
        {
            steps[version]["metadata"]!["resourceVersion"] = $"{200 + version}";
        }

        return MoveAsync(new FakeCluster { WatchScript = watch => watch == 1 ? [.. steps.Select(Line)] : null }.With("deliveries", Samples.Calm()));
    }

    private JsonObject Advancing() => Status(status => status["rollout"] = JsonNode.Parse(
        $$"""{"phase":"Advancing","attempt":{"number":3,"release":"shop-3","tag":"1.2.0","digest":"{{_digest}}","cause":"NewImage","startedAt":"2026-03-01T11:59:00Z"},"wave":0,"deadline":"2026-03-01T12:09:00Z"}"""));

    [Fact]
    public async Task It_stays_until_the_Delivery_runs_the_image()
    {
        var run = await WatchAsync(Advancing(), Status(status => status["current"] = JsonNode.Parse($$"""{"tag":"1.2.0","digest":"{{_digest}}","release":3}""")));

        Assert.Equal(0, run.Code);
        Assert.EndsWith("(release 3)\n", run.Out, StringComparison.Ordinal);
        Assert.Equal("  not seen yet; the policy selects 1.1.0\n  release 3 is being rolled out\n", run.Error);
    }

    [Fact]
    public async Task It_ends_with_6_when_the_image_was_rolled_back()
    {
        var run = await WatchAsync(Advancing(), Status(status => status["rejected"] = JsonNode.Parse(
            $$"""[{"tag":"1.2.0","digest":"{{_digest}}","release":3,"reason":"CrashLoopBackOff","message":"web crashes","terms":"v1:0"}]""")));

        Assert.Equal(6, run.Code);
        Assert.Contains("release 3: CrashLoopBackOff: web crashes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_5_when_the_image_is_held()
    {
        var run = await WatchAsync(Status(status => status["held"] = JsonNode.Parse("""{"reason":"PlatformMismatch","message":"no arm64"}""")));

        Assert.Equal(5, run.Code);
        Assert.Contains("PlatformMismatch: no arm64; 'slipway why shop'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_5_when_nothing_happens_in_time_and_the_tag_stays_moved()
    {
        var run = await MoveAsync(new FakeCluster().With("deliveries", Samples.Calm()), "--timeout", "50ms");

        Assert.Equal(5, run.Code);
        Assert.Contains("after 50ms: not seen yet; the policy selects 1.1.0", run.Error, StringComparison.Ordinal);
        Assert.Equal(_digest, _registry.Content.FindManifest("acme/shop", "prod")!.Digest);
    }

    [Fact]
    public async Task It_ends_with_4_when_there_is_no_such_Delivery() => Assert.Equal(4, (await MoveAsync(new FakeCluster())).Code);

    [Fact]
    public async Task It_only_reads()
    {
        var cluster = new FakeCluster().With("deliveries", Samples.Calm());

        await MoveAsync(cluster, "--timeout", "50ms");

        Assert.All(cluster.Requests, request => Assert.Equal("GET", request.Method));
    }
}
