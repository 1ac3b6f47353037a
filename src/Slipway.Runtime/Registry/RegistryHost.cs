namespace Slipway.Registry;

/// <summary>
/// What is known of one host, for all who ask it: how it wants to be logged in to, how often it may be asked, and whether it wants to be
/// left alone.
/// </summary>
internal sealed class RegistryHost(string name, RegistryOptions options, TimeProvider time, Func<double> random) : IDisposable
{
    // The one registry that counts some requests only.
    private const string DockerHub = "registry-1.docker.io";

    // Logins of a cluster to one host. Should there be more, what is known of all of them is learned anew.
    private const int MostQuotas = 100;

    // A host that just had trouble is tried by one request. The others come back after this long to see how it went.
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(1);

    // How long a way to log in is held to be right that does not work.
    private static readonly TimeSpan LoginTime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HostTurns _turns = new(options.RequestsPerHost, options.RateOf(name), time);

    // Lists under way, from the first page to the last. Were there more, thousands of them would be read page by page in turn at a start, and
    // all be held until the last one ended.
    private readonly HostTurns _lists = new(options.RequestsPerHost, RequestRate.Unlimited, time);
    private readonly Dictionary<string, PullQuota> _quotas = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _first = new(1);
    private HostBackoff _backoff = HostBackoff.None;
    private bool _onTrial;
    private volatile LoginStyle? _login;
    private volatile bool _known;
    private TimeSpan _learned;

    /// <summary>Null until the host has answered once.</summary>
    public LoginStyle? Login
    {
        get => _login;
        set => (_login, _learned) = (value, _turns.Now);
    }

    /// <summary>
    /// A login has failed: perhaps because it is no longer the one that the host wants. Then it is asked again how it wants it, and not at
    /// every look, since most often it is the credential that is wrong.
    /// </summary>
    public void DoubtLogin()
    {
        lock (_lock)
        {
            if (_turns.Now - _learned >= LoginTime)
            {
                (_known, _login) = (false, null);
            }
        }
    }

    /// <summary>
    /// A turn for a request to a host that nothing is known of: one at a time, until its answer has been taken note of. Otherwise a
    /// thousand feeds that start together would all be sent the challenge, or the refusal, that one of them could have told the others.
    /// </summary>
    /// <returns>Null, at once, where the host is known.</returns>
    public async Task<IDisposable?> FirstTurnAsync(CancellationToken cancellationToken)
    {
        if (_known)
        {
            return null;
        }

        await _first.WaitAsync(cancellationToken);
        if (!_known)
        {
            return new Turn(this);
        }

        _first.Release();
        return null;
    }

    /// <summary>How many wait for their turn.</summary>
    public int Waiting => _turns.Waiting + _lists.Waiting;

    /// <summary>Waits until another list may be begun; disposed at its end.</summary>
    public async Task<IDisposable> BeginListAsync(RegistryAccess access, CancellationToken cancellationToken)
    {
        var errand = access.Errand ?? new Errand(isUrgent: true);
        await _lists.EnterAsync(errand, cancellationToken);
        errand.Answered();
        return new List(_lists);
    }

    /// <summary>Waits for a turn. The visit is refused while the host is being spared, without a request.</summary>
    public async Task<RegistryAnswer<Visit>> EnterAsync(RegistryAccess access, RegistryCall call, CancellationToken cancellationToken)
    {
        if ((Refusal(call) ?? Unaffordable(access, call)) is { } refused)
        {
            return refused;
        }

        var errand = access.Errand ?? new Errand(isUrgent: true);
        await _turns.EnterAsync(errand, cancellationToken);
        var answer = Admit(errand, call);
        if (answer is RegistryAnswer<Visit>.Failed)
        {
            errand.Answered();
            _turns.Leave(asked: false);
        }

        return answer;
    }

    /// <summary>One more request within a visit.</summary>
    public void Charge() => _turns.Charge();

    /// <summary>Takes note of what an answer says is left to its asker.</summary>
    public void Told(RegistryAccess access, RegistryCall call, RateLimit left)
    {
        if (name != DockerHub)
        {
            _turns.Told(left);
            return;
        }

        lock (_lock)
        {
            if (_quotas.Count >= MostQuotas)
            {
                _quotas.Clear();
            }

            var quota = Quota(access).Told(left);
            _quotas[IdentityOf(access)] = call.IsPull ? quota.Take(_turns.Now) : quota;
        }
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
        _turns.Dispose();
        _lists.Dispose();
        _first.Dispose();
    }

    private RegistryProblem? Unaffordable(RegistryAccess access, RegistryCall call)
    {
        if (name != DockerHub || !call.IsPull)
        {
            return null;
        }

        lock (_lock)
        {
            var quota = Quota(access);
            return quota.Wait(_turns.Now) is { Ticks: > 0 } wait ? quota.Refusal(call.Verb, name, wait) : null;
        }
    }

    private PullQuota Quota(RegistryAccess access) => _quotas.GetValueOrDefault(IdentityOf(access));

    private static string IdentityOf(RegistryAccess access) => access.Credential?.Identity ?? "";

    private RegistryAnswer<Visit> Admit(Errand errand, RegistryCall call)
    {
        lock (_lock)
        {
            if (Refusal(call) is { } refused)
            {
                return refused;
            }

            _onTrial = _backoff.IsActive;
            return new Visit(this, errand, _onTrial);
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

        _turns.Leave(asked: true);
    }

    /// <summary>A place at the host, for one question and what its login needs.</summary>
    internal sealed class Visit(RegistryHost host, Errand errand, bool trial) : IDisposable
    {
        private bool _answered;
        private RegistryProblem? _problem;

        /// <summary>What came of it. Without this, as when it was cancelled, the visit says nothing of the host.</summary>
        public void Ended(RegistryProblem? problem) => (_answered, _problem) = (true, problem);

        public void Dispose()
        {
            errand.Answered();
            host.Leave(trial, _answered, _problem);
        }
    }

    private sealed class List(HostTurns lists) : IDisposable
    {
        public void Dispose() => lists.Leave(asked: true);
    }

    // Known is a host once its first answer has been taken note of, and not when it has only been read.
    private sealed class Turn(RegistryHost host) : IDisposable
    {
        public void Dispose()
        {
            host._known = host._login is not null;
            host._first.Release();
        }
    }
}
