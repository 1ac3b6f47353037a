using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Leadership;

namespace Slipway.Notifications;

/// <summary>Writes the status of Notifiers. One that cannot be written is said in the log, and nothing waits for it.</summary>
internal sealed partial class NotifierStatusWriter(ControllerContext context, Informer<Notifier>? notifiers)
{
    private readonly ResourceClient<Notifier> _client = new(context.Connection, ResourceTypes.Notifiers, ApiJson.Default.Notifier);
    private readonly ILogger _log = context.Logs.CreateLogger<NotifierStatusWriter>();

    /// <returns>Whether it is stored.</returns>
    public async Task<bool> StoreAsync(Notifier notifier, NotifierStatus status, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(notifier.Metadata.Namespace ?? "", notifier.Metadata.Name);
        if (notifiers?.Find(key) is not { } item)
        {
            return false;
        }

        try
        {
            var written = item.Value with { Metadata = item.Value.Metadata with { ResourceVersion = item.ResourceVersion }, Status = status };
            notifiers.Wrote(await _client.ReplaceStatusAsync(key, written, cancellationToken));
            return true;
        }
        catch (Exception e) when (e is KubeException or NotLeaderException)
        {
            LogNotStored(_log, $"{key}", e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Notifier {Notifier}: its status could not be written: {Why}")]
    private static partial void LogNotStored(ILogger log, string notifier, string why);
}
