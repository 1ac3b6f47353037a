using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>
/// Blue/green: one label of the Service's selector is switched, and switched back. What the selector was is noted on the Service, and is
/// also the stable pods' own label, so that it can be given back at every instant. Whoever writes the old selector meanwhile sends the requests to the
/// stable side, which is there and whole.
/// </summary>
public sealed partial class SelectorRouter(TrafficView view, SideServices services, LiveSide live, ILogger<SelectorRouter> log) : IRouter
{
    public async Task RefreshAsync(SidePlace place, CancellationToken cancellationToken)
    {
        if (await view.ServiceClient.GetAsync(place.Key(place.Service), cancellationToken) is { } live)
        {
            view.Wrote(live);
        }
    }

    public Task<TrafficSnapshot?> ObserveAsync(SidePlace place, IReadOnlyList<PodSnapshot> pods, CancellationToken cancellationToken)
    {
        if (view.Services(place.Namespace) is var all && all.Get(place.Key(place.Service)) is not { } service)
        {
            return Task.FromResult<TrafficSnapshot?>(null);
        }

        var switched = IsSwitched(place, service);
        var preview = place.Traffic.Preview is { } name ? all.Get(place.Key(name)) : null;
        return Task.FromResult<TrafficSnapshot?>(new(switched ? 100 : 0, EndpointView.AgreesWithSelector(switched, pods, view.Endpoints(place.Namespace, place.Service)))
        {
            Touched = service.Kept is not null || switched || preview is { Kept: not null },
        });
    }

    public async Task<bool> ApplyAsync(SidePlace place, TrafficWish wish, Fence fence, CancellationToken cancellationToken)
    {
        var all = view.Services(place.Namespace);
        var wrote = await PreviewAsync(place, wish.Restore, fence, cancellationToken);
        if (all.Get(place.Key(place.Service)) is not { } service)
        {
            return wish.Weight > 0 ? throw new TrafficRefusedException($"Service {place.Service} is gone; create it again, or abort") : wrote;
        }

        var (switched, wanted) = (IsSwitched(place, service), wish.Weight > 0);
        if (switched == wanted && (wanted || service.Kept is null))
        {
            return wrote;
        }

        if (await view.ServiceClient.GetAsync(place.Key(place.Service), cancellationToken) is not { } found)
        {
            return wrote;
        }

        if (wanted)
        {
            await SwitchAsync(place, found, fence, cancellationToken);
        }
        else
        {
            await GiveBackAsync(place, found, fence, cancellationToken);
        }

        return true;
    }

    public Task<(IReadOnlySet<string>? Services, string? Problem)> NamedAsync(SidePlace place, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlySet<string>?, string?)>((null, null));

    public Task<string?> RefusalAsync(SidePlace place, IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    private static bool IsSwitched(SidePlace place, ServiceSnapshot service) =>
        place.Label is { } label ? service.Selector.GetValueOrDefault(label.Key) == label.Is
            : service.Kept is { } kept && Parse(kept).Any(entry => service.Selector.GetValueOrDefault(entry.Key) != (string?)entry.Value);

    private async Task SwitchAsync(SidePlace place, ResourceItem<JsonObject> service, Fence fence, CancellationToken cancellationToken)
    {
        var (label, selector) = (place.Label ?? throw new TrafficRefusedException($"nothing is known of what runs beside {place.Stable}"), Selector(service.Value));
        if (selector.GetValueOrDefault(label.Key) != label.Was)
        {
            throw new TrafficRefusedException($"the selector of Service {place.Service} has no {label.Key}: {label.Was} any more, which was to be switched; give it back, or abort");
        }

        var matching = await live.MatchingAsync(place, selector.SetItem(label.Key, label.Is), cancellationToken);
        if (matching.Items.FirstOrDefault(pod => pod.Value.Labels.GetValueOrDefault(SideMark.SideLabel) != place.Sibling) is { } stranger)
        {
            throw new TrafficRefusedException($"pod {stranger.Key.Name} has the label {label.Key}: {label.Is} too, and is none of {place.Sibling}: requests would go to it");
        }

        var (available, replicas) = (live.Available(place, matching.Items.Select(pod => pod.Value)), LiveSide.Replicas(await live.StableAsync(place, cancellationToken)));
        if (!Capacity.Bears(available, 100, 100, replicas))
        {
            throw new TrafficRefusedException($"{available} pods of {place.Sibling} are available, and {place.Stable} has {replicas}: Service {place.Service} is not switched before they are as many");
        }

        await fence.PassAsync();
        var patch = Patch(service, new JsonObject { [label.Key] = label.Is }, Text(selector));
        view.Wrote(await view.ServiceClient.MergePatchAsync(service.Key, patch, cancellationToken));
        LogSwitched(place.Delivery, place.Service, label.Key, label.Is, available);
    }

    private async Task GiveBackAsync(SidePlace place, ResourceItem<JsonObject> service, Fence fence, CancellationToken cancellationToken)
    {
        var (selector, kept) = (Selector(service.Value), Kept(service.Value));
        var original = place.Label is { } label && selector.GetValueOrDefault(label.Key) == label.Is ? selector.SetItem(label.Key, (string?)kept?[label.Key] ?? label.Was)
            : place.Label is null && kept is not null ? kept.ToImmutableDictionary(entry => entry.Key, entry => (string?)entry.Value ?? "")
            : selector;
        if (!Same(original, selector))
        {
            // Nobody is sent to nobody, unless nobody is where they are now either.
            var stable = live.Available(place, (await live.MatchingAsync(place, original, cancellationToken)).Items.Select(pod => pod.Value));
            if (stable == 0 && live.Available(place, (await live.MatchingAsync(place, selector, cancellationToken)).Items.Select(pod => pod.Value)) > 0)
            {
                throw new TrafficRefusedException($"no pod of {place.Stable} is available: Service {place.Service} stays on {place.Sibling} until one is");
            }
        }

        await fence.PassAsync();
        var changed = new JsonObject(selector.Keys.Except(original.Keys).Select(key => KeyValuePair.Create<string, JsonNode?>(key, null))
            .Concat(original.Where(entry => selector.GetValueOrDefault(entry.Key) != entry.Value).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))));
        view.Wrote(await view.ServiceClient.MergePatchAsync(service.Key, Patch(service, changed, null), cancellationToken));
        LogGivenBack(place.Delivery, service.Key.Name);
    }

    /// <summary>The Service on the new version before the switch: ours where there is none, or a user's whose selector is put on it meanwhile.</summary>
    private async Task<bool> PreviewAsync(SidePlace place, bool restore, Fence fence, CancellationToken cancellationToken)
    {
        if (place.Traffic.Preview is not { } name || (!restore && !place.Prepared))
        {
            return false;
        }

        var known = view.Services(place.Namespace).Get(place.Key(name));
        var onSide = known?.Selector.GetValueOrDefault(SideMark.SideLabel) == place.Sibling && known.Selector.Count == 1;
        if (restore ? known?.Kept is null : onSide)
        {
            return false;
        }

        // Not on pods that are not there yet (I9).
        if (!restore && live.Available(place, (await live.SideAsync(place, cancellationToken)).Select(pod => pod.Value)) == 0)
        {
            return false;
        }

        if (known is null)
        {
            return await services.EnsureAsync(place, name, fence, cancellationToken);
        }

        if (await view.ServiceClient.GetAsync(place.Key(name), cancellationToken) is not { } service)
        {
            return false;
        }

        await fence.PassAsync();
        var (selector, kept) = (Selector(service.Value), Kept(service.Value));
        var wanted = restore ? kept ?? [] : new JsonObject { [SideMark.SideLabel] = place.Sibling };
        foreach (var key in selector.Keys.Where(key => !wanted.ContainsKey(key)))
        {
            wanted[key] = null;
        }

        view.Wrote(await view.ServiceClient.MergePatchAsync(service.Key, Patch(service, wanted, restore ? null : kept?.ToJsonString() ?? Text(selector)), cancellationToken));
        LogPreview(place.Delivery, name, restore ? "its own selector again" : place.Sibling);
        return true;
    }

    private static JsonObject Patch(ResourceItem<JsonObject> service, JsonObject selector, string? kept) => new()
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = service.ResourceVersion, ["annotations"] = new JsonObject { [ServiceSnapshot.KeptAnnotation] = kept } },
        ["spec"] = new JsonObject { ["selector"] = selector },
    };

    private static ImmutableDictionary<string, string> Selector(JsonObject service) =>
        (service["spec"]!["selector"] as JsonObject ?? []).ToImmutableDictionary(entry => entry.Key, entry => (string?)entry.Value ?? "");

    private static JsonObject? Kept(JsonObject service) =>
        (string?)(service["metadata"]!["annotations"] as JsonObject)?[ServiceSnapshot.KeptAnnotation] is { } text ? Parse(text) : null;

    // A person's hand may have been at it; then the stable pods' own label has to do.
    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }

    private static string Text(ImmutableDictionary<string, string> selector) =>
        new JsonObject(selector.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))).ToJsonString();

    private static bool Same(ImmutableDictionary<string, string> one, ImmutableDictionary<string, string> other) =>
        one.Count == other.Count && one.All(entry => other.GetValueOrDefault(entry.Key) == entry.Value);

    [LoggerMessage(LogLevel.Information, "{Delivery}: Service {Service} switched to {Key}: {Value}, where {Available} pods are available")]
    private partial void LogSwitched(ObjectKey delivery, string service, string key, string value, int available);

    [LoggerMessage(LogLevel.Information, "{Delivery}: Service {Service} has its own selector again")]
    private partial void LogGivenBack(ObjectKey delivery, string service);

    [LoggerMessage(LogLevel.Information, "{Delivery}: preview Service {Service} is on {What}")]
    private partial void LogPreview(ObjectKey delivery, string service, string what);
}
