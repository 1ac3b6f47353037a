using System.Text.Json;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>
/// What is kept of a Release: what decisions look at, and whose it is. Whoever needs the rest reads it live. There are fifty of them for each
/// Delivery, so that whole ones would be most of what the process holds.
/// </summary>
/// <param name="Owner">Uid of the Delivery that owns it.</param>
public sealed record CachedRelease(ReleaseRecord Record, string Delivery, string? Owner)
{
    public static CachedRelease Of(Release release, ValuePool pool)
    {
        var owner = (release.Metadata.OwnerReferences ?? []).FirstOrDefault(owner => owner.Kind == ApiNames.DeliveryKind)?.Uid;
        var (spec, metadata) = (release.Spec, release.Metadata);
        var record = new ReleaseRecord(
            metadata.Name,
            metadata.Uid ?? "",
            spec.Number,
            spec.Tag is { } tag ? pool.Share(tag) : null,
            pool.Share(spec.Digest),
            pool.Share(release.Status?.Outcome ?? ""),
            spec.StartedAt)
        {
            Transitions = release.Status?.Transitions is [.., var last] ? (int)Math.Min(int.MaxValue, last.Ordinal) : 0,
        };
        return new(record, pool.Share(spec.Delivery), owner is null ? null : pool.Share(owner));
    }

    public static CachedRelease? Read(JsonElement release, ValuePool pool) =>
        release.Deserialize(ApiJson.Default.Release) is { } whole ? Of(whole, pool) : null;

    public static ResourceItem<CachedRelease> Of(ResourceItem<Release> written, ValuePool pool) =>
        new(written.Key, written.Uid, written.ResourceVersion, Of(written.Value, pool));
}
