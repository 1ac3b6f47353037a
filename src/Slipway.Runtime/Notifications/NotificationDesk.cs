using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Kube;

namespace Slipway.Notifications;

/// <summary>
/// Takes what happened to all Notifiers that want it, beside the passes: nothing waits for it, and what a Notifier's server does reaches no rollout. It
/// lives as long as the process leads.
/// </summary>
/// <param name="find">The Notifier as it is now; null where it is gone.</param>
/// <param name="read">The terms of a Notifier.</param>
/// <param name="post">Tells one notification once.</param>
/// <param name="store">Writes a status. It throws nothing for what the API server does.</param>
/// <param name="count">Format and outcome, for metrics.</param>
/// <param name="random">Draws from [0, 1).</param>
public sealed partial class NotificationDesk(
    Func<ObjectKey, Notifier?> find,
    Func<Notifier, NotifierTerms> read,
    Func<NotifierTerms, Notification, CancellationToken, Task<PostResult>> post,
    Func<Notifier, NotifierStatus, CancellationToken, Task<bool>> store,
    Action<string, string> count,
    TimeProvider time,
    Func<double> random,
    ILogger<NotificationDesk> log) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, Outbox> _boxes = [];

    // Those whose Notifier is gone, until they have stopped.
    private readonly HashSet<Task> _ending = [];

    private bool _closed;

    /// <summary>Called after the last message.</summary>
    public Action? Closing { get; init; }

    /// <summary>A Notifier has changed, come or gone. Quick, and may be called on any thread.</summary>
    public void Look(ObjectKey key)
    {
        var notifier = find(key);
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            if (notifier is null)
            {
                if (_boxes.Remove(key, out var gone))
                {
                    End(gone);
                }

                return;
            }

            BoxOf(key).Follow(notifier, read(notifier));
        }
    }

    /// <summary>Puts them where they are wanted and returns. It waits for nothing.</summary>
    public void Tell(ImmutableArray<Notification> notifications)
    {
        if (notifications.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var box in _closed ? [] : _boxes.Values.ToArray())
            {
                foreach (var notification in notifications.Where(box.Wants))
                {
                    box.Add(notification);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_lock)
        {
            _closed = true;
            foreach (var box in _boxes.Values)
            {
                End(box);
            }

            _boxes.Clear();
            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
        Closing?.Invoke();
    }

    private Outbox BoxOf(ObjectKey key) => _boxes.TryGetValue(key, out var box) ? box : _boxes[key] = new Outbox(post, store, Counted, time, random);

    private void Counted(NotifierTerms terms, string outcome, Notification notification, string? why)
    {
        count(terms.Format, outcome);
        if (outcome is Outbox.Refused or Outbox.Expired)
        {
            LogGivenUp($"{terms.Namespace}/{terms.Name}", notification.Event, $"{notification.Namespace}/{notification.Delivery}", why ?? "");
        }
    }

    private void End(Outbox box)
    {
        var ended = box.DisposeAsync().AsTask();
        _ending.RemoveWhere(task => task.IsCompleted);
        _ending.Add(ended);
    }

    [LoggerMessage(LogLevel.Warning, "Notifier {Notifier}: {What} of {Delivery} is not told: {Why}")]
    private partial void LogGivenUp(string notifier, NotificationEvent what, string delivery, string why);
}
