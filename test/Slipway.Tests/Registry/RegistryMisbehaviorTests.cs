using Microsoft.AspNetCore.Http;
using Slipway.Registry;
using Slipway.Tests.Queue;
using static Slipway.Tests.Registry.HostileWorld;
using static Slipway.Tests.Registry.RegistryClientTests;

namespace Slipway.Tests.Registry;

/// <summary>What a broken registry gets out of us: few requests, bounded time and memory, and a sentence for the user.</summary>
public sealed class RegistryMisbehaviorTests : IAsyncLifetime
{
    private HostileWorld World { get; set; } = null!;

    private TestRegistry Registry => World.Registry;

    private RegistryClient Client => World.Client;

    private VirtualTime Time => World.Time;

    private RegistryAccess Bob => World.Bob;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => World = await HostileWorld.StartAsync();

    public async ValueTask DisposeAsync() => await World.DisposeAsync();

    [Theory]
    [InlineData(404, "NAME_UNKNOWN", RegistryProblemKind.RepositoryNotFound)]
    [InlineData(404, "", RegistryProblemKind.RepositoryNotFound)]
    [InlineData(403, "DENIED", RegistryProblemKind.Forbidden)]
    [InlineData(403, "TOOMANYREQUESTS", RegistryProblemKind.RateLimited)]
    [InlineData(429, "TOOMANYREQUESTS", RegistryProblemKind.RateLimited)]
    [InlineData(500, "UNKNOWN", RegistryProblemKind.RegistryUnavailable)]
    [InlineData(503, "", RegistryProblemKind.RegistryUnavailable)]
    [InlineData(418, "", RegistryProblemKind.InvalidAnswer)]
    [InlineData(304, "", RegistryProblemKind.InvalidAnswer)]
    public async Task Every_refusal_has_a_kind_and_names_host_and_repository(int status, string code, RegistryProblemKind expected)
    {
        Registry.Misbehaves = http => AnswersAsync(http, "", status, status == 304 ? "" : $$"""{"errors":[{"code":"{{code}}","message":"<b>{{Password}}</b>"}]}""");

        var problem = await World.RefusedAsync(expected);

        Assert.Contains($"{Registry.Host}/acme/shop", problem.Message, StringComparison.Ordinal);
        Assert.Single(Registry.Requests);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("Thu, 01 Jan 2026 12:00:45 GMT", 45)]
    [InlineData(null, 2)]
    public async Task A_host_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says(string? retryAfter, int seconds)
    {
        var limited = true;
        Registry.Misbehaves = http =>
        {
            http.Response.Headers.RetryAfter = retryAfter;
            return limited ? AnswersAsync(http, "", 429, "{}") : Task.FromResult(false);
        };
        await World.RefusedAsync(RegistryProblemKind.RateLimited);

        var spared = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Client.ListTagsAsync(new RegistryAccess(Registry.Repository($"acme/r{i}")), null, Stop)));

        Assert.Single(Registry.Requests);
        Assert.All(spared, answer => Assert.Equal((RegistryProblemKind.RateLimited, true), (Problem(answer).Kind, Problem(answer).Spared)));
        Assert.DoesNotContain("acme/shop", Problem(spared[0]).Message, StringComparison.Ordinal);
        limited = false;
        Time.Advance(TimeSpan.FromSeconds(seconds * 1.1));
        Ok(await Client.ListTagsAsync(Bob, null, Stop));
    }

    [Fact]
    public async Task Of_a_host_in_trouble_one_request_at_a_time_finds_out_whether_it_is_over()
    {
        var arrived = new SemaphoreSlim(0);
        Registry.Misbehaves = http => AnswersAsync(http, "", 503, "");
        await World.RefusedAsync(RegistryProblemKind.RegistryUnavailable);
        Time.Advance(TimeSpan.FromSeconds(5));
        Registry.Misbehaves = async http =>
        {
            arrived.Release();
            await World.Release.Task;
            return false;
        };

        var trial = Client.ListTagsAsync(Bob, null, Stop);
        await arrived.WaitAsync(Stop);
        var others = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Client.ListTagsAsync(Bob, null, Stop)));
        World.Release.SetResult();

        Ok(await trial);
        Assert.All(others, answer => Assert.True(Problem(answer).Spared));
        Ok(await Client.ListTagsAsync(Bob, null, Stop));
        Assert.Equal(3, Registry.Requests.Count);
    }

    [Fact]
    public async Task A_registry_that_stalls_is_given_up_after_ten_seconds()
    {
        var arrived = new SemaphoreSlim(0);
        Registry.Misbehaves = async http =>
        {
            arrived.Release();
            await World.Release.Task;
            return true;
        };

        var answer = Client.ListTagsAsync(Bob, null, Stop);
        await arrived.WaitAsync(Stop);
        Time.Advance(TimeSpan.FromSeconds(10));

        var problem = Problem(await answer);
        Assert.Equal(RegistryProblemKind.RegistryUnavailable, problem.Kind);
        Assert.Contains("no answer within 10 s", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_comes_in_drops_is_given_up_too()
    {
        var arrived = new SemaphoreSlim(0);
        Registry.Misbehaves = async http =>
        {
            await http.Response.WriteAsync("""{"tags":["1.0.0",""");
            await http.Response.Body.FlushAsync();
            arrived.Release();
            await World.Release.Task;
            return true;
        };

        var answer = Client.ListTagsAsync(Bob, null, Stop);
        await arrived.WaitAsync(Stop);
        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(RegistryProblemKind.RegistryUnavailable, Problem(await answer).Kind);
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_its_own_cancellation()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Registry.Misbehaves = async http =>
        {
            await giveUp.CancelAsync();
            await World.Release.Task;
            return true;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.ListTagsAsync(Bob, null, giveUp.Token));
    }

    [Fact]
    public async Task A_body_that_is_cut_short_is_no_list()
    {
        Registry.Misbehaves = async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("""{"tags":["1.0.0"]}""");
            await http.Response.Body.FlushAsync();
            http.Abort();
            return true;
        };

        await World.RefusedAsync(RegistryProblemKind.RegistryUnavailable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>hello</html>")]
    [InlineData("""{"name":"acme/shop"}""")]
    [InlineData("""{"tags":["1.0.0" """)]
    public async Task Garbage_is_no_list(string body)
    {
        Registry.Misbehaves = http => AnswersAsync(http, "", 200, body);

        await World.RefusedAsync(RegistryProblemKind.InvalidAnswer);
    }

    [Theory]
    [InlineData("</v2/acme/shop/tags/list?n=1000>; rel=\"next\"", 1)]
    [InlineData("<https://evil.example.com/v2/acme/shop/tags/list?last=x>; rel=\"next\"", 1)]
    [InlineData("<", 1)]
    [InlineData("</v2/acme/shop/tags/list?circle>; rel=\"next\"", 2)]
    public async Task A_list_whose_pages_lead_nowhere_is_no_list(string link, int requests)
    {
        Registry.Misbehaves = http =>
        {
            http.Response.Headers.Link = link;
            return AnswersAsync(http, "", 200, """{"tags":["1.0.0"]}""");
        };

        var problem = await World.RefusedAsync(RegistryProblemKind.InvalidAnswer);

        Assert.Equal(requests, Registry.Requests.Count);
        Assert.Contains("nothing is concluded from a part of a list", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"1.0.#\"", 20, 20)]
    [InlineData("\"1.0.#\"", 1000, 100)]
    [InlineData("\"1.0.0\"", 20, 2)]
    [InlineData("", 20, 4)]
    public async Task A_list_that_never_ends_is_given_up(string tags, int pages, int requests)
    {
        using var client = new RegistryClient(new RegistryOptions { MaxPages = pages }, Time, () => 0.5);
        Registry.Misbehaves = http =>
        {
            http.Response.Headers.Link = $"</v2/acme/shop/tags/list?last={Registry.Requests.Count}>; rel=\"next\"";
            return AnswersAsync(http, "", 200, $$"""{"tags":[{{tags.Replace("#", $"{Registry.Requests.Count}", StringComparison.Ordinal)}}]}""");
        };

        Assert.Equal(RegistryProblemKind.InvalidAnswer, Problem(await client.ListTagsAsync(Bob, null, Stop)).Kind);
        Assert.Equal(requests, Registry.Requests.Count);
    }

    [Fact]
    public async Task A_list_whose_second_page_fails_is_a_failure_and_no_short_list()
    {
        Registry.MaxPageSize = 1;
        Registry.Push("1.0.1", "two");
        Registry.Misbehaves = http => http.Request.QueryString.Value!.Contains("last", StringComparison.Ordinal) ? AnswersAsync(http, "", 500, "") : Task.FromResult(false);

        await World.RefusedAsync(RegistryProblemKind.RegistryUnavailable);
    }

    [Fact]
    public async Task More_tags_than_anybody_has_are_refused()
    {
        using var client = new RegistryClient(new RegistryOptions { MaxTags = 3 }, Time, () => 0.5);
        Registry.Misbehaves = http => AnswersAsync(http, "", 200, """{"tags":["1","2","3","4"]}""");

        var problem = Problem(await client.ListTagsAsync(Bob, null, Stop));

        Assert.Contains("more than 3 tags", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_manifest_of_ten_megabytes_is_not_read(bool chunked)
    {
        var megabytes = 0;
        Registry.Misbehaves = async http =>
        {
            http.Response.ContentLength = chunked ? null : 10 * 1024 * 1024;
            for (; megabytes < 10 && !http.RequestAborted.IsCancellationRequested; megabytes++)
            {
                await http.Response.Body.WriteAsync(new byte[1024 * 1024]);
            }

            return true;
        };

        var problem = Problem(await Client.GetManifestAsync(Bob, $"sha256:{new string('a', 64)}", Stop));

        Assert.Equal(RegistryProblemKind.InvalidAnswer, problem.Kind);
        Assert.Contains("larger than 4096 KiB", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_without_end_are_an_invalid_answer()
    {
        Registry.Misbehaves = http =>
        {
            http.Response.Headers["X-Huge"] = new string('x', 200_000);
            return AnswersAsync(http, "", 200, """{"tags":[]}""");
        };

        var problem = await World.RefusedAsync(RegistryProblemKind.InvalidAnswer);

        Assert.Contains("headers", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:short")]
    [InlineData("latest")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    public async Task A_digest_that_is_none_is_an_invalid_answer(string digest)
    {
        Registry.Misbehaves = http =>
        {
            http.Response.Headers["Docker-Content-Digest"] = digest;
            return Task.FromResult(true);
        };

        Assert.Equal(RegistryProblemKind.InvalidAnswer, Problem(await Client.ResolveAsync(Bob, "1.0.0", Stop)).Kind);
    }

    [Fact]
    public async Task Nobody_at_the_door_is_unavailable()
    {
        var access = Bob;
        await Registry.DisposeAsync();

        var problem = Problem(await Client.ListTagsAsync(access, null, Stop));

        Assert.Equal(RegistryProblemKind.RegistryUnavailable, problem.Kind);
        Assert.Contains("no connection can be made", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_speaks_no_tls_is_said_to()
    {
        using var client = new RegistryClient(new RegistryOptions(), Time, () => 0.5, handler: new Renamed("registry.example.com", Registry.Address));

        var problem = Problem(await client.ListTagsAsync(Bob with { Repository = new("registry.example.com", "acme/shop") }, null, Stop));

        Assert.Equal(RegistryProblemKind.RegistryUnavailable, problem.Kind);
        Assert.Contains("TLS", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Registry.Requests);
    }
}
