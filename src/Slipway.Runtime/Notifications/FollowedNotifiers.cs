using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Kube;

namespace Slipway.Notifications;

/// <summary>Finds out whether Notifiers can be followed. Where they cannot (an older install), all else goes on, and it is said once.</summary>
internal static partial class FollowedNotifiers
{
    /// <exception cref="KubeException">Whether they can be read is not known.</exception>
    public static async Task<Informer<Notifier>?> FindAsync(ControllerContext context, CancellationToken cancellationToken)
    {
        var log = context.Logs.CreateLogger<Informer<Notifier>>();
        var client = new ResourceClient<Notifier>(context.Connection, ResourceTypes.Notifiers, ApiJson.Default.Notifier);
        var scope = new ListScope(context.WatchNamespace);
        try
        {
            await client.ListAsync(scope, cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound || e.IsForbidden)
        {
            LogNotFollowed(log, e.Message);
            return null;
        }

        return new Informer<Notifier>(client, scope, context.Random, log);
    }

    [LoggerMessage(LogLevel.Warning, "Notifiers are not followed, so that nobody is told: {Why}; 'slipway install' shows definition and rights, and a restart looks again")]
    private static partial void LogNotFollowed(ILogger log, string why);
}
