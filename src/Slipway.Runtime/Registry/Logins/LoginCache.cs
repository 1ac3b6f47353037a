namespace Slipway.Registry;

/// <summary>
/// Logins by what they are good for, kept until shortly before their end. Who asks for one that is being drawn waits for that one, so that the
/// number of requests does not depend on the number of feeds.
/// </summary>
internal sealed class LoginCache(TimeProvider time, CancellationToken stopping)
{
    // Far above what a cluster has hosts. Reached, all go: it costs requests only.
    private const int MaxEntries = 10_000;

    // What has no end of its own, or is no login: a helper that was set up, or a role that was granted, is noticed within this time.
    private static readonly TimeSpan Unending = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (LoginAnswer Answer, DateTimeOffset At, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<LoginAnswer>> _draws = new(StringComparer.Ordinal);

    public async Task<LoginAnswer> GetAsync(string key, Func<CancellationToken, Task<LoginAnswer>> draw, CancellationToken cancellationToken)
    {
        Task<LoginAnswer> drawing;
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var kept) && time.GetUtcNow() < kept.Until)
            {
                return kept.Answer;
            }

            if (!_draws.TryGetValue(key, out drawing!))
            {
                _draws[key] = drawing = DrawAsync(key, draw);
            }
        }

        // The draw is everybody's: who gives up waiting does not end it for the others.
        return await drawing.WaitAsync(cancellationToken);
    }

    /// <summary>The registry did not take it, whatever its end was said to be. What was drawn just now is not drawn again for that.</summary>
    public void Refused(string key)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var kept) && time.GetUtcNow() - kept.At > AfterFailure)
            {
                _kept.Remove(key);
            }
        }
    }

    private async Task<LoginAnswer> DrawAsync(string key, Func<CancellationToken, Task<LoginAnswer>> draw)
    {
        // So that the draw is entered above before it can end.
        await Task.Yield();
        try
        {
            var answer = await draw(stopping);
            var now = time.GetUtcNow();
            lock (_lock)
            {
                if (_kept.Count >= MaxEntries)
                {
                    _kept.Clear();
                }

                _kept[key] = (answer, now, answer is LoginAnswer.Found found ? found.UsableUntil ?? now + Unending : now + AfterFailure);
            }

            return answer;
        }
        finally
        {
            lock (_lock)
            {
                _draws.Remove(key);
            }
        }
    }
}
