using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Controllers;

/// <summary>
/// Writes the running version into a ConfigMap. What this process has written or found there it does not ask for again, so that an idle
/// minute costs nothing; after a restart it is read once.
/// </summary>
public sealed partial class VersionPublisher(ControllerContext context, ILogger<VersionPublisher> log)
{
    /// <summary>Between two tries where the key is somebody else's: nobody tells when it no longer is.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromMinutes(5);

    private readonly ResourceClient<ImmutableDictionary<string, string>> _maps = new(context.Connection, ResourceTypes.ConfigMaps, Read);
    private readonly ConcurrentDictionary<ObjectKey, (Publication Outcome, long At)> _known = new();

    /// <summary>What came of the last try for this Delivery; null when there was none.</summary>
    public Publication? Known(ObjectKey delivery) => _known.TryGetValue(delivery, out var known) ? known.Outcome : null;

    public void Forget(ObjectKey delivery) => _known.TryRemove(delivery, out _);

    /// <summary>Whether there is anything to do; a problem is worth another try after <see cref="Retry"/>.</summary>
    public bool IsDue(ObjectKey delivery, PublishWish wish) =>
        !_known.TryGetValue(delivery, out var known) || known.Outcome.Wish != wish || (known.Outcome.Problem is not null && context.Time.GetElapsedTime(known.At) >= Retry);

    /// <exception cref="KubeException">Neither done nor refused: to be tried again.</exception>
    public async Task PublishAsync(ObjectKey delivery, PublishWish wish, CancellationToken cancellationToken)
    {
        PublishProblem? problem = null;
        try
        {
            await WriteAsync(delivery, wish, cancellationToken);
        }
        catch (KubeException e) when (e.Causes.Any(cause => cause.Reason == "FieldManagerConflict"))
        {
            problem = new(Reasons.PublishConflict, $"{wish.Place} is somebody else's and is left to them ({e.Causes[0].Message}); give the key up there, or name another in spec.publish");
        }
        catch (KubeException e) when (!e.IsConflict && !e.IsTransient)
        {
            problem = new(Reasons.PublishFailed, $"{wish.Place}: {e.Message}");
        }

        if (problem is not null)
        {
            LogRefused(delivery, problem.Message);
        }

        _known[delivery] = (new Publication(wish, problem), context.Time.GetTimestamp());
    }

    private async Task WriteAsync(ObjectKey delivery, PublishWish wish, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(delivery.Namespace, wish.Place.ConfigMap);
        var there = await _maps.GetAsync(key, cancellationToken);
        if (there?.Value.GetValueOrDefault(wish.Place.Key) == wish.Version)
        {
            return;
        }

        // Each Delivery has a manager of its own: with one for all, whoever applies its key would give up those of the others, and the
        // server would remove them.
        var fields = new JsonObject { ["data"] = new JsonObject { [wish.Place.Key] = wish.Version } };
        await _maps.ApplyAsync(key, fields, there?.ResourceVersion, cancellationToken, force: false, manager: $"slipway-publish-{ReleaseName.LabelFor(delivery.Name)}");
        LogPublished(delivery, wish.Version, wish.Place);
    }

    private static ImmutableDictionary<string, string> Read(JsonElement map) =>
        map.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().ToImmutableDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "")
            : ImmutableDictionary<string, string>.Empty;

    [LoggerMessage(LogLevel.Information, "{Delivery}: published {Version} in {Place}")]
    private partial void LogPublished(ObjectKey delivery, string version, PublishedKey place);

    [LoggerMessage(LogLevel.Warning, "{Delivery}: not published: {Why}")]
    private partial void LogRefused(ObjectKey delivery, string why);
}
