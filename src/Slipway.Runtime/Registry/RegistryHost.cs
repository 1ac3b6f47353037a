namespace Slipway.Registry;

/// <summary>
/// What is known of one host, for all who ask it: how it wants to be logged in to, and whether it wants to be left alone. It is also where
/// a budget for the host belongs.
/// </summary>
internal sealed class RegistryHost(RegistryOptions options, TimeProvider time, Func<double> random) : IDisposable
{
    // A host that just had trouble is tried by one request. The others come back after this long to see how it went.
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _places = new(options.RequestsPerHost);
    private readonly SemaphoreSlim _first = new(1);
    private HostBackoff _backoff = HostBackoff.None;
    private bool _onTrial;
    private volatile LoginStyle? _login;

    /// <summary>Null until the host has answered once.</summary>
    public LoginStyle? Login
    {
        get => _login;
        set => _login = value;
    }

    /// <summary>
    /// A turn for a request to a host that nothing is known of: one at a time, until its answer has been taken note of. Otherwise a
    /// thousand feeds that start together would all be sent the challenge, or the refusal, that one of them could have told the others.
    /// </summary>
    /// <returns>Null, at once, where the host is known.</returns>
    public async Task<IDisposable?> FirstTurnAsync(CancellationToken cancellationToken)
    {
        if (_login is not null)
        {
            return null;
        }

        await _first.WaitAsync(cancellationToken);
        if (_login is null)
        {
            return new Turn(_first);
        }

        _first.Release();
        return null;
    }

    /// <summary>Waits for a place. The visit is refused while the host is being spared, without a request.</summary>
    public async Task<RegistryAnswer<Visit>> EnterAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        if (Refusal(call) is { } refused)
        {
            return refused;
        }

        await _places.WaitAsync(cancellationToken);
        var answer = Admit(call);
        if (answer is RegistryAnswer<Visit>.Failed)
        {
            _places.Release();
        }

        return answer;
    }

    /// <summary>The problem that those are told who would ask now; null while the host is well.</summary>
    public RegistryProblem? Refusal(RegistryCall call)
    {
        lock (_lock)
        {
            var wait = _backoff.Until - time.GetUtcNow();
            wait = wait <= TimeSpan.Zero && _onTrial ? TrialTime : wait;
            return _backoff.IsActive && wait > TimeSpan.Zero ? _backoff.Refusal(call.Verb, call.Address.Authority, wait) : null;
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _first.Dispose();
    }

    private RegistryAnswer<Visit> Admit(RegistryCall call)
    {
        lock (_lock)
        {
            if (Refusal(call) is { } refused)
            {
                return refused;
            }

            _onTrial = _backoff.IsActive;
            return new Visit(this, _onTrial);
        }
    }

    private void Leave(bool trial, bool answered, RegistryProblem? problem)
    {
        lock (_lock)
        {
            _onTrial &= !trial;
            var counts = trial || !_backoff.IsActive;
            if (problem is { ConcernsHost: true })
            {
                // Requests that were under way when the host began to fail are one failure with the first, not eight.
                _backoff = counts ? _backoff.After(problem, time.GetUtcNow(), random()) : _backoff;
            }
            else if (answered && counts)
            {
                _backoff = HostBackoff.None;
            }
        }

        _places.Release();
    }

    /// <summary>A place at the host, for one question and what its login needs.</summary>
    internal sealed class Visit(RegistryHost host, bool trial) : IDisposable
    {
        private bool _answered;
        private RegistryProblem? _problem;

        /// <summary>What came of it. Without this, as when it was cancelled, the visit says nothing of the host.</summary>
        public void Ended(RegistryProblem? problem) => (_answered, _problem) = (true, problem);

        public void Dispose() => host.Leave(trial, _answered, _problem);
    }

    private sealed class Turn(SemaphoreSlim first) : IDisposable
    {
        public void Dispose() => first.Release();
    }
}
