using Microsoft.AspNetCore.Http;
using Slipway.Registry;
using Slipway.Sources;

namespace Slipway.Tests.Registry;

/// <summary>
/// One row for each way in which a registry can misbehave, and for each: what the user reads, how many requests it gets out of us in an hour,
/// that no credential goes where it should not, and that nothing new is ever offered for a rollout. Details of the ways are in
/// <see cref="RegistryMisbehaviorTests"/> and <see cref="RegistryLoginTests"/>; of feeds and hosts in <see cref="FeedTroubleTests"/>.
/// </summary>
public sealed class MisbehavingRegistryTests
{
    private const string Password = HostileWorld.Password;

    private static readonly Dictionary<string, Misbehavior> Rows = new(StringComparer.Ordinal)
    {
        ["401 without end, by token"] = new("Unauthorized", "does not accept the pull secret for it; renew the secret", 45, way => way.Registry.WithTokens().Accepts = _ => false),
        ["401 without end, by password"] = new("Unauthorized", "does not accept the pull secret for it; renew the secret", 30, way => (way.Registry.Challenge, way.Registry.Accepts) = ("Basic realm=\"x\"", _ => false)),
        ["401 with another challenge each time"] = new("Unauthorized", "renew the secret", 80, way =>
        {
            var tokens = way.Registry.WithTokens().Misbehaves;
            way.Registry.Accepts = _ => false;
            way.Registry.Misbehaves = async http =>
            {
                way.Registry.Challenge = $"Bearer realm=\"{way.Registry.Address}token?{way.Registry.Requests.Count}\"";
                return await tokens(http);
            };
        }),
        ["403"] = new("Forbidden", "the pull secret for", 15, way => way.Answers(403)),
        ["404"] = new("RepositoryNotFound", "has no repository acme/shop", 15, way => way.Answers(404)),
        ["a realm that the rule forbids"] = new("Unauthorized", "credentials are not sent there", 15, way => way.Registry.WithTokens(realm: "http://evil.example.com/token")),
        ["a token service that redirects"] = new("InvalidAnswer", "which is no answer", 30, way =>
        {
            way.Registry.WithTokens();
            way.Registry.Misbehaves = http => Task.FromResult(HostileWorld.Redirects(http, "/token", $"{way.ElsewhereAddress}/token"));
        }),
        ["a redirect to another host, which asks for a login"] = new("Unauthorized", "renew the secret", 30, way =>
        {
            (way.Registry.Challenge, way.Registry.Accepts) = ("Basic realm=\"x\"", header => header is not null);
            (way.Elsewhere.Challenge, way.Elsewhere.Accepts) = ("Basic realm=\"give it to me\"", _ => false);
            way.Registry.Misbehaves = http => Task.FromResult(http.Request.Headers.Authorization.Count > 0 && HostileWorld.Redirects(http, "/tags/", $"{way.ElsewhereAddress}{http.Request.Path}"));
        }),
        ["a redirect of who has no login to another host"] = new("Unauthorized", "renew the secret", 15, way =>
        {
            (way.Elsewhere.Challenge, way.Elsewhere.Accepts) = ("Basic realm=\"give it to me\"", _ => false);
            way.Registry.Misbehaves = http => Task.FromResult(HostileWorld.Redirects(http, "/tags/", $"{way.ElsewhereAddress}{http.Request.Path}"));
        }),
        ["a redirect against the rule"] = new("InvalidAnswer", "that is not followed", 15, way => way.Registry.Misbehaves = http => Task.FromResult(HostileWorld.Redirects(http, "", "https://169.254.169.254/latest/meta-data"))),
        ["redirects in a circle"] = new("InvalidAnswer", "redirects more than 5 times", 90, way => way.Registry.Misbehaves = http => Task.FromResult(HostileWorld.Redirects(http, "", $"{http.Request.Path}?again"))),
        ["429"] = new("RateLimited", "is asked too often", 25, way => way.Answers(429)),
        ["429 with seconds"] = new("RateLimited", "is asked too often", 30, way => way.Answers(429, http => http.Response.Headers.RetryAfter = "60")),
        ["429 with a date"] = new("RateLimited", "is asked too often", 5, way => way.Answers(429, http => http.Response.Headers.RetryAfter = "Thu, 01 Jan 2026 01:00:00 GMT")),
        ["GHCR's way to say 429"] = new("RateLimited", "is asked too often", 25, way => way.Answers(429, body: "toomanyrequests: retry-after: 331.163µs, allowed: 44000/minute")),
        ["500"] = new("RegistryUnavailable", "answers 500", 25, way => way.Answers(500)),
        ["503 with a page of a proxy"] = new("RegistryUnavailable", "answers 503", 25, way => way.Answers(503, body: "<html>no</html>")),
        ["a stall before the answer"] = new("RegistryUnavailable", "no answer within 10 s", 25, way => way.Registry.Misbehaves = way.StallsAsync),
        ["a stall within the answer"] = new("RegistryUnavailable", "no answer within 10 s", 25, way => way.Registry.Misbehaves = async http =>
        {
            await http.Response.WriteAsync("""{"tags":["1.0.0","2.0.0" """);
            await http.Response.Body.FlushAsync();
            return await way.StallsAsync(http);
        }),
        ["a body that is cut short"] = new("RegistryUnavailable", "the connection broke before the whole answer was there", 25, way => way.Registry.Misbehaves = async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("""{"tags":["2.0.0"]}""");
            await http.Response.Body.FlushAsync();
            http.Abort();
            return true;
        }),
        ["a list that is cut short"] = new("InvalidAnswer", "no list of tags; nothing is concluded from a part of a list", 15, way => way.Lists("""{"tags":["1.0.0","2.0.0" """)),
        ["a list of something else"] = new("InvalidAnswer", "no list of tags", 15, way => way.Lists("""{"name":"acme/shop"}""")),
        ["a second page that fails"] = new("RegistryUnavailable", "answers 500", 50, way =>
        {
            way.Registry.Misbehaves = http => http.Request.QueryString.Value!.Contains("last", StringComparison.Ordinal)
                ? HostileWorld.AnswersAsync(http, "", 500, "")
                : PageAsync(http, "2.0.0", "/v2/acme/shop/tags/list?last=2.0.0");
        }),
        ["a second page that is not there"] = new("RepositoryNotFound", "has no repository", 30, way =>
        {
            way.Registry.Misbehaves = http => http.Request.QueryString.Value!.Contains("last", StringComparison.Ordinal)
                ? HostileWorld.AnswersAsync(http, "", 404, "")
                : PageAsync(http, "2.0.0", "/v2/acme/shop/tags/list?last=2.0.0");
        }),
        ["pages without end"] = new("InvalidAnswer", "after 100 pages with next to nothing on them; nothing is concluded", 1500, way =>
            way.Registry.Misbehaves = http => PageAsync(http, $"2.0.{way.Registry.Requests.Count}", $"/v2/acme/shop/tags/list?last={way.Registry.Requests.Count}")),
        ["the same page without end"] = new("InvalidAnswer", "its pages repeat themselves", 30, way =>
            way.Registry.Misbehaves = http => PageAsync(http, "2.0.0", $"/v2/acme/shop/tags/list?last={way.Registry.Requests.Count}")),
        ["a page that leads to itself"] = new("InvalidAnswer", "leads to the page itself", 15, way => way.Registry.Misbehaves = http => PageAsync(http, "2.0.0", $"{http.Request.Path}{http.Request.QueryString}")),
        ["a page that leads elsewhere"] = new("InvalidAnswer", "leads to another host", 15, way => way.Registry.Misbehaves = http => PageAsync(http, "2.0.0", $"{way.ElsewhereAddress}/v2/acme/shop/tags/list")),
        ["a digest that is not that of the bytes"] = new("DigestMismatch", "do not trust this registry", 30, way => way.Registry.Corrupt(way.Newest)),
        ["a digest that is none"] = new("InvalidAnswer", "names a digest that is none", 30, way => way.Registry.Misbehaves = http =>
        {
            http.Response.Headers["Docker-Content-Digest"] = "sha256:short";
            return Task.FromResult(http.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal));
        }),
        ["a manifest that is none"] = new("InvalidAnswer", "cannot use", 15, way => way.Registry.PushManifest("2.0.0", "application/json", "{}")),
        ["a manifest of ten megabytes"] = new("InvalidAnswer", "larger than 4096 KiB", 30, way => way.Registry.Misbehaves = async http =>
        {
            if (!http.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal))
            {
                return false;
            }

            http.Response.ContentLength = 10 * 1024 * 1024;
            for (var i = 0; i < 10 && !http.RequestAborted.IsCancellationRequested; i++)
            {
                await http.Response.Body.WriteAsync(new byte[1024 * 1024]);
            }

            return true;
        }),
        ["headers without end"] = new("InvalidAnswer", "the headers of its answer are too large", 15, way => way.Registry.Misbehaves = http =>
        {
            http.Response.Headers["X-Huge"] = new string('x', 200_000);
            return HostileWorld.AnswersAsync(http, "", 200, """{"tags":["2.0.0"]}""");
        }),
        ["a 304 that nobody asked for"] = new("InvalidAnswer", "answers 304", 15, way => way.Answers(304)),
        ["tags that are not tags"] = new(null, "", 65, way => way.Lists($$"""{"tags":["1.0.0",".9.0.0","9.0.0/../x","9.0.0\u0000","-9.0.0",5,null,{"2.0.0":"9.0.0"},"{{new string('9', 200)}}"]}""")),
        ["no tags at all"] = new(null, "", 65, way => way.Lists("""{"tags":null}""")),
    };

    public static TheoryData<string> Ways => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_is_said_and_costs_little_and_leaks_nothing_and_offers_nothing(string way)
    {
        var row = Rows[way];
        await using var stage = await StartAsync();
        row.Begins(stage);
        stage.Registry.Drain();

        await stage.PassAsync(TimeSpan.FromHours(1));

        if (row.Reason is not null)
        {
            var problem = Assert.IsType<Sighting.Problem>(stage.World.Sees());
            Assert.Equal(row.Reason, problem.Reason);
            Assert.True(problem.Message.Contains(row.Words, StringComparison.Ordinal), problem.Message);
            Assert.Contains($"{stage.Registry.Host}/acme/shop", problem.Message, StringComparison.Ordinal);
        }

        Assert.InRange(stage.Registry.Requests.Count, 1, row.MostRequests);
        Assert.DoesNotContain(stage.Told, sighting => sighting is Sighting.Seen seen && seen.Tag != "1.0.0");
        Assert.DoesNotContain(stage.Told, sighting => $"{sighting}".Contains(Password, StringComparison.Ordinal) || $"{sighting}".Contains("token-", StringComparison.Ordinal));
        if (!stage.Elsewhere.Requests.IsEmpty)
        {
            HostileWorld.NoCredentialIn(stage.Elsewhere);
        }

        // It is told once, and not at every look: each telling may be a write of status.
        Assert.InRange(stage.Told.Count, 0, 4);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task When_it_behaves_again_the_new_version_is_seen(string way)
    {
        await using var stage = await StartAsync();
        Rows[way].Begins(stage);
        await stage.PassAsync(TimeSpan.FromMinutes(10));

        stage.Registry.Misbehaves = _ => Task.FromResult(false);
        (stage.Registry.Challenge, stage.Registry.Accepts) = (null, _ => true);
        stage.Registry.Push("2.0.1", "after the trouble");
        await stage.PassAsync(TimeSpan.FromMinutes(70));

        Assert.Equal("2.0.1", stage.World.Seen().Tag);
    }

    [Fact]
    public async Task Had_it_behaved_the_new_version_would_have_been_seen()
    {
        await using var stage = await StartAsync();

        await stage.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("2.0.0", stage.World.Seen().Tag);
        Assert.Contains(stage.Told, sighting => sighting is Sighting.Seen { Tag: "2.0.0" });
    }

    private static async Task<Stage> StartAsync()
    {
        var stage = new Stage(await FeedWorld.StartAsync(), await TestRegistry.StartAsync());
        stage.Registry.Push("1.0.0", "one");
        var request = stage.World.Request() with { Credentials = new CredentialChain([new RegistryCredential("bob", Password)]) };
        stage.World.Feeds.Watch("a", request, () => stage.Told.Add(stage.World.Sees()));
        await stage.World.PassAsync();
        Assert.Equal("1.0.0", stage.World.Seen().Tag);
        stage.Told.Clear();
        stage.Newest = stage.Registry.Push("2.0.0", "two");
        return stage;
    }

    private static Task<bool> PageAsync(HttpContext http, string tag, string next)
    {
        http.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        return HostileWorld.AnswersAsync(http, "/tags/", 200, $$"""{"tags":["{{tag}}"]}""");
    }

    /// <param name="Reason">What the condition says; null where the answer is a good one all the same.</param>
    /// <param name="Words">In its message.</param>
    /// <param name="MostRequests">To the registry, in an hour of polls every minute.</param>
    private sealed record Misbehavior(string? Reason, string Words, int MostRequests, Action<Stage> Begins);

    private sealed class Stage(FeedWorld world, TestRegistry elsewhere) : IAsyncDisposable
    {
        private int _held;

        public FeedWorld World => world;

        public TestRegistry Registry => world.Registry;

        public TestRegistry Elsewhere => elsewhere;

        /// <summary>By another name of loopback, so that it is another host to every rule.</summary>
        public string ElsewhereAddress => $"http://localhost:{elsewhere.Address.Port}";

        public string Newest { get; set; } = "";

        public List<Sighting> Told { get; } = [];

        private SemaphoreSlim Gone { get; } = new(0);

        public int Held => Volatile.Read(ref _held);

        public void Answers(int status, Action<HttpContext>? also = null, string body = "") => Registry.Misbehaves = http =>
        {
            also?.Invoke(http);
            return HostileWorld.AnswersAsync(http, "", status, body);
        };

        public void Lists(string body) => Registry.Misbehaves = http => HostileWorld.AnswersAsync(http, "/tags/", 200, body);

        public async Task PassAsync(TimeSpan time)
        {
            var end = world.Time.GetUtcNow() + time;
            while (world.Time.GetUtcNow() < end)
            {
                var rest = end - world.Time.GetUtcNow();
                world.Time.Advance(world.Time.UntilNext is { } next && next < rest ? next : rest);
                await world.Feeds.SettledAsync(() => Held);
                if (Held > 0)
                {
                    // What is held back is given up, and the registry notices.
                    world.Time.Advance(new RegistryOptions().RequestTimeout);
                    await world.Feeds.SettledAsync();
                    await Gone.WaitAsync(TestContext.Current.CancellationToken);
                }
            }
        }

        public async Task<bool> StallsAsync(HttpContext http)
        {
            Interlocked.Increment(ref _held);
            var gone = new TaskCompletionSource();
            await using var aborted = http.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            Interlocked.Decrement(ref _held);
            Gone.Release();
            return true;
        }

        public async ValueTask DisposeAsync()
        {
            await world.DisposeAsync();
            await elsewhere.DisposeAsync();
            Gone.Dispose();
        }
    }
}
