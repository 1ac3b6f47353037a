using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kube;
using Slipway.Sandbox.Registry;

namespace Slipway.Bench.Scale;

/// <summary>Deliveries and their Deployments on a cluster, two to a repository; the Deployments have no pods, whose time is not ours.</summary>
internal sealed class Fleet(ClusterConnection connection, SandboxRegistry registry, int size) : IAsyncDisposable
{
    private const string First = "1.0.0";
    private const int Hands = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly RegistryConnection _pushing = new(registry.Url);
    private readonly ConcurrentDictionary<ObjectKey, Written> _deployments = new();
    private readonly ConcurrentDictionary<ObjectKey, string> _deliveries = new();
    private Task _following = Task.CompletedTask;

    /// <summary>The image that a Deployment has, and how often its spec was written since it was made.</summary>
    private sealed record Written(string Image, long Generation, long At);

    public int Repositories => size / 2;

    public async Task MakeAsync()
    {
        foreach (var ns in Enumerable.Range(0, size).Select(Samples.Namespace).Distinct())
        {
            await ApplyAsync(ResourceTypes.Namespaces, new("", ns), Named("v1", "Namespace", ns), _stopping.Token);
        }

        for (var repository = 0; repository < Repositories; repository++)
        {
            Stage(repository, First, First);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, size), new ParallelOptions { MaxDegreeOfParallelism = Hands }, async (index, stop) =>
        {
            await ApplyAsync(ResourceTypes.Deployments, Key(index), Deployment(index), stop);
            await ApplyAsync(ResourceTypes.Deliveries, Key(index), Delivery(index), stop);
        });
        Follow();
    }

    /// <summary>Until every Delivery has said what runs.</summary>
    public Task AdoptedAsync() => Until(() => _deliveries.Count == size && _deliveries.Values.All(tag => tag == First));

    /// <summary>Pushes to so many repositories at once, and waits until all who follow them are patched.</summary>
    /// <returns>Seconds from the first push to each patch, the shortest first; and how long the pushes took.</returns>
    public async Task<(double[] Patched, double Pushing)> StormAsync(int pushes, string version)
    {
        var images = Enumerable.Range(0, pushes).Select(repository => Stage(repository, version)).ToArray();
        var pusher = new ImagePusher(_pushing);
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, pushes), new ParallelOptions { MaxDegreeOfParallelism = Hands }, async (repository, stop) => await pusher.TagAsync(Repository(repository), images[repository], version, stop));
        var pushing = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var concerned = Enumerable.Range(0, size).Where(index => index % Repositories < pushes).Select(Key).ToArray();
        await Until(() => concerned.All(key => _deployments.TryGetValue(key, out var found) && found.Image.Contains($":{version}", StringComparison.Ordinal)));
        return ([.. concerned.Select(key => TimeProvider.System.GetElapsedTime(began, _deployments[key].At).TotalSeconds).Order()], pushing);
    }

    /// <summary>Until each Delivery that follows the first repositories has recorded the version as what runs.</summary>
    public Task RecordedAsync(int repositories, string version) =>
        Until(() => Enumerable.Range(0, size).Where(index => index % Repositories < repositories).All(index => _deliveries.GetValueOrDefault(Key(index)) == version));

    /// <summary>Deployments whose spec was written more often than there were versions for it.</summary>
    /// <param name="versions">Of each index.</param>
    public int WrittenTwice(Func<int, int> versions) => Enumerable.Range(0, size).Count(index => _deployments[Key(index)].Generation > 1 + versions(index % Repositories));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
        _pushing.Dispose();
        _stopping.Dispose();
    }

    private void Follow()
    {
        var deployments = new ResourceClient<Written>(connection, ResourceTypes.Deployments, json => new Written(
            json.GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers")[0].GetProperty("image").GetString()!,
            json.GetProperty("metadata").GetProperty("generation").GetInt64(),
            TimeProvider.System.GetTimestamp()));
        var deliveries = new ResourceClient<string>(connection, ResourceTypes.Deliveries, json =>
            json.TryGetProperty("status", out var status) && status.TryGetProperty("current", out var current) && current.TryGetProperty("tag", out var tag) ? tag.GetString()! : "");
        _following = Task.WhenAll(
            FollowAsync(deployments, (key, value) => _deployments.AddOrUpdate(key, value, (_, known) => known.Image == value.Image ? known with { Generation = value.Generation } : value)),
            FollowAsync(deliveries, (key, value) => _deliveries[key] = value));
    }

    private Task FollowAsync<T>(ResourceClient<T> client, Action<ObjectKey, T> take)
        where T : class
    {
        var informer = new Informer<T>(client, ListScope.All, () => 0.5, NullLogger.Instance);
        informer.OnChange(change =>
        {
            if (informer.Find(change.Key) is { } item)
            {
                take(item.Key, item.Value);
            }
        });
        return informer.RunAsync(_stopping.Token);
    }

    // What is pushed before it is tagged: the storm is then one request for each repository.
    private BuiltImage Stage(int repository, string version, params string[] tags)
    {
        var image = new ImageBuilder().WithLabel("org.opencontainers.image.version", version).WithLabel("repository", Repository(repository)).Build();
        foreach (var blob in image.Blobs)
        {
            registry.Content.PutBlob(Repository(repository), blob);
        }

        registry.Content.PutManifest(Repository(repository), StoredManifest.Parse(image.Manifest, image.MediaType, out var why) ?? throw new InvalidOperationException(why), tags);
        return image;
    }

    private async Task Until(Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"after {Patience} it is not so: {_deliveries.Count} Deliveries of {size} are seen, {_deliveries.Values.Count(tag => tag.Length > 0)} have a version");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private JsonObject Deployment(int index)
    {
        var deployment = Named("apps/v1", "Deployment", Samples.Name(index));
        var labels = new JsonObject { ["app"] = Samples.Name(index) };
        deployment["spec"] = new JsonObject
        {
            ["replicas"] = 0, ["selector"] = new JsonObject { ["matchLabels"] = labels },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = $"{registry.Address}/{Repository(index % Repositories)}:{First}" }) },
            },
        };
        return deployment;
    }

    private static JsonObject Delivery(int index)
    {
        var delivery = Named("slipway.dev/v1alpha1", "Delivery", Samples.Name(index));
        delivery["spec"] = new JsonObject
        {
            ["targets"] = new JsonArray(new JsonObject { ["name"] = Samples.Name(index) }),
            ["source"] = new JsonObject { ["follow"] = new JsonObject { ["semver"] = new JsonObject { ["range"] = ">=1.0" } }, ["interval"] = "1m" },
        };
        return delivery;
    }

    private static JsonObject Named(string version, string kind, string name) => new() { ["apiVersion"] = version, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name } };

    private static string Repository(int index) => $"acme/{Samples.Name(index)}";

    private static ObjectKey Key(int index) => new(Samples.Namespace(index), Samples.Name(index));

    // As people do it: what is applied is theirs.
    private async Task ApplyAsync(ResourceType type, ObjectKey key, JsonObject value, CancellationToken cancellationToken) =>
        await new ResourceClient<JsonObject>(connection, type, _ => []).ApplyAsync(key, value, null, cancellationToken, manager: "kubectl");
}
