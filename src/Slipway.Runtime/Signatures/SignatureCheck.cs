using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Registry.Signatures;

namespace Slipway.Signatures;

/// <summary>
/// The search for the signatures of one image, for all who wait for it. It ends when all that is required was found; until then it is tried
/// again with growing pauses, and at once when the registry tells of a push: CI signs after it has pushed.
/// </summary>
internal sealed partial class SignatureCheck : IAsyncDisposable
{
    // Most signatures come seconds after their image. One that never comes costs three requests in five minutes.
    private static readonly Backoff Pause = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    // However many hints there are.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, Task<SignatureAnswer>> _look;
    private readonly SignatureWish _wish;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, Action> _waiting = [];
    private readonly Task _running;
    private TaskCompletionSource _hint = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Verification _latest = new Verification.Pending();

    public SignatureCheck(SignatureWish wish, Func<CancellationToken, Task<SignatureAnswer>> look, TimeProvider time, Func<double> random, ILogger log)
    {
        (_wish, _look, _time, _random, _log) = (wish, look, time, random, log);
        _running = Task.Run(RunAsync);

        // A defect: who waits finds it when it asks again.
        _ = _running.ContinueWith(_ => Tell(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public SignatureWish Wish => _wish;

    public bool HasFailed => _running.IsFaulted;

    /// <exception cref="Exception">The search ended by a defect; whoever asks tells of it, and begins another.</exception>
    public Verification Latest
    {
        get
        {
            if (HasFailed)
            {
                _running.GetAwaiter().GetResult();
            }

            lock (_lock)
            {
                return _latest;
            }
        }
    }

    public void Add(ObjectKey delivery, Action changed)
    {
        lock (_lock)
        {
            _waiting[delivery] = changed;
        }
    }

    /// <summary>True where nobody is left.</summary>
    public bool Remove(ObjectKey delivery)
    {
        lock (_lock)
        {
            _waiting.Remove(delivery);
            return _waiting.Count == 0;
        }
    }

    public void Hint()
    {
        lock (_lock)
        {
            _hint.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        // Of a defect those were told who asked.
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var started = _time.GetTimestamp();
                var answer = await _look(_stopping.Token);
                Publish(answer.Verification);
                if (answer.Verification is Verification.Verified)
                {
                    return;
                }

                failures = await IsHintedWithinAsync(Longer(Pause.After(++failures, _random()), answer.RetryAfter)) ? 0 : failures;
                if (Gap - _time.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, _time, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody waits for it any longer.
        }
    }

    private async Task<bool> IsHintedWithinAsync(TimeSpan pause)
    {
        Task hinted;
        lock (_lock)
        {
            hinted = _hint.Task;
        }

        await hinted.WaitAsync(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Token.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_hint.Task.IsCompleted)
            {
                return false;
            }

            _hint = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    private void Publish(Verification verification)
    {
        lock (_lock)
        {
            if (_latest == verification)
            {
                return;
            }

            _latest = verification;
        }

        Log(verification);
        Tell();
    }

    private void Tell()
    {
        List<Action> changed;
        lock (_lock)
        {
            changed = [.. _waiting.Values];
        }

        changed.ForEach(tell => tell());
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? other) => other > pause ? other.Value : pause;

    private void Log(Verification verification)
    {
        if (verification is Verification.Refused refused)
        {
            LogRefused(_wish.Repository, refused.Reason, refused.Message);
        }
        else
        {
            LogVerified(_wish.Repository, _wish.Digest);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Repository}@{Digest} is signed as required")]
    private partial void LogVerified(Images.RepositoryName repository, string digest);

    [LoggerMessage(LogLevel.Warning, "{Repository}: {Reason}: {Message}")]
    private partial void LogRefused(Images.RepositoryName repository, string reason, string message);
}
