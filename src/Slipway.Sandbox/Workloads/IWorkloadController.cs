using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>
/// Brings one object nearer to what it should be. Level-triggered: it looks at what is there, whatever made somebody call it,
/// and calling it once more changes nothing.
/// </summary>
internal interface IWorkloadController
{
    /// <summary>The objects of this controller that a change may concern.</summary>
    IEnumerable<ObjectKey> Concerned(WatchEvent change);

    /// <returns>When to look again though nothing changes; null for never.</returns>
    DateTimeOffset? Reconcile(ObjectKey key);
}
