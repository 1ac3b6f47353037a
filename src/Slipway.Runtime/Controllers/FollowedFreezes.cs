using Microsoft.Extensions.Logging;
using Slipway.Gates;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Finds out whether Freezes can be followed. Where they cannot (one namespace only, an older install), all else goes on, and it is said once.</summary>
internal static partial class FollowedFreezes
{
    /// <exception cref="KubeException">Whether they can be read is not known.</exception>
    public static async Task<Informer<FreezeTerms>?> FindAsync(ControllerContext context, CancellationToken cancellationToken)
    {
        var log = context.Logs.CreateLogger<Informer<FreezeTerms>>();
        var client = new ResourceClient<FreezeTerms>(context.Connection, ResourceTypes.Freezes, FreezeReader.Read);
        try
        {
            await client.ListAsync(ListScope.All, cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound || e.IsForbidden)
        {
            LogNotFollowed(log, e.Message);
            return null;
        }

        return new Informer<FreezeTerms>(client, ListScope.All, context.Random, log);
    }

    [LoggerMessage(LogLevel.Warning, "Freezes are not followed, so that nobody can freeze: {Why}; 'slipway install' shows definition and rights, and a restart looks again")]
    private static partial void LogNotFollowed(ILogger log, string why);
}
