using Microsoft.Extensions.Logging;
using Slipway.Images;
using Slipway.Sources;

namespace Slipway.Registry;

/// <summary>
/// All feeds: one per repository and login, however many Deliveries follow it in however many namespaces. It begins to look when it is
/// first subscribed to, so that a controller that does not lead, and does not subscribe, asks nothing.
/// </summary>
public sealed class FeedSet(RegistryClient client, TimeProvider time, Func<double> random, ILogger<FeedSet> log) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly FactsCache _facts = new();
    private readonly Dictionary<(RepositoryName Repository, string Credentials), Feed> _feeds = [];
    private readonly Dictionary<string, HashSet<Feed>> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (RepositoryName Repository, string Credentials)> _subscribers = new(StringComparer.Ordinal);

    // Feeds that are being stopped; kept until they have, so that disposing waits for them.
    private readonly HashSet<Task> _ending = [];

    public int Feeds
    {
        get
        {
            lock (_lock)
            {
                return _feeds.Count;
            }
        }
    }

    /// <summary>How many feeds look how often.</summary>
    public IReadOnlyDictionary<FeedPace, int> Paces()
    {
        lock (_lock)
        {
            return Enum.GetValues<FeedPace>().ToDictionary(pace => pace, pace => _feeds.Values.Count(feed => feed.Pace == pace));
        }
    }

    /// <summary>
    /// Subscribes, or changes a subscription; nothing happens where the request is the one of before, so that every reconcile may call it.
    /// Takes no time: all looking is done elsewhere.
    /// </summary>
    /// <param name="subscriber">The Delivery's key.</param>
    /// <param name="changed">Called after each change of <see cref="Latest"/>, on any thread; it must be quick, as putting a key into a queue is.</param>
    public void Watch(string subscriber, FeedRequest request, Action changed)
    {
        lock (_lock)
        {
            var key = (request.Repository, request.Credentials.Identity);
            if (_subscribers.TryGetValue(subscriber, out var present) && present != key)
            {
                Forget(subscriber);
            }

            if (!_feeds.TryGetValue(key, out var feed))
            {
                feed = new Feed(new RepositorySession(client, _facts, request.Repository, request.Credentials), client.Options, time, random, log);
                _feeds.Add(key, feed);
                (_byPath.TryGetValue(request.Repository.Path, out var same) ? same : _byPath[request.Repository.Path] = []).Add(feed);
            }

            _subscribers[subscriber] = key;
            feed.Subscribe(subscriber, request, changed, _feeds.Count);
        }
    }

    /// <summary>Ends a subscription. A call of its <c>changed</c> may still be under way.</summary>
    public void Forget(string subscriber)
    {
        lock (_lock)
        {
            if (!_subscribers.Remove(subscriber, out var key) || !_feeds.TryGetValue(key, out var feed) || !feed.Unsubscribe(subscriber))
            {
                return;
            }

            _feeds.Remove(key);
            _byPath[key.Repository.Path].Remove(feed);
            if (_byPath[key.Repository.Path].Count == 0)
            {
                _byPath.Remove(key.Repository.Path);
            }

            End(feed);
        }
    }

    /// <summary>What is known now; pending for who is not subscribed.</summary>
    public SourceView Latest(string subscriber) => FeedOf(subscriber)?.Latest(subscriber) ?? SourceView.Pending;

    /// <summary>
    /// Something may have changed in this repository: all its feeds look now. Registries are known by several names, and the one in a
    /// notification is seldom sure to be ours; so where no feed has it, those are meant whose path is the same. A look costs one request.
    /// </summary>
    /// <param name="tag">What was pushed, if that was said: it is looked for until it is seen, and one that nobody could pick is not looked for again.</param>
    /// <returns>How many feeds look.</returns>
    public int Hint(RepositoryName repository, string? tag = null)
    {
        List<Feed> feeds;
        lock (_lock)
        {
            var same = _byPath.GetValueOrDefault(repository.Path) ?? [];
            feeds = [.. same.Where(feed => feed.Repository == repository)];
            feeds = feeds.Count > 0 ? feeds : [.. same];
        }

        // What is no tag was meant to say something else: better to look too often than not.
        var pushed = ReferenceGrammar.IsTag(tag) ? tag : null;
        feeds.ForEach(feed => feed.Hint(pushed, LookCause.Hint));
        return feeds.Count;
    }

    /// <summary>A person wants to know now. As with a hint, digests of picked tags are asked for again.</summary>
    public void CheckNow(string subscriber) => FeedOf(subscriber)?.Hint(tag: null, LookCause.Person);

    public async ValueTask DisposeAsync()
    {
        List<Task> ending;
        lock (_lock)
        {
            foreach (var feed in _feeds.Values)
            {
                End(feed);
            }

            _feeds.Clear();
            _byPath.Clear();
            _subscribers.Clear();
            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
    }

    /// <summary>Waits until no look is under way but those that wait for time to pass: for their turn, or as held back. For tests in virtual time.</summary>
    internal async Task SettledAsync(Func<int>? held = null)
    {
        while (true)
        {
            List<Feed> looking;
            lock (_lock)
            {
                looking = [.. _feeds.Values.Where(feed => !feed.Current.IsCompleted)];
            }

            if (looking.Count(feed => !feed.IsWaiting) <= (held?.Invoke() ?? 0))
            {
                return;
            }

            await Task.WhenAny(Task.WhenAll(looking.Select(feed => feed.Current)), Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }
    }

    private Feed? FeedOf(string subscriber)
    {
        lock (_lock)
        {
            return _subscribers.TryGetValue(subscriber, out var key) ? _feeds.GetValueOrDefault(key) : null;
        }
    }

    private void End(Feed feed)
    {
        _ending.RemoveWhere(task => task.IsCompleted);
        _ending.Add(feed.DisposeAsync().AsTask());
    }
}
