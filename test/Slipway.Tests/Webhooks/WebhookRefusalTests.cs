using System.Text;
using Slipway.Tests.Queue;
using Slipway.Tests.Webhooks.Payloads;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks;

/// <summary>Every way to be refused, over real HTTP.</summary>
public sealed class WebhookRefusalTests
{
    private static readonly string Push = SamplePayloads.All["generic"].Body;

    private static readonly (string, string) Right = ("Authorization", $"Bearer {WebhookWorld.Secret}");

    private static readonly (string, string) Wrong = ("Authorization", "Bearer guessed-horse-battery");

    [Fact]
    public async Task Nobody_comes_in_without_a_credential()
    {
        await using var world = await WebhookWorld.WithTokenAsync();

        var (status, text, headers) = await world.SendAsync("/webhooks/in", Push);

        Assert.Equal((401, "the token is missing or wrong: send it as 'Authorization: Bearer TOKEN'\n"), (status, text));
        Assert.Equal("Bearer", headers.WwwAuthenticate.ToString());
        Assert.Empty(world.Hints);
        Assert.Equal(1, world.Counts["slipway_webhook_requests_total{outcome=unauthenticated,receiver=in}"]);
    }

    [Fact]
    public async Task A_wrong_credential_is_answered_as_none_and_written_nowhere()
    {
        await using var world = await WebhookWorld.WithTokenAsync();

        var missing = await world.SendAsync("/webhooks/in", Push);
        var wrong = await world.SendAsync("/webhooks/in", "\u001b[31mforged", Wrong, ("X-Evil", "header-content"));

        Assert.Equal((missing.Status, missing.Text), (wrong.Status, wrong.Text));
        Assert.Contains("Receiver in refused a request from 127.0.0.1: the token is missing or wrong", world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed", world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("header-content", world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(WebhookWorld.Secret, world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_credential_there_is_no_route()
    {
        await using var world = await WebhookWorld.StartAsync();

        Assert.Equal(404, (await world.SendAsync("/webhooks/distribution", Push, Right)).Status);
        Assert.Equal(404, (await world.SendAsync("/webhooks/", Push, Right)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused(bool declared)
    {
        await using var world = await WebhookWorld.WithTokenAsync();
        HttpContent body = declared ? new ByteArrayContent(new byte[(1 << 20) + 1]) : new Endless((1 << 20) + 1);

        var (status, text, _) = await world.SendAsync("/webhooks/in", body, [Right]);

        Assert.Equal((413, "the body is longer than 1048576 bytes; send the vendor's notification as it is\n"), (status, text));
    }

    [Fact]
    public async Task A_body_that_trickles_is_cut_off()
    {
        await using var world = await WebhookWorld.WithTokenAsync();
        using var socket = await world.BeginAsync(Head("in", 100, "Authorization: Bearer " + WebhookWorld.Secret));
        await socket.SendAsync("{\"image\""u8.ToArray(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => world.Time.Armed > 0, "the body is waited for");

        world.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.StartsWith("HTTP/1.1 408 ", await ReadAsync(socket), StringComparison.Ordinal);
        Assert.Equal(1, world.Counts["slipway_webhook_requests_total{outcome=too_slow,receiver=in}"]);
    }

    [Fact]
    public async Task A_stranger_is_refused_before_a_byte_of_the_body_is_there()
    {
        await using var world = await WebhookWorld.WithTokenAsync();
        using var socket = await world.BeginAsync(Head("in", 1 << 20, "X-None: 1"));

        Assert.StartsWith("HTTP/1.1 401 ", await ReadAsync(socket), StringComparison.Ordinal);
        Assert.Equal(0, world.Time.Armed);
    }

    [Fact]
    public async Task More_at_once_than_there_is_room_for_is_told_to_come_again()
    {
        await using var world = await WebhookWorld.StartAsync("""[{"name":"in","type":"github","hmac":{"secretFile":"FILES/secret"} },{"name":"other","type":"generic","tokenFile":"FILES/secret"}]""");
        var sockets = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.BeginAsync(Head("in", 100, "X-Hub-Signature-256: sha256=00"))));
        await Eventually.TrueAsync(() => world.Time.Armed == 16, "all bodies are waited for");

        var (status, _, headers) = await world.SendAsync("/webhooks/in", Push);

        Assert.Equal((503, "1"), (status, headers.RetryAfter?.ToString()));
        Assert.Equal(202, (await world.SendAsync("/webhooks/other", Push, Right)).Status);
        world.Time.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(sockets.Select(ReadAsync));
        Assert.Equal(401, (await world.SendAsync("/webhooks/in", Push)).Status);
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Theory]
    [InlineData("garbage", 400, "the body is not valid JSON")]
    [InlineData("{}", 400, "the body names no image; send")]
    [InlineData("[]", 400, "the body is JSON, but no object")]
    public async Task Garbage_is_told_what_to_send(string body, int status, string text)
    {
        await using var world = await WebhookWorld.WithTokenAsync();

        var answer = await world.SendAsync("/webhooks/in", body, Right);

        Assert.Equal(status, answer.Status);
        Assert.StartsWith(text, answer.Text, StringComparison.Ordinal);
        Assert.Contains("Receiver in was sent what it does not take", world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_payload_says_is_escaped_in_the_log()
    {
        await using var world = await WebhookWorld.WithTokenAsync();

        await world.SendAsync("/webhooks/in", """{"image":"a\nWarning Forged line\u001b[31m","tag":"1"}""", Right);

        Assert.Contains(@"\u000aWarning Forged", world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("\nWarning Forged", world.Log, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', world.Log);
    }

    [Fact]
    public async Task Another_form_is_told_which()
    {
        await using var world = await WebhookWorld.WithTokenAsync();

        var get = await world.SendAsync("/webhooks/in", null, [Right], HttpMethod.Get);
        var form = await world.SendAsync("/webhooks/in", new StringContent(Push, Encoding.UTF8, "text/plain"), [Right]);

        Assert.Equal((405, 415), (get.Status, form.Status));
        Assert.Contains("application/json", form.Text, StringComparison.Ordinal);
        Assert.Empty(world.Hints);
    }

    [Fact]
    public async Task A_sender_beyond_its_allowance_is_told_when_to_come_again()
    {
        await using var world = await WebhookWorld.WithTokenAsync(allowance: new AllowanceTerms(2, 0.1));
        await world.SendAsync("/webhooks/in", Push, Right);
        await world.SendAsync("/webhooks/in", Push, Right);

        var (status, _, headers) = await world.SendAsync("/webhooks/in", Push, Right);

        Assert.Equal((429, "10"), (status, headers.RetryAfter?.ToString()));
        Assert.Equal(2, world.Hints.Count);
        world.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(202, (await world.SendAsync("/webhooks/in", Push, Right)).Status);
    }

    [Fact]
    public async Task Strangers_beyond_their_allowance_are_told_nothing_and_not_logged_and_lock_nobody_out()
    {
        await using var world = await WebhookWorld.WithTokenAsync();
        var answers = new List<int>();
        for (var at = 0; at < 25; at++)
        {
            answers.Add((await world.SendAsync("/webhooks/in", Push, Wrong)).Status);
        }

        Assert.Equal([.. Enumerable.Repeat(401, 20), .. Enumerable.Repeat(429, 5)], answers);
        Assert.Equal(20, world.Log.Split("refused a request").Length - 1);
        Assert.Equal(202, (await world.SendAsync("/webhooks/in", Push, Right)).Status);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, (await world.SendAsync("/webhooks/in", Push, Wrong)).Status);
    }

    [Fact]
    public async Task A_receiver_speaks_for_its_repositories_alone()
    {
        await using var world = await WebhookWorld.WithTokenAsync("distribution", ""","repositories":["registry.acme.org:5000/acme/*"]""");
        var ours = SamplePayloads.All["distribution"].Body;
        var both = ours.Replace("""{"events":[""", """{"events":[{"action":"push","target":{"repository":"evil/shop","tag":"1.0"},"request":{"host":"registry.acme.org:5000"}},""", StringComparison.Ordinal);

        var (status, text, _) = await world.SendAsync("/webhooks/in", ours.Replace("acme/shop", "evil/shop", StringComparison.Ordinal), Right);

        Assert.Equal((403, "this receiver may not speak for 'registry.acme.org:5000/evil/shop'; its repositories are in the controller's configuration\n"), (status, text));
        Assert.Equal(202, (await world.SendAsync("/webhooks/in", both, Right)).Status);
        Assert.Equal("registry.acme.org:5000/acme/shop", Assert.Single(world.Hints).Repository.ToString());
    }

    [Fact]
    public async Task A_secret_changes_with_its_file()
    {
        await using var world = await WebhookWorld.WithTokenAsync();
        world.Write("secret", "another-horse-battery-staple\n");

        Assert.Equal(401, (await world.SendAsync("/webhooks/in", Push, Right)).Status);
        Assert.Equal(202, (await world.SendAsync("/webhooks/in", Push, ("Authorization", "Bearer another-horse-battery-staple"))).Status);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("short", "has under 16 characters; make one with 'openssl rand -hex 32'")]
    [InlineData("", "has under 16 characters")]
    [InlineData("long", "is longer than 4096 bytes")]
    public async Task A_secret_that_is_no_good_lets_nobody_in_and_says_so_in_the_log(string? content, string why)
    {
        await using var world = await WebhookWorld.WithTokenAsync();
        world.Delete("secret");
        if (content is not null)
        {
            world.Write("secret", content is "long" ? new string('a', 5000) : content);
        }

        var (status, text, headers) = await world.SendAsync("/webhooks/in", Push, ("Authorization", $"Bearer {content}"));

        Assert.Equal((503, "60"), (status, headers.RetryAfter?.ToString()));
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains(why, world.Log, StringComparison.Ordinal);
    }

    private static string Head(string receiver, int length, string header) =>
        $"POST /webhooks/{receiver} HTTP/1.1\r\nHost: slipway\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{header}\r\n\r\n";

    private static async Task<string> ReadAsync(System.Net.Sockets.Socket socket)
    {
        await using var stream = new System.Net.Sockets.NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    // Without a length, so that it is counted as it comes.
    private sealed class Endless(int bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            Headers.ContentType = new("application/json");
            await stream.WriteAsync(new byte[bytes]);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
