using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>What divides requests between the two sides. One for each sort of object that can.</summary>
public interface IRouter
{
    /// <summary>Reads the object at the API server, so that <see cref="ObserveAsync"/> is no older than this moment.</summary>
    Task RefreshAsync(SidePlace place, CancellationToken cancellationToken);

    /// <summary>How it stands, from what is followed.</summary>
    /// <param name="pods">Of the side.</param>
    /// <returns>Null where it is not there.</returns>
    /// <exception cref="Queue.NotReadyException">It is being listed.</exception>
    Task<TrafficSnapshot?> ObserveAsync(SidePlace place, IReadOnlyList<PodSnapshot> pods, CancellationToken cancellationToken);

    /// <summary>Writes what is missing of <paramref name="wish"/>. What raises the side's share is written only after a live look at who is to bear it (I1, I9).</summary>
    /// <returns>Whether anything was written.</returns>
    /// <exception cref="TrafficRefusedException">It cannot be written so.</exception>
    Task<bool> ApplyAsync(SidePlace place, TrafficWish wish, Fence fence, CancellationToken cancellationToken);

    /// <summary>The Services that the router names; null where it is not there, with the reason.</summary>
    Task<(IReadOnlySet<string>? Services, string? Problem)> NamedAsync(SidePlace place, CancellationToken cancellationToken);

    /// <summary>Why the plan's steps cannot be made here, although the router names the Service; null where they can.</summary>
    Task<string?> RefusalAsync(SidePlace place, IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken);
}

/// <summary>Requests cannot be divided as wished; the message names the object, the reason and the way out.</summary>
public sealed class TrafficRefusedException(string message) : Exception(message);
