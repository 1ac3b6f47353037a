using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryRateLimitTests
{
    private const string Manifest = "/v2/acme/shop/manifests/1.0";
    private readonly ManualTime _time = new();

    private async Task<RegistryProbe> StartLimitedAsync(int limit, RateLimitScope scope = RateLimitScope.Pulls)
    {
        var probe = await StartAsync(new SandboxRegistryOptions { Time = _time, RateLimit = new(limit, TimeSpan.FromHours(6), scope) });
        var image = new ImageBuilder().Build();
        var content = probe.Registry.Content;
        foreach (var blob in image.Blobs)
        {
            content.PutBlob("acme/shop", blob);
        }

        content.PutManifest("acme/shop", StoredManifest.Parse(image.Manifest, image.MediaType, out _)!, "1.0");
        return probe;
    }

    [Fact]
    public async Task A_pull_counts_and_a_head_is_free()
    {
        await using var probe = await StartLimitedAsync(2);

        var head = await probe.HeadAsync(Manifest, AcceptAll);
        var first = await probe.GetAsync(Manifest, AcceptAll);
        var second = await probe.GetAsync(Manifest, AcceptAll);
        var third = await probe.GetAsync(Manifest, AcceptAll);
        var headAgain = await probe.HeadAsync(Manifest, AcceptAll);

        Assert.Equal([200, 200, 200, 429, 200], [head.Status, first.Status, second.Status, third.Status, headAgain.Status]);
        Assert.Equal(["2;w=21600", "1;w=21600", "0;w=21600", "0;w=21600"],
            [head["ratelimit-remaining"], first["ratelimit-remaining"], second["ratelimit-remaining"], headAgain["ratelimit-remaining"]]);
        Assert.Equal(("2;w=21600", "TOOMANYREQUESTS"), (third["ratelimit-limit"], third.ErrorCode));
    }

    [Fact]
    public async Task The_refusal_says_when_the_oldest_pull_is_forgotten()
    {
        await using var probe = await StartLimitedAsync(1);
        await probe.GetAsync(Manifest, AcceptAll);
        _time.Advance(TimeSpan.FromHours(5));

        var refused = await probe.GetAsync(Manifest, AcceptAll);
        _time.Advance(TimeSpan.FromSeconds(int.Parse(refused["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture)));
        var later = await probe.GetAsync(Manifest, AcceptAll);

        Assert.Equal((429, "3600", 200), (refused.Status, refused["Retry-After"], later.Status));
    }

    [Fact]
    public async Task A_limit_on_everything_counts_lists_too()
    {
        await using var probe = await StartLimitedAsync(1, RateLimitScope.Everything);

        Assert.Equal(200, (await probe.GetAsync("/v2/acme/shop/tags/list")).Status);
        Assert.Equal(429, (await probe.GetAsync("/v2/acme/shop/tags/list")).Status);
    }

    [Fact]
    public async Task A_registry_without_a_limit_says_nothing_of_it()
    {
        await using var probe = await StartAsync();

        Assert.Null((await probe.HeadAsync(Manifest, AcceptAll))["ratelimit-limit"]);
    }
}
