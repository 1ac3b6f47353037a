using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RequestLogTests
{
    [Fact]
    public async Task Requests_are_counted_by_verb_repository_and_kind()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", new ImageBuilder().Build(), "1.0");
        probe.Registry.Log.Clear();

        await probe.HeadAsync("/v2/acme/shop/manifests/1.0", AcceptAll);
        await probe.GetAsync("/v2/acme/shop/manifests/1.0", AcceptAll);
        await probe.GetAsync("/v2/acme/shop/tags/list");
        await probe.GetAsync("/v2/acme/other/tags/list");

        var log = probe.Registry.Log;
        Assert.Equal(4, log.Count());
        Assert.Equal(2, log.Count(RequestKind.Manifest));
        Assert.Equal(1, log.Count(RequestKind.Manifest, method: "HEAD"));
        Assert.Equal(3, log.Count(repository: "acme/shop"));
        Assert.Equal([200, 200, 200, 404], log.Requests.Select(request => request.Status));
    }

    [Fact]
    public async Task What_a_client_shows_of_itself_is_kept()
    {
        await using var probe = await StartAsync();

        await probe.GetAsync("/v2/", Basic("ci", "s3cret"), ("X-Trace", "7"));

        var seen = Assert.Single(probe.Registry.Log.Requests);
        Assert.Equal(Basic("ci", "s3cret").Item2, seen.Authorization);
        Assert.Equal("7", seen.Request.Header("x-trace"));
    }

    [Fact]
    public async Task A_test_can_wait_for_a_request()
    {
        await using var probe = await StartAsync();
        var waiting = probe.Registry.Log.WhenAsync(log => log.Count(RequestKind.Tags) == 2, TestContext.Current.CancellationToken);

        await probe.GetAsync("/v2/a/tags/list");
        Assert.False(waiting.IsCompleted);
        await probe.GetAsync("/v2/a/tags/list");

        await waiting;
    }
}
