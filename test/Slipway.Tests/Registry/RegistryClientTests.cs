using Slipway.Registry;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Registry;

public sealed class RegistryClientTests : IAsyncLifetime
{
    private readonly VirtualTime _time = new();
    private TestRegistry _registry = null!;
    private RegistryClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RegistryAccess Anonymous => new(_registry.Repository());

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        _client = new RegistryClient(new RegistryOptions(), _time, () => 0.5);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task A_tag_is_resolved_by_one_head_with_all_manifest_types()
    {
        var digest = _registry.Push("1.0.0", "one");

        Assert.Equal(digest, Ok(await _client.ResolveAsync(Anonymous, "1.0.0", Stop)));

        var request = Assert.Single(_registry.Requests);
        Assert.Equal("HEAD", request.Method);
        Assert.All(
            ["oci.image.index.v1", "oci.image.manifest.v1", "docker.distribution.manifest.list.v2", "docker.distribution.manifest.v2"],
            type => Assert.Contains($"application/vnd.{type}+json", request.Everything, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registry_that_does_not_tell_the_digest_is_believed_by_its_bytes()
    {
        var digest = _registry.Push("1.0.0", "one");
        _registry.TellsDigests = false;

        Assert.Equal(digest, Ok(await _client.ResolveAsync(Anonymous, "1.0.0", Stop)));
        Assert.Equal("HEAD 1.0.0, GET 1.0.0", _registry.Drain());
    }

    [Fact]
    public async Task A_manifest_and_its_config_are_read_by_digest()
    {
        var digest = _registry.Push("1.0.0", "one");

        var manifest = Assert.IsType<ImageManifest.OnePlatform>(ImageManifest.TryParse(Ok(await _client.GetManifestAsync(Anonymous, digest, Stop)), out _));
        var config = ImageConfig.TryParse(Ok(await _client.GetBlobAsync(Anonymous, manifest.ConfigDigest, Stop)));

        Assert.Equal("linux/amd64", config?.Platform?.ToString());
    }

    [Fact]
    public async Task Bytes_that_are_not_those_of_the_digest_are_refused()
    {
        var digest = _registry.Push("1.0.0", "one");
        _registry.Corrupt(digest);

        var problem = Problem(await _client.GetManifestAsync(Anonymous, digest, Stop));

        Assert.Equal(RegistryProblemKind.DigestMismatch, problem.Kind);
        Assert.Contains(digest, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task All_pages_of_a_list_are_read(int pageSize)
    {
        _registry.MaxPageSize = pageSize;
        for (var i = 0; i < 7; i++)
        {
            _registry.Tag($"1.0.{i}", "sha256:x");
        }

        var list = Ok(await _client.ListTagsAsync(Anonymous, known: null, Stop));

        Assert.Equal(["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.0.5", "1.0.6"], list.Tags);
        Assert.Equal(((7 - 1) / pageSize) + 1, _registry.Requests.Count);
    }

    [Fact]
    public async Task A_list_that_is_known_already_is_not_made_into_tags()
    {
        _registry.Push("1.0.0", "one");
        var first = Ok(await _client.ListTagsAsync(Anonymous, known: null, Stop));

        var same = Ok(await _client.ListTagsAsync(Anonymous, first.Fingerprint, Stop));
        _registry.Push("1.0.1", "two");
        var other = Ok(await _client.ListTagsAsync(Anonymous, first.Fingerprint, Stop));

        Assert.Null(same.Tags);
        Assert.Equal(["1.0.0", "1.0.1"], other.Tags);
    }

    [Fact]
    public async Task A_token_is_fetched_once_and_used_until_it_ends()
    {
        _registry.WithTokens(lifetime: 100).Push("1.0.0", "one");

        for (var i = 0; i < 5; i++)
        {
            Ok(await _client.ResolveAsync(Anonymous, "1.0.0", Stop));
        }

        Assert.Equal("HEAD 1.0.0, GET token, HEAD 1.0.0, HEAD 1.0.0, HEAD 1.0.0, HEAD 1.0.0, HEAD 1.0.0", _registry.Drain());
        _time.Advance(TimeSpan.FromSeconds(91));
        Ok(await _client.ResolveAsync(Anonymous, "1.0.0", Stop));
        Assert.Equal("GET token, HEAD 1.0.0", _registry.Drain());
    }

    [Fact]
    public async Task The_token_s_scope_is_our_repository_and_to_pull()
    {
        _registry.WithTokens().Push("1.0.0", "one", "team/tool");

        Ok(await _client.ResolveAsync(new RegistryAccess(_registry.Repository("team/tool")), "1.0.0", Stop));

        var request = _registry.Requests.Single(captured => captured.Target.StartsWith("/token", StringComparison.Ordinal));
        Assert.Equal("/token?service=test&scope=repository%3Ateam%2Ftool%3Apull", request.Target);
    }

    [Fact]
    public async Task A_thousand_questions_at_once_share_one_challenge_and_one_token()
    {
        _registry.WithTokens().Push("1.0.0", "one");

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => _client.ResolveAsync(Anonymous, "1.0.0", Stop)));

        Assert.All(answers, answer => Ok(answer));
        Assert.Equal(1, _registry.Count("GET", "/token"));
        Assert.Equal(1001, _registry.Count("HEAD", "/manifests/1.0.0"));
    }

    [Fact]
    public async Task Many_repositories_of_a_host_share_its_challenge()
    {
        _registry.WithTokens();
        for (var i = 0; i < 20; i++)
        {
            _registry.Push("1.0.0", "one", $"acme/r{i}");
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _client.ResolveAsync(new RegistryAccess(_registry.Repository($"acme/r{i}")), "1.0.0", Stop)));

        Assert.Equal(20, _registry.Count("GET", "/token"));
        Assert.Equal(21, _registry.Count("HEAD", "/manifests/"));
    }

    [Fact]
    public async Task Tokens_of_different_credentials_are_different()
    {
        _registry.WithTokens().Push("1.0.0", "one");
        var (a, b) = (Anonymous with { Credential = new("a", "1") }, Anonymous with { Credential = new("b", "2") });

        Ok(await _client.ResolveAsync(a, "1.0.0", Stop));
        Ok(await _client.ResolveAsync(b, "1.0.0", Stop));
        Ok(await _client.ResolveAsync(a, "1.0.0", Stop));

        Assert.Equal(
            [TestRegistry.BasicHeader("a:1"), TestRegistry.BasicHeader("b:2")],
            _registry.Requests.Where(request => request.Target.StartsWith("/token", StringComparison.Ordinal)).Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_token_that_grew_old_before_its_time_is_renewed_once()
    {
        _registry.WithTokens().Push("1.0.0", "one");
        Ok(await _client.ResolveAsync(Anonymous, "1.0.0", Stop));
        _registry.Drain();
        _registry.Accepts = header => header == "Bearer token-2";

        Ok(await _client.ResolveAsync(Anonymous, "1.0.0", Stop));

        Assert.Equal("HEAD 1.0.0, GET token, HEAD 1.0.0", _registry.Drain());
    }

    [Fact]
    public async Task Basic_is_sent_only_after_it_was_asked_for_and_then_at_once()
    {
        _registry.Challenge = "Basic realm=\"Registry\"";
        _registry.Accepts = header => header == TestRegistry.BasicHeader("bob:pa:ss");
        _registry.Push("1.0.0", "one");
        var access = Anonymous with { Credential = new("bob", "pa:ss") };

        Ok(await _client.ResolveAsync(access, "1.0.0", Stop));
        Ok(await _client.ResolveAsync(access, "1.0.0", Stop));

        Assert.Equal([null, TestRegistry.BasicHeader("bob:pa:ss"), TestRegistry.BasicHeader("bob:pa:ss")], _registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_refresh_token_goes_to_the_token_service_in_a_form_and_not_in_an_address()
    {
        _registry.WithTokens().Push("1.0.0", "one");

        Ok(await _client.ResolveAsync(Anonymous with { Credential = new("", "", IdentityToken: "refresh-me") }, "1.0.0", Stop));

        var request = _registry.Requests.Single(captured => captured.Target.StartsWith("/token", StringComparison.Ordinal));
        Assert.Equal("POST", request.Method);
        Assert.DoesNotContain("refresh-me", request.Target, StringComparison.Ordinal);
        Assert.Contains("grant_type=refresh_token", request.Everything, StringComparison.Ordinal);
        Assert.Contains("refresh_token=refresh-me", request.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_bearer_token_is_used_as_it_is()
    {
        _registry.WithTokens().Push("1.0.0", "one");

        Ok(await _client.ResolveAsync(Anonymous with { Credential = new("", "", RegistryToken: "token-ready") }, "1.0.0", Stop));

        Assert.Equal([null, "Bearer token-ready"], _registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task Every_request_is_told_to_the_instruments_without_a_name_of_a_repository()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<RegistryExchange>();
        using var client = new RegistryClient(new RegistryOptions(), _time, () => 0.5, seen.Enqueue);
        _registry.Push("1.0.0", "one");

        Ok(await client.ResolveAsync(Anonymous, "1.0.0", Stop));

        var exchange = Assert.Single(seen);
        Assert.Equal((_registry.Host, "HEAD", 200), (exchange.Host, exchange.Verb, exchange.Status));
        Assert.DoesNotContain("acme", exchange.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../other/manifests/x")]
    [InlineData("a b")]
    [InlineData("a?b=c")]
    [InlineData("a%2f..")]
    public async Task A_tag_that_would_change_the_address_is_not_asked_for(string tag)
    {
        Assert.Equal(RegistryProblemKind.TagNotFound, Problem(await _client.ResolveAsync(Anonymous, tag, Stop)).Kind);
        Assert.Empty(_registry.Requests);
    }

    [Theory]
    [InlineData("acme/../other")]
    [InlineData("acme/shop?x=")]
    [InlineData("acme/shop#")]
    [InlineData("acme shop")]
    public async Task A_repository_that_would_change_the_address_is_not_asked_for(string path)
    {
        Assert.Equal(RegistryProblemKind.RepositoryNotFound, Problem(await _client.ListTagsAsync(new RegistryAccess(_registry.Repository(path)), null, Stop)).Kind);
        Assert.Empty(_registry.Requests);
    }

    internal static T Ok<T>(RegistryAnswer<T> answer) =>
        answer.IsOk(out var value, out var problem) ? value : throw new Xunit.Sdk.XunitException($"{problem.Kind}: {problem.Message}");

    internal static RegistryProblem Problem<T>(RegistryAnswer<T> answer) => Assert.IsType<RegistryAnswer<T>.Failed>(answer).Problem;
}
