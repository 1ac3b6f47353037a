using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Telemetry;

namespace Slipway.Queue;

/// <summary>One controller: from the key of an object to the next step for it.</summary>
public interface IReconciler
{
    /// <summary>The controller's name in logs and metrics.</summary>
    string Name { get; }

    Task<Requeue> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken);
}

/// <summary>How a pass ended, by what happens next.</summary>
public enum PassResult
{
    /// <summary>Looked at, and perhaps moved on; the pass itself says when to come again.</summary>
    Ok,

    /// <summary>Waits for an edit of the spec.</summary>
    Invalid,

    /// <summary>Comes again after the time that was named.</summary>
    NotReady,

    /// <summary>Another write came first: comes again at once, and with pauses when that goes on.</summary>
    Conflict,

    /// <summary>Comes again when the registry allows.</summary>
    RegistrySaysNo,

    /// <summary>Comes again after a pause that grows.</summary>
    Error,

    /// <summary>No longer the leader: dropped, the next leader looks at everything.</summary>
    NotLeader,
}

/// <summary>The one place where an exception becomes a retry, a condition or an alert.</summary>
public sealed partial class ReconcileLoop(
    IReconciler reconciler, WorkQueue<ObjectKey> queue, int workers, SlipwayMetrics metrics, TimeProvider time, ILogger<ReconcileLoop> log)
{
    /// <summary>How long a pass under way may go on after a stop was asked for. Below Kubernetes' 30 s between SIGTERM and SIGKILL.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Takes keys until stopped. Then no key is taken any more, and passes under way are finished, so that an intent that was written
    /// is not left to the next start without need; only after <see cref="Grace"/> they are cancelled.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var hurry = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = stopping.Register(() =>
        {
            LogStopping(reconciler.Name);
            hurry.CancelAfter(Grace);
        });
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(stopping, hurry.Token), CancellationToken.None)));
    }

    /// <summary>One pass over one key, and its consequences for the queue.</summary>
    public async Task<PassResult> PassAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (result, requeue) = await TryReconcileAsync(key, cancellationToken);
        metrics.Reconciled(reconciler.Name, Name(result), time.GetElapsedTime(started));
        Schedule(key, result, requeue);
        return result;
    }

    private async Task WorkAsync(CancellationToken stopping, CancellationToken hurry)
    {
        while (!stopping.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await queue.TakeAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await PassAsync(key, hurry);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    private async Task<(PassResult, Requeue)> TryReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (PassResult.Ok, await reconciler.ReconcileAsync(key, cancellationToken));
        }
        catch (InvalidSpecException e)
        {
            LogInvalid(reconciler.Name, key, e.Message);
            return (PassResult.Invalid, Requeue.OnChange);
        }
        catch (NotReadyException e)
        {
            return (PassResult.NotReady, Requeue.In(e.RetryAfter));
        }
        catch (NotLeaderException e)
        {
            LogNotLeader(reconciler.Name, key, e.Message);
            return (PassResult.NotLeader, Requeue.OnChange);
        }
        catch (KubeException e) when (e.IsConflict)
        {
            LogConflict(reconciler.Name, key, e.Message);
            return (PassResult.Conflict, Requeue.Now);
        }
        catch (RegistryRefusedException e)
        {
            LogRefused(reconciler.Name, key, e.Reason, e.Message);
            return (PassResult.RegistrySaysNo, Requeue.In(e.RetryAfter ?? TimeSpan.Zero));
        }
        catch (Exception e)
        {
            // Also an OperationCanceledException: it may be the timeout of some client, which must be retried. When we are told to
            // hurry the queue is not read any more, so a retry does no harm.
            LogFailed(cancellationToken.IsCancellationRequested ? null : e, reconciler.Name, key, queue.Failures(key) + 1, e.Message);
            return (PassResult.Error, Requeue.In((e as KubeException)?.RetryAfter ?? TimeSpan.Zero));
        }
    }

    private void Schedule(ObjectKey key, PassResult result, Requeue requeue)
    {
        switch (result)
        {
            case PassResult.Conflict when queue.Failures(key) > 0:
            case PassResult.RegistrySaysNo or PassResult.Error:
                queue.AddFailed(key, requeue.After ?? TimeSpan.Zero);
                break;

            case PassResult.Conflict:
                // The first is repeated at once, and counts, so that the second is not.
                queue.CountFailure(key);
                queue.Add(key);
                break;

            default:
                queue.Forgive(key);
                if (requeue.After is { } delay)
                {
                    queue.AddAfter(key, delay);
                }

                break;
        }
    }

    private static string Name(PassResult result) => result switch
    {
        PassResult.Ok => "ok",
        PassResult.Invalid => "invalid",
        PassResult.NotReady => "not_ready",
        PassResult.Conflict => "conflict",
        PassResult.RegistrySaysNo => "registry_says_no",
        PassResult.NotLeader => "not_leader",
        _ => "error",
    };

    [LoggerMessage(LogLevel.Information, "{Controller}: stopping; passes under way are finished, no new one is started")]
    private partial void LogStopping(string controller);

    [LoggerMessage(LogLevel.Warning, "{Controller} {Key} cannot be reconciled until its spec changes: {Why}")]
    private partial void LogInvalid(string controller, ObjectKey key, string why);

    [LoggerMessage(LogLevel.Information, "{Controller} {Key} is left to the new leader: {Why}")]
    private partial void LogNotLeader(string controller, ObjectKey key, string why);

    [LoggerMessage(LogLevel.Debug, "{Controller} {Key}: another write came first: {Why}")]
    private partial void LogConflict(string controller, ObjectKey key, string why);

    [LoggerMessage(LogLevel.Warning, "{Controller} {Key}: the registry refused ({Reason}): {Why}")]
    private partial void LogRefused(string controller, ObjectKey key, string reason, string why);

    [LoggerMessage(LogLevel.Error, "{Controller} {Key} failed, {Failures} failures in a row: {Why}")]
    private partial void LogFailed(Exception? error, string controller, ObjectKey key, int failures, string why);
}
