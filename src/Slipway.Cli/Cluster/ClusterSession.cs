using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Explanations;
using Slipway.History;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Cli.Cluster;

/// <summary>What the verbs ask of one cluster, in one namespace.</summary>
internal sealed class ClusterSession(ClusterConnection connection, string ns) : IDisposable
{
    // Not the controller's name: what a person sets is not to look like its doing.
    private const string FieldManager = "slipway-cli";

    private readonly ResourceClient<Fetched<Delivery>> _deliveries =
        new(connection, ResourceTypes.Deliveries, Fetched<Delivery>.Reader(ApiJson.Default.Delivery));

    private readonly ResourceClient<Fetched<Release>> _releases =
        new(connection, ResourceTypes.Releases, Fetched<Release>.Reader(ApiJson.Default.Release));

    private readonly ResourceClient<Fetched<Freeze>> _freezes = new(connection, ResourceTypes.Freezes, Fetched<Freeze>.Reader(ApiJson.Default.Freeze));

    private readonly ResourceClient<Fetched<Happening>> _events =
        new(connection, ResourceTypes.Events, Fetched<Happening>.Reader(Happening.Read));

    public ClusterConnection Connection => connection;

    public string Namespace => ns;

    public string? User => connection.User;

    public ObjectKey Key(string name) => new(ns, name);

    public async Task<ResourceItem<Fetched<Delivery>>> DeliveryAsync(string name, CancellationToken cancellationToken) =>
        await _deliveries.GetAsync(Key(name), cancellationToken)
        ?? throw new VerbException(
            ExitCode.NotFound, $"there is no Delivery {name} in namespace {ns} ({connection.Origin}); 'slipway get -A' lists what there is");

    public Task<ListPage<Fetched<Delivery>>> DeliveriesAsync(bool all, CancellationToken cancellationToken, string? labels = null) =>
        _deliveries.ListAsync(new ListScope(all ? null : ns, labels), cancellationToken);

    public async Task<IReadOnlyList<Fetched<Freeze>>> FreezesAsync(CancellationToken cancellationToken) =>
        [.. (await _freezes.ListAsync(ListScope.All, cancellationToken)).Items.Select(item => item.Value)];

    /// <summary>Makes it, in this user's name.</summary>
    /// <exception cref="KubeException">There is one of that name, or this user may not.</exception>
    public async Task FreezeAsync(Freeze freeze, CancellationToken cancellationToken)
    {
        var by = User is null ? freeze.Metadata.Annotations : ImmutableDictionary<string, string>.Empty.Add(ApiNames.ByAnnotation, User);
        var value = JsonSerializer.SerializeToNode(freeze with { Metadata = freeze.Metadata with { Annotations = by } }, ApiJson.Default.Freeze)!.AsObject();
        await _freezes.CreateAsync(null, value, cancellationToken);
    }

    /// <summary>False: there is none of that name.</summary>
    public async Task<bool> UnfreezeAsync(string name, CancellationToken cancellationToken) =>
        await _freezes.GetAsync(new ObjectKey("", name), cancellationToken) is { } there
        && await _freezes.DeleteAsync(there.Key, new DeleteTerms(there.Uid, null, null), cancellationToken);

    /// <summary>The history, the oldest first.</summary>
    public async Task<IReadOnlyList<Fetched<Release>>> ReleasesAsync(string delivery, CancellationToken cancellationToken)
    {
        var page = await _releases.ListAsync(new ListScope(ns, $"{ApiNames.DeliveryLabel}={ReleaseName.LabelFor(delivery)}"), cancellationToken);
        return
        [
            .. page.Items
                .Select(item => item.Value)
                .Where(release => release.Value.Spec.Delivery == delivery)
                .OrderBy(release => release.Value.Spec.Number),
        ];
    }

    /// <summary>The history as the core's rules look at it.</summary>
    public async Task<ImmutableArray<ReleaseRecord>> HistoryAsync(string delivery, CancellationToken cancellationToken) =>
        [.. (await ReleasesAsync(delivery, cancellationToken)).Select(release => release.Value).Select(release => new ReleaseRecord(
            release.Metadata.Name, release.Metadata.Uid ?? "", release.Spec.Number, release.Spec.Tag, release.Spec.Digest, release.Status?.Outcome ?? "", release.Spec.StartedAt))];

    public async Task<Release?> ReleaseAsync(string name, CancellationToken cancellationToken) =>
        (await _releases.GetAsync(Key(name), cancellationToken))?.Value.Value;

    /// <summary>What was told of the Delivery, the newest first. The server forgets events after an hour or so.</summary>
    public async Task<IReadOnlyList<Happening>> HappeningsAsync(string delivery, CancellationToken cancellationToken) =>
        [.. (await EventsAsync(delivery, cancellationToken)).Items.Select(item => item.Value.Value)];

    /// <inheritdoc cref="HappeningsAsync"/>
    public async Task<(IReadOnlyList<ResourceItem<Fetched<Happening>>> Items, string Version)> EventsAsync(string delivery, CancellationToken cancellationToken)
    {
        var page = await _events.ListAsync(AboutIt(delivery), cancellationToken);
        return ([.. page.Items.Where(item => IsAbout(item, delivery)).OrderByDescending(item => item.Value.Value.At)], page.ResourceVersion);
    }

    /// <summary>What is told of the Delivery from <paramref name="version"/> on, until the server ends it.</summary>
    public async IAsyncEnumerable<ResourceItem<Fetched<Happening>>> NewEventsAsync(
        string delivery, string version, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var watch = _events.WatchAsync(AboutIt(delivery), version, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(watch) is { } change)
        {
            if (change is WatchEvent<Fetched<Happening>>.Applied { Item: var item } && IsAbout(item, delivery))
            {
                yield return item;
            }
        }
    }

    private ListScope AboutIt(string delivery) => new(ns, FieldSelector: $"involvedObject.kind={ApiNames.DeliveryKind},involvedObject.name={delivery}");

    private static bool IsAbout(ResourceItem<Fetched<Happening>> item, string delivery) =>
        item.Value.Value is { Kind: ApiNames.DeliveryKind } happening && happening.Name == delivery;

    public Task<ResourceItem<Fetched<Delivery>>> PatchAsync(string name, JsonObject patch, CancellationToken cancellationToken) => PatchAsync(Key(name), patch, cancellationToken);

    public Task<ResourceItem<Fetched<Delivery>>> PatchAsync(ObjectKey key, JsonObject patch, CancellationToken cancellationToken) =>
        _deliveries.MergePatchAsync(key, patch, cancellationToken, manager: FieldManager);

    /// <summary>The Delivery after each change from <paramref name="from"/> on, itself first, until it is deleted.</summary>
    public async IAsyncEnumerable<Delivery> FollowAsync(
        ResourceItem<Fetched<Delivery>> from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scope = new ListScope(ns, FieldSelector: $"metadata.name={from.Key.Name}");
        yield return from.Value.Value;
        for (var version = from.ResourceVersion; ;)
        {
            await foreach (var change in WatchAsync(scope, version, cancellationToken))
            {
                version = change.ResourceVersion;
                switch (change)
                {
                    case WatchEvent<Fetched<Delivery>>.Applied applied when applied.Item.Key == from.Key:
                        yield return applied.Item.Value.Value;
                        break;
                    case WatchEvent<Fetched<Delivery>>.Deleted deleted when deleted.Key == from.Key:
                        throw new VerbException(ExitCode.NotFound, $"Delivery {from.Key} was deleted in the meantime");
                }
            }

            // Ended, or too old to go on from: what it is now tells all that matters.
            var again = await DeliveryAsync(from.Key.Name, cancellationToken);
            version = again.ResourceVersion;
            yield return again.Value.Value;
        }
    }

    /// <summary>What changes from <paramref name="version"/> on, until the server ends it or no longer has what comes next.</summary>
    public async IAsyncEnumerable<WatchEvent<Fetched<Delivery>>> WatchAsync(
        ListScope scope, string version, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var watch = _deliveries.WatchAsync(scope, version, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(watch) is { } change)
        {
            yield return change;
        }
    }

    public void Dispose() => connection.Dispose();

    private static async Task<WatchEvent<T>?> NextAsync<T>(IAsyncEnumerator<WatchEvent<T>> watch)
    {
        try
        {
            return await watch.MoveNextAsync() ? watch.Current : null;
        }
        catch (KubeException e) when (e.IsGone)
        {
            return null;
        }
    }
}
