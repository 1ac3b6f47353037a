using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api;
using Slipway.Policies;
using Slipway.Registry;
using Slipway.Sources;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Registry;

/// <summary>Feeds in virtual time on a registry over real HTTP. A draw of one half makes every jitter vanish.</summary>
internal sealed class FeedWorld : IAsyncDisposable
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private FeedWorld(TestRegistry registry, Func<double> random, Func<string, RegistryOptions>? options)
    {
        Registry = registry;
        Client = new RegistryClient(options?.Invoke(registry.Host) ?? new RegistryOptions(), Time, random);
        Feeds = new FeedSet(Client, Time, random, NullLogger<FeedSet>.Instance);
    }

    public RegistryClient Client { get; }

    public VirtualTime Time { get; } = new();

    public TestRegistry Registry { get; }

    public FeedSet Feeds { get; }

    /// <summary>Who was called back, in order.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    /// <param name="options">For the registry's host.</param>
    public static async Task<FeedWorld> StartAsync(Func<double>? random = null, Func<string, RegistryOptions>? options = null) =>
        new(await TestRegistry.StartAsync(), random ?? (() => 0.5), options);

    public static FollowQuestion Semver(string range = ">=1.0") => Question(new Source { Follow = new Follow { Semver = new SemverPolicy(range) } });

    public static FollowQuestion Moving(string tag = "prod", string? pattern = "^[0-9.]+$") => Question(new Source { Follow = new Follow { Tag = new TagPolicy(tag, pattern) } });

    public FeedRequest Request(FollowQuestion? question = null, string path = "acme/shop") =>
        new(Registry.Repository(path), CredentialChain.Anonymous, question ?? Semver(), Minute);

    public void Watch(string subscriber, FeedRequest? request = null) => Feeds.Watch(subscriber, request ?? Request(), () => Changes.Enqueue(subscriber));

    /// <summary>Lets time pass, from timer to timer, and waits until all that each of them caused is over.</summary>
    public async Task PassAsync(TimeSpan? time = null)
    {
        var end = Time.GetUtcNow() + (time ?? TimeSpan.Zero);
        do
        {
            var rest = end - Time.GetUtcNow();
            Time.Advance(Time.UntilNext is { } next && next < rest ? next : rest);
            await Feeds.SettledAsync();
        }
        while (Time.GetUtcNow() < end);
    }

    public Sighting Sees(string subscriber = "a") => Feeds.Latest(subscriber).Sighting;

    public Sighting.Seen Seen(string subscriber = "a") => Assert.IsType<Sighting.Seen>(Sees(subscriber));

    public string Reason(string subscriber = "a") => Assert.IsType<Sighting.Problem>(Sees(subscriber)).Reason;

    public async ValueTask DisposeAsync()
    {
        await Feeds.DisposeAsync();
        Client.Dispose();
        await Registry.DisposeAsync();
    }

    private static FollowQuestion Question(Source source) =>
        FollowRule.TryRead(source, out var rule, out var problem) ? FollowQuestion.Of(rule, source) : throw new Xunit.Sdk.XunitException(problem.ToString());
}
