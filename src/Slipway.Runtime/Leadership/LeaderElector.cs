using Microsoft.Extensions.Logging;
using Slipway.Kube;

namespace Slipway.Leadership;

/// <summary>Stands for election by one Lease until stopped. <see cref="LeaseMachine"/> decides; this type sends what it asks for.</summary>
public sealed partial class LeaderElector(
    ClusterConnection connection, ObjectKey lease, LeaseTerms terms, Tenure tenure, Func<double> jitter, ILogger<LeaderElector> log)
{
    private readonly ResourceClient<LeaseRecord> _leases = new(connection, ResourceTypes.Leases, LeaseWire.Read);
    private readonly TimeProvider _time = connection.Time;
    private readonly long _origin = connection.Time.GetTimestamp();
    private volatile TaskCompletionSource _rumour = NewRumour();

    /// <summary>Several hold it under one name, so that none of them may give it back for all.</summary>
    public bool Shared { get; init; }

    /// <summary>What keeps us from reading or writing the Lease; null when nothing does.</summary>
    public string? Problem { get; private set; }

    /// <summary>Who held the Lease when it was last seen; empty when nobody did.</summary>
    public string Holder { get; private set; } = "";

    /// <summary>Somebody says that the Lease is free: who waits for it looks now, and not only at its next look.</summary>
    public void Look() => _rumour.TrySetResult();

    /// <summary>
    /// Runs until stopped, and then gives the Lease back, so that the next leader need not wait for it to run out. To be stopped after
    /// all work is done: whoever takes over starts at once.
    /// </summary>
    /// <param name="seen">The Lease as it was seen before; it is read again, and only if it is still the same does its silence count.</param>
    /// <param name="silentFor">For how long it was seen unchanged.</param>
    public async Task RunAsync(CancellationToken stopping, LeaseRecord? seen = null, TimeSpan silentFor = default)
    {
        LeaseState state = seen is null ? new LeaseState.Unread() : new LeaseState.Following(seen, Now - silentFor, Stale: true);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                state = Move(state, await DoAsync(LeaseMachine.Act(state, terms, Now), stopping));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped in the middle of a request or a pause: this is how it ends.
        }

        tenure.End();
        await GiveBackAsync(state);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    private LeaseState Move(LeaseState before, (LeaseSignal Signal, Tenure.Moment SentAt) result)
    {
        var after = LeaseMachine.Next(before, result.Signal, terms, Now, jitter());
        Holder = after switch
        {
            LeaseState.Leading => terms.Identity,
            LeaseState.Following { Record: { } record } => record.Holder,
            _ => "",
        };

        if (after is not LeaseState.Leading)
        {
            tenure.End();
        }
        else if (result.Signal is LeaseSignal.Written)
        {
            tenure.Extend(result.SentAt, terms.RenewDeadline);
        }

        if ((before is LeaseState.Leading) != (after is LeaseState.Leading))
        {
            LogChanged(after is LeaseState.Leading ? "leads" : "no longer leads", terms.Identity, lease);
        }

        return after;
    }

    private async Task<(LeaseSignal, Tenure.Moment)> DoAsync(LeaseAction action, CancellationToken stopping)
    {
        var sentAt = tenure.Now();
        if (action is LeaseAction.Sleep sleep)
        {
            return (await PauseAsync(Clamp(sleep.Until - Now), stopping), sentAt);
        }

        // Half of the deadline for each request: a leader whose answer is lost has time for another try.
        using var late = new CancellationTokenSource(terms.RenewDeadline / 2, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        var sent = Now;
        try
        {
            LeaseSignal signal = action is LeaseAction.Read
                ? new LeaseSignal.Found((await _leases.GetAsync(lease, either.Token))?.Value)
                : new LeaseSignal.Written(await WriteAsync(action, either.Token), sent);
            Problem = null;
            return (signal, sentAt);
        }
        catch (KubeException e) when (e.Code is 409 or 404 && action is not LeaseAction.Read)
        {
            return (new LeaseSignal.Refused(), sentAt);
        }
        catch (KubeException e)
        {
            LogProblem(Problem = e.Message);
            return (new LeaseSignal.Failed(), sentAt);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            LogProblem(Problem = $"Lease {lease}: no answer within {(terms.RenewDeadline / 2).TotalSeconds} s");
            return (new LeaseSignal.Failed(), sentAt);
        }
    }

    private async Task<LeaseSignal> PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        using var nap = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var rumour = _rumour;
        await Task.WhenAny(rumour.Task, Task.Delay(pause, _time, nap.Token));
        stopping.ThrowIfCancellationRequested();
        await nap.CancelAsync();
        if (!rumour.Task.IsCompleted)
        {
            return new LeaseSignal.Tick();
        }

        _rumour = NewRumour();
        return new LeaseSignal.Rumour();
    }

    private async Task<LeaseRecord> WriteAsync(LeaseAction action, CancellationToken cancellationToken)
    {
        var now = LeaseWire.Instant(_time.GetUtcNow());
        var record = action switch
        {
            LeaseAction.Renew renew => renew.Held with { RenewTime = now, Duration = terms.Duration },
            LeaseAction.TakeOver take => new LeaseRecord(take.From.ResourceVersion, terms.Identity, terms.Duration, now, now, take.From.Transitions + 1),
            _ => new LeaseRecord("", terms.Identity, terms.Duration, now, now, 0),
        };
        var body = LeaseWire.Write(record, lease.Name);
        var written = action is LeaseAction.Create
            ? await _leases.CreateAsync(lease.Namespace, body, cancellationToken)
            : await _leases.MergePatchAsync(lease, body, cancellationToken);
        return written.Value;
    }

    private async Task GiveBackAsync(LeaseState state)
    {
        if (Shared || state is not LeaseState.Leading { Record: var held })
        {
            return;
        }

        // The process wants to end, and the others can do without: one short try.
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        try
        {
            var now = LeaseWire.Instant(_time.GetUtcNow());
            await _leases.MergePatchAsync(lease, LeaseWire.Write(held with { Holder = "", Duration = TimeSpan.FromSeconds(1), RenewTime = now }, lease.Name), late.Token);
            LogChanged("gave back the Lease", terms.Identity, lease);
        }
        catch (Exception e) when (e is KubeException or OperationCanceledException)
        {
            LogProblem($"Lease {lease} was not given back, the next leader waits until it runs out: {e.Message}");
        }
    }

    private static TaskCompletionSource NewRumour() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan Clamp(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait < TimeSpan.FromDays(1) ? wait : TimeSpan.FromDays(1);

    [LoggerMessage(LogLevel.Information, "{Identity} {What} (Lease {Lease})")]
    private partial void LogChanged(string what, string identity, ObjectKey lease);

    [LoggerMessage(LogLevel.Warning, "Leader election: {Why}")]
    private partial void LogProblem(string why);
}
