using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryNotificationTests
{
    private static readonly BuiltImage Shop = new ImageBuilder().Build();

    /// <summary>Keeps the envelopes it is sent, and answers what it is told to.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<int> _answers = [];
        private readonly SemaphoreSlim _heard = new(0);

        private Listener()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            _app = builder.Build();
            _app.Run(async http =>
            {
                Envelopes.Enqueue((http.Request.ContentType, http.Request.Headers.Authorization.ToString(), (await JsonNode.ParseAsync(http.Request.Body))!));
                http.Response.StatusCode = _answers.TryDequeue(out var status) ? status : 200;
                _heard.Release();
            });
        }

        public ConcurrentQueue<(string? Type, string Authorization, JsonNode Body)> Envelopes { get; } = [];

        public Uri Url => new(_app.Urls.Single());

        public IEnumerable<JsonNode> Events => Envelopes.SelectMany(envelope => envelope.Body["events"]!.AsArray().Select(one => one!));

        public static async Task<Listener> StartAsync(params int[] answers)
        {
            var listener = new Listener();
            foreach (var answer in answers)
            {
                listener._answers.Enqueue(answer);
            }

            await listener._app.StartAsync(TestContext.Current.CancellationToken);
            return listener;
        }

        public async Task HearAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await _heard.WaitAsync(TestContext.Current.CancellationToken);
            }
        }

        public ValueTask DisposeAsync()
        {
            _heard.Dispose();
            return _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_push_is_told_with_what_was_pushed_where()
    {
        await using var listener = await Listener.StartAsync();
        var endpoint = new NotificationEndpoint(listener.Url) { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer hook" }.ToImmutableDictionary() };
        await using var probe = await StartAsync(new SandboxRegistryOptions { Notifications = [endpoint], Time = new ManualTime() });

        await probe.PushAsync("acme/shop", Shop, "1.0");
        await listener.HearAsync(Shop.Blobs.Length + 1);

        var (type, authorization, body) = listener.Envelopes.Last();
        var happened = body["events"]![0]!;
        Assert.Equal(("application/vnd.docker.distribution.events.v1+json", "Bearer hook"), (type, authorization));
        Assert.Equal("push", happened["action"]!.ToString());
        Assert.Equal("2026-01-01T12:00:00.0000000Z", happened["timestamp"]!.ToString());
        Assert.Equal(probe.Registry.Address, happened["request"]!["host"]!.ToString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($$"""
            {"mediaType":"{{MediaTypes.OciManifest}}","size":{{Shop.Manifest.Length}},"digest":"{{Shop.Digest}}","length":{{Shop.Manifest.Length}},"repository":"acme/shop",
             "url":"http://{{probe.Registry.Address}}/v2/acme/shop/manifests/{{Shop.Digest}}","tag":"1.0"}
            """), happened["target"]));
    }

    [Fact]
    public async Task Only_the_actions_that_were_asked_for_are_told()
    {
        await using var listener = await Listener.StartAsync();
        await using var probe = await StartAsync(new SandboxRegistryOptions { Notifications = [new NotificationEndpoint(listener.Url) { Actions = ["delete"] }] });

        await probe.PushAsync("acme/shop", Shop, "1.0");
        await probe.SendAsync("DELETE", $"/v2/acme/shop/manifests/{Shop.Digest}", null);
        await listener.HearAsync(1);

        Assert.Equal(["delete"], listener.Events.Select(one => one["action"]!.ToString()));
    }

    [Theory]
    [InlineData("GET", "manifests/1.0")]
    [InlineData("HEAD", "manifests/1.0")]
    [InlineData("GET", "blobs/config")]
    [InlineData("HEAD", "blobs/config")]
    public async Task Whoever_reads_is_told_as_a_pull(string method, string what)
    {
        await using var listener = await Listener.StartAsync();
        await using var probe = await StartAsync(new SandboxRegistryOptions { Notifications = [new NotificationEndpoint(listener.Url) { Actions = ["pull"] }] });
        await probe.PushAsync("acme/shop", Shop, "1.0");

        await probe.SendAsync(method, $"/v2/acme/shop/{what.Replace("config", ContentDigest.Of(Shop.Blobs[0].Span), StringComparison.Ordinal)}", null, AcceptAll);
        await listener.HearAsync(1);

        Assert.Equal(method, Assert.Single(listener.Events)["request"]!["method"]!.ToString());
    }

    [Fact]
    public async Task An_envelope_is_sent_again_until_it_is_taken()
    {
        await using var listener = await Listener.StartAsync(500, 503);
        var endpoint = new NotificationEndpoint(listener.Url) { Actions = ["delete"], Backoff = TimeSpan.Zero };
        await using var probe = await StartAsync(new SandboxRegistryOptions { Notifications = [endpoint] });
        await probe.PushAsync("acme/shop", Shop, "1.0");

        await probe.SendAsync("DELETE", $"/v2/acme/shop/manifests/{Shop.Digest}", null);
        await listener.HearAsync(3);

        Assert.Single(listener.Events.Select(one => one["id"]!.ToString()).Distinct());
        Assert.Equal(0, probe.Registry.Notifiers[0].Dropped);
    }

    [Fact]
    public async Task After_the_last_attempt_the_next_envelope_has_its_turn()
    {
        await using var listener = await Listener.StartAsync(500, 500);
        var endpoint = new NotificationEndpoint(listener.Url) { Actions = ["delete", "pull"], Backoff = TimeSpan.Zero, Attempts = 2 };
        await using var probe = await StartAsync(new SandboxRegistryOptions { Notifications = [endpoint] });
        await probe.PushAsync("acme/shop", Shop, "1.0");

        await probe.GetAsync("/v2/acme/shop/manifests/1.0", AcceptAll);
        await probe.SendAsync("DELETE", "/v2/acme/shop/manifests/1.0", null);
        await listener.HearAsync(3);

        Assert.Equal(["pull", "pull", "delete"], listener.Events.Select(one => one["action"]!.ToString()));
        Assert.Equal(1, probe.Registry.Notifiers[0].Dropped);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_does_not_stop_the_registry()
    {
        await using var probe = await StartAsync(new SandboxRegistryOptions { Notifications = [new NotificationEndpoint(new Uri("http://127.0.0.1:9/"))] });

        await probe.PushAsync("acme/shop", Shop, "1.0");

        Assert.Equal(200, (await probe.HeadAsync("/v2/acme/shop/manifests/1.0", AcceptAll)).Status);
    }
}
