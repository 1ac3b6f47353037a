using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Rollouts;

namespace Slipway.Controllers;

/// <summary>What an Event is about.</summary>
/// <param name="ResourceVersion">Makes the same words about a later version another Event; null where they are to be said once.</param>
public sealed record EventSubject(string ApiVersion, string Kind, string? Namespace, string Name, string? Uid, string? ResourceVersion);

/// <summary>
/// Tells people what was decided, as Kubernetes Events on the Delivery. They are best effort: an Event that cannot be written is logged and
/// holds up nothing, for the history is in the Releases.
/// </summary>
public sealed partial class EventRecorder(ControllerContext context, string identity, ILogger<EventRecorder> log)
{
    // The API server takes 1,024 bytes of a message (core/v1 Event, validation).
    private const int MaxMessage = 1000;

    // A storm of a thousand rollouts has two to three each; what comes on top of that is logged by its reconciler anyway.
    private const int MaxWaiting = 4000;

    private readonly ResourceClient<JsonObject> _client = new(context.Connection, ResourceTypes.Events, _ => new JsonObject());

    private readonly Channel<JsonObject> _waiting = Channel.CreateBounded<JsonObject>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Publish(Delivery delivery, ImmutableArray<Announcement> announcements) => Publish(
        new EventSubject(ApiNames.ApiVersion, ApiNames.DeliveryKind, delivery.Metadata.Namespace, delivery.Metadata.Name, delivery.Metadata.Uid, delivery.Metadata.ResourceVersion),
        announcements);

    /// <summary>Queues them, so that no rollout waits for its own announcement.</summary>
    public void Publish(EventSubject subject, ImmutableArray<Announcement> announcements)
    {
        foreach (var announcement in announcements)
        {
            _waiting.Writer.TryWrite(EventOf(subject, announcement));
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var waiting in _waiting.Reader.ReadAllAsync(stopping))
            {
                await WriteAsync(waiting, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // This is how it ends.
        }
    }

    private async Task WriteAsync(JsonObject waiting, CancellationToken stopping)
    {
        try
        {
            await _client.CreateAsync((string?)waiting["metadata"]!["namespace"], waiting, stopping);
        }
        catch (KubeException e)
        {
            // Where the name is taken, the same Event of the same cause was told before.
            if (!e.IsAlreadyExists)
            {
                LogLost((string?)waiting["involvedObject"]!["kind"], (string?)waiting["involvedObject"]!["name"], (string?)waiting["reason"], (string?)waiting["message"], e.Message);
            }
        }
        catch (NotLeaderException e)
        {
            LogLost((string?)waiting["involvedObject"]!["kind"], (string?)waiting["involvedObject"]!["name"], (string?)waiting["reason"], (string?)waiting["message"], e.Message);
        }
    }

    private JsonObject EventOf(EventSubject subject, Announcement announcement)
    {
        var now = context.Time.GetUtcNow();
        var (second, micro) = (now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), now.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        var cause = $"{subject.Uid}\n{subject.ResourceVersion}\n{announcement.Reason}\n{announcement.Message}";
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{Clip(subject.Name, 200)}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)))[..16]}",
                ["namespace"] = subject.Namespace,
            },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = subject.ApiVersion,
                ["kind"] = subject.Kind,
                ["namespace"] = subject.Namespace,
                ["name"] = subject.Name,
                ["uid"] = subject.Uid,
                ["resourceVersion"] = subject.ResourceVersion,
            },
            ["type"] = announcement.Warning ? "Warning" : "Normal",
            ["reason"] = announcement.Reason,
            ["message"] = Clip(announcement.Message, MaxMessage),
            ["source"] = new JsonObject { ["component"] = "slipway" },
            ["reportingComponent"] = "slipway.dev/controller",
            ["reportingInstance"] = Clip(identity, 128),
            ["action"] = "Deliver",
            ["eventTime"] = micro,
            ["firstTimestamp"] = second,
            ["lastTimestamp"] = second,
            ["count"] = 1,
        };
    }

    private static string Clip(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    [LoggerMessage(LogLevel.Warning, "{Kind} {Name}: Event {Reason} ({Message}) could not be written: {Why}")]
    private partial void LogLost(string? kind, string? name, string? reason, string? message, string why);
}
