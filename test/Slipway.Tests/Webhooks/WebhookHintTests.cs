using System.Security.Cryptography;
using System.Text;
using Slipway.Tests.Webhooks.Payloads;
using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks;

/// <summary>What comes of a request that is let in, over real HTTP.</summary>
public sealed class WebhookHintTests
{
    // Its token comes from an issuer: see IssuerTokenTests.
    public static TheoryData<string> Types => [.. ReceiverType.All.Keys.Where(name => name != "gcr").Order()];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Each_vendor_is_let_in_by_what_it_can_send(string name)
    {
        var type = ReceiverType.All[name];
        var signs = type.Proofs.HasFlag(ReceiverProofs.Hmac) && !type.Proofs.HasFlag(ReceiverProofs.Token);
        var proof = signs ? "\"hmac\":{\"secretFile\":\"FILES/secret\"}" : "\"tokenFile\":\"FILES/secret\"";
        var registry = name is "nexus" ? ",\"registry\":\"nexus.acme.org:8082\"" : "";
        await using var world = await WebhookWorld.StartAsync($$"""[{"name":"in","type":"{{name}}",{{proof}}{{registry}} }]""");
        var sample = SamplePayloads.All[name];
        (string, string)[] headers = [("X-GitHub-Event", "package"), signs ? Signed(type.Signature!, sample.Body) : (type.TokenHeader ?? "Authorization", WebhookWorld.Secret)];

        var (status, text, _) = await world.SendAsync(type.TokenInQuery ? $"/webhooks/in?secret={WebhookWorld.Secret}" : "/webhooks/in", sample.Body, type.TokenInQuery ? [] : headers);

        Assert.Equal((202, "1 feeds look\n"), (status, text));
        var hint = Assert.Single(world.Hints);
        Assert.Equal(sample.Image, $"{hint.Repository}:{hint.Tag}");
        Assert.Equal(1, world.Counts["slipway_webhook_looks_total{receiver=in}"]);
    }

    [Fact]
    public async Task A_login_is_let_in()
    {
        await using var world = await WebhookWorld.StartAsync("""[{"name":"in","type":"acr","basic":{"usernameFile":"FILES/user","passwordFile":"FILES/secret"} }]""");

        Assert.Equal(202, (await world.SendAsync("/webhooks/in", SamplePayloads.All["acr"].Body, ("Authorization", $"Basic {SamplePayloads.Base64($"ci:{WebhookWorld.Secret}")}"))).Status);
        Assert.Equal(401, (await world.SendAsync("/webhooks/in", SamplePayloads.All["acr"].Body, ("Authorization", $"Basic {SamplePayloads.Base64($"cj:{WebhookWorld.Secret}")}"))).Status);
    }

    [Fact]
    public async Task A_signature_is_of_the_body_that_came()
    {
        await using var world = await WebhookWorld.StartAsync("""[{"name":"in","type":"generic","hmac":{"secretFile":"FILES/secret"} }]""");
        var body = SamplePayloads.All["generic"].Body;

        Assert.Equal(202, (await world.SendAsync("/webhooks/in", body, Signed(SignatureScheme.Generic, body))).Status);
        Assert.Equal(401, (await world.SendAsync("/webhooks/in", body + " ", Signed(SignatureScheme.Generic, body))).Status);
        Assert.Equal(401, (await world.SendAsync("/webhooks/in", body)).Status);
        Assert.Single(world.Hints);
    }

    [Fact]
    public async Task The_default_receiver_needs_a_token_and_no_configuration()
    {
        await using var world = await WebhookWorld.StartAsync(token: "s3cr3t");

        Assert.Equal(202, (await world.SendAsync("/webhooks/distribution", SamplePayloads.All["distribution"].Body, ("Authorization", "Bearer s3cr3t"))).Status);
        Assert.Equal(401, (await world.SendAsync("/webhooks/distribution", SamplePayloads.All["distribution"].Body, ("Authorization", "Bearer other"))).Status);
    }

    [Fact]
    public async Task A_configured_receiver_takes_the_place_of_the_default()
    {
        await using var world = await WebhookWorld.StartAsync("""[{"name":"distribution","type":"distribution","tokenFile":"FILES/secret"}]""", token: "s3cr3t");

        Assert.Equal(401, (await world.SendAsync("/webhooks/distribution", SamplePayloads.All["distribution"].Body, ("Authorization", "Bearer s3cr3t"))).Status);
        Assert.Equal(202, (await world.SendAsync("/webhooks/distribution", SamplePayloads.All["distribution"].Body, ("Authorization", $"Bearer {WebhookWorld.Secret}"))).Status);
    }

    [Fact]
    public async Task An_event_that_pushes_nothing_is_fine_and_looks_at_nothing()
    {
        await using var world = await WebhookWorld.WithTokenAsync("harbor");

        var (status, text, _) = await world.SendAsync("/webhooks/in", """{"type":"PULL_ARTIFACT"}""", ("Authorization", WebhookWorld.Secret));

        Assert.Equal((200, "nothing to look at: the event 'PULL_ARTIFACT' pushes nothing; choose 'Artifact pushed' for this webhook\n"), (status, text));
        Assert.Empty(world.Hints);
        Assert.Equal(1, world.Counts["slipway_webhook_requests_total{outcome=ignored,receiver=in}"]);
    }

    [Fact]
    public async Task A_push_by_digest_alone_looks_at_nothing()
    {
        await using var world = await WebhookWorld.WithTokenAsync("distribution");
        var body = SamplePayloads.All["distribution"].Body.Replace("\"tag\":\"1.0\"", $"\"digest\":\"{SamplePayloads.Digest}\"", StringComparison.Ordinal);

        Assert.Equal(200, (await world.SendAsync("/webhooks/in", body, ("Authorization", WebhookWorld.Secret))).Status);
        Assert.Empty(world.Hints);
    }

    [Fact]
    public async Task Many_tags_of_one_repository_are_one_hint_at_all_of_it()
    {
        await using var world = await WebhookWorld.WithTokenAsync("quay");

        var answer = await world.SendAsync($"/webhooks/in?secret={WebhookWorld.Secret}", """{"repository":"acme/shop","updated_tags":["1.0","1","latest"]}""");

        Assert.Equal("1 feeds look\n", answer.Text);
        Assert.Equal(new RegistryHint(new("quay.io", "acme/shop"), null, null), Assert.Single(world.Hints));
    }

#pragma warning disable CA5350 // Nexus has no other.
    private static (string, string) Signed(SignatureScheme scheme, string body)
    {
        var (key, bytes) = (Encoding.UTF8.GetBytes(WebhookWorld.Secret), Encoding.UTF8.GetBytes(body));
        var sha1 = scheme == SignatureScheme.Nexus;
        var digits = Convert.ToHexStringLower(sha1 ? HMACSHA1.HashData(key, bytes) : HMACSHA256.HashData(key, bytes));
        return (scheme.Header, scheme.Prefixed ? $"sha256={digits}" : digits);
    }
#pragma warning restore CA5350
}
