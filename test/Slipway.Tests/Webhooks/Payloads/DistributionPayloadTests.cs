using System.Text;
using Slipway.Images;
using Slipway.Webhooks;
using Slipway.Webhooks.Payloads;

namespace Slipway.Tests.Webhooks.Payloads;

public sealed class DistributionPayloadTests
{
    [Fact]
    public void A_push_hints_at_its_repository()
    {
        Assert.True(TryParse(Body(Event("push", "foo/bar")), out var found, out _));

        Assert.Equal([new RepositoryName("registry.example.com:5000", "foo/bar")], found);
    }

    [Fact]
    public void A_batch_names_each_repository_once()
    {
        var body = Body(Event("push", "a/x"), Event("push", "b/y"), Event("delete", "a/x"), Event("push", "a/x"));

        Assert.True(TryParse(body, out var found, out _));
        Assert.Equal(["registry.example.com:5000/a/x", "registry.example.com:5000/b/y"], found.Select(repository => repository.ToString()));
    }

    [Theory]
    [InlineData("pull", "application/vnd.oci.image.manifest.v1+json")]
    [InlineData("push", "application/octet-stream")]
    [InlineData("push", "application/vnd.oci.image.layer.v1.tar+gzip")]
    [InlineData("", "application/vnd.oci.image.manifest.v1+json")]
    public void What_changes_no_tag_is_no_hint(string action, string mediaType)
    {
        Assert.True(TryParse(Body(Event(action, "foo/bar", mediaType)), out var found, out _));
        Assert.Empty(found);
    }

    [Fact]
    public void Without_a_request_the_address_of_the_manifest_names_the_host()
    {
        var body = Body("""{"action":"push","target":{"repository":"foo/bar","url":"https://registry.example.com/v2/foo/bar/manifests/sha256:1"}}""");

        Assert.True(TryParse(body, out var found, out _));
        Assert.Equal("registry.example.com/foo/bar", Assert.Single(found).ToString());
    }

    [Theory]
    [InlineData("docker.io", "acme/shop", "docker.io/acme/shop")]
    [InlineData("index.docker.io", "library/nginx", "docker.io/library/nginx")]
    [InlineData("registry", "acme/shop", null)]
    [InlineData("registry:5000", "acme/shop", "registry:5000/acme/shop")]
    [InlineData("registry.example.com", "../../etc", null)]
    [InlineData("registry.example.com", "UPPER", null)]
    public void A_hint_is_in_the_form_in_which_repositories_are_named(string host, string path, string? expected)
    {
        Assert.True(TryParse(Body(Event("push", path, host: host)), out var found, out _));
        Assert.Equal(expected, (found is [var first, ..] ? first : null)?.ToString());
    }

    [Theory]
    [InlineData("""{"events":[]}""")]
    [InlineData("""{"events":null}""")]
    [InlineData("""{"events":[null,5,"x",{},{"action":"push"},{"action":"push","target":{}},{"action":"push","target":{"repository":"a"}}]}""")]
    public void Events_that_name_nothing_are_ignored(string body)
    {
        Assert.True(TryParse(Encoding.UTF8.GetBytes(body), out var found, out _));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"events":"x"}""")]
    [InlineData("""{"events":[{"action":"push"}""")]
    public void Garbage_is_refused_with_a_reason(string body)
    {
        Assert.False(TryParse(Encoding.UTF8.GetBytes(body), out var found, out var why));
        Assert.Empty(found);
        Assert.NotEqual("", why);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.False(TryParse(Encoding.UTF8.GetBytes(new string('[', 100_000)), out _, out _));

    [Fact]
    public void Too_many_events_are_refused()
    {
        var many = Enumerable.Repeat("{}", 512 + 1).ToArray();

        Assert.False(TryParse(Body(many), out _, out var why));
        Assert.Contains("512", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_end_is_no_hint()
    {
        Assert.True(TryParse(Body(Event("push", new string('a', 10_000))), out var found, out _));
        Assert.Empty(found);
    }

    // The repositories to look at, each once.
    private static bool TryParse(byte[] body, out IReadOnlyList<RepositoryName> found, out string why)
    {
        var reading = new WebhookRequest { Body = body }.Read(DistributionPayload.Parse);
        found = reading is PayloadReading.Hints hints ? [.. hints.Events.Select(hint => hint.Repository).Distinct()] : [];
        why = (reading as PayloadReading.Refused)?.Why ?? "";
        return reading is not PayloadReading.Refused;
    }

    private static byte[] Body(params string[] events) => Encoding.UTF8.GetBytes($$"""{"events":[{{string.Join(',', events)}}]}""");

    private static string Event(
        string action, string repository, string mediaType = "application/vnd.docker.distribution.manifest.v2+json", string host = "registry.example.com:5000") => $$"""
        {"action": "{{action}}", "target": {"mediaType": "{{mediaType}}", "repository": "{{repository}}"}, "request": {"host": "{{host}}"} }
        """;
}
