using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api;
using Slipway.Images;
using Slipway.Policies;
using Slipway.Registry;
using Slipway.Sources;

namespace Slipway.Vectors.RequestBudget;

/// <summary>The feeds as the controller has them, on a registry that counts, in virtual time. A draw of one half makes every jitter vanish.</summary>
public sealed class FeedScenario : IAsyncDisposable
{
    private readonly ScenarioTime _time = new();
    private readonly RegistryClient _client;
    private readonly FeedSet _feeds;
    private readonly List<string> _watched = [];

    /// <param name="cache">A directory that outlives the process that is acted here; null: there is none.</param>
    public FeedScenario(CountingRegistry registry, string? cache = null)
    {
        Registry = registry;
        _client = new RegistryClient(new RegistryOptions { CacheDirectory = cache }, _time, () => 0.5, handler: new Kept(registry));
        _feeds = new FeedSet(_client, _time, () => 0.5, NullLogger<FeedSet>.Instance);
    }

    public CountingRegistry Registry { get; }

    public TimeSpan Elapsed => TimeSpan.FromTicks(_time.GetTimestamp());

    public void Watch(string path, Follow follow, KnownImage? known)
    {
        var source = new Source { Follow = follow };
        var question = FollowRule.TryRead(source, out var rule, out var problem) ? FollowQuestion.Of(rule, source) : throw new ArgumentException($"{problem}");
        _watched.Add($"w{_watched.Count}");
        _feeds.Watch(_watched[^1], new FeedRequest(new RepositoryName(CountingRegistry.Host, path), CredentialChain.Anonymous, question, TimeSpan.FromMinutes(1), Known: known), () => { });
    }

    public Task HintAsync(string path, string tag)
    {
        _feeds.Hint(new RepositoryName(CountingRegistry.Host, path), tag);
        return PassAsync(TimeSpan.Zero);
    }

    public Sighting Sees(int subscriber = 0) => _feeds.Latest(_watched[subscriber]).Sighting;

    public async Task PassAsync(TimeSpan time)
    {
        do
        {
            time = _time.Step(time);
            await _feeds.SettledAsync();
        }
        while (time > TimeSpan.Zero);
    }

    /// <summary>Polls that many times, the first time within a second of now.</summary>
    public async Task PollAsync(int rounds)
    {
        await PassAsync(TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromMinutes(1) * (rounds - 1));
    }

    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        _client.Dispose();
    }

    // The registry outlives a client, as when the controller is started anew.
    private sealed class Kept(CountingRegistry registry) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _registry = new(registry, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _registry.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _registry.Dispose();
            base.Dispose(disposing);
        }
    }
}
