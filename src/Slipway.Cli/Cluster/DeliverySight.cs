using System.Runtime.CompilerServices;
using Slipway.Api;
using Slipway.Kube;

namespace Slipway.Cli.Cluster;

/// <summary>The Deliveries that a person looks at: one by name, or those of a namespace or of all of them, perhaps by their labels.</summary>
internal sealed class DeliverySight(ClusterSession session, bool all, string? name, string? labels)
{
    // The version at which each was told of.
    private readonly Dictionary<ObjectKey, string> _told = [];
    private string? _version;

    /// <summary>As they are now. Those that cannot be read are told of and left out.</summary>
    public async Task<IReadOnlyList<Fetched<Delivery>>> FindAsync(TextWriter complaints, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            var one = await session.DeliveryAsync(name, cancellationToken);
            (_version, _told[one.Key]) = (one.ResourceVersion, one.ResourceVersion);
            return [one.Value];
        }

        var page = await session.DeliveriesAsync(all, cancellationToken, labels);
        _version = page.ResourceVersion;
        foreach (var item in page.Items)
        {
            _told[item.Key] = item.ResourceVersion;
        }

        foreach (var unreadable in page.Unreadable)
        {
            complaints.WriteLine($"slipway: Delivery {unreadable.Key} is left out, it cannot be read: {unreadable.Why}");
        }

        return [.. page.Items.Select(item => item.Value)];
    }

    /// <summary>Each change after <see cref="FindAsync"/>; where the server no longer has them in order, all as they are by then.</summary>
    public async IAsyncEnumerable<WatchEvent<Fetched<Delivery>>> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await foreach (var change in session.WatchAsync(Scope, _version!, cancellationToken))
            {
                _version = change.ResourceVersion;
                if (IsNews(change))
                {
                    yield return change;
                }
            }

            foreach (var change in await MissedAsync(cancellationToken))
            {
                yield return change;
            }
        }
    }

    // What happened between two watches is seen by its result.
    private async Task<IReadOnlyList<WatchEvent<Fetched<Delivery>>>> MissedAsync(CancellationToken cancellationToken)
    {
        var page = await session.DeliveriesAsync(all, cancellationToken, labels);
        _version = page.ResourceVersion;
        var there = page.Items.Where(item => name is null || item.Key.Name == name).ToArray();
        WatchEvent<Fetched<Delivery>>[] changes =
        [
            .. _told.Keys.Except(there.Select(item => item.Key)).Select(gone => new WatchEvent<Fetched<Delivery>>.Deleted(gone, page.ResourceVersion)),
            .. there.Select(item => new WatchEvent<Fetched<Delivery>>.Applied(item)),
        ];
        return [.. changes.Where(IsNews)];
    }

    private bool IsNews(WatchEvent<Fetched<Delivery>> change)
    {
        switch (change)
        {
            case WatchEvent<Fetched<Delivery>>.Applied { Item: var item }:
                var news = _told.GetValueOrDefault(item.Key) != item.ResourceVersion;
                _told[item.Key] = item.ResourceVersion;
                return news;
            case WatchEvent<Fetched<Delivery>>.Deleted deleted:
                return _told.Remove(deleted.Key);
            default:
                return false;
        }
    }

    private ListScope Scope => new(all ? null : session.Namespace, labels, name is null ? null : $"metadata.name={name}");
}
