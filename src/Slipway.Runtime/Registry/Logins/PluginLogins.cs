using Slipway.Images;

namespace Slipway.Registry;

/// <summary>
/// Asks the kubelet's exec plugins, one run of each at a time: whoever waited finds what the one before was given, where that is for more
/// than one image.
/// </summary>
internal sealed class PluginLogins(LoginOptions options, TimeProvider time) : IDisposable
{
    private const int MaxAnswers = 10_000;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Plugin, PluginCacheKey Kind, string Key), (DockerConfig? Auth, string Why, DateTimeOffset At, DateTimeOffset Until)> _answers = [];
    private readonly Dictionary<string, SemaphoreSlim> _turns = options.Plugins.ToDictionary(plugin => plugin.Name, _ => new SemaphoreSlim(1));

    public bool Match(RepositoryName repository) => options.Plugins.Any(plugin => plugin.Matches(repository));

    /// <summary>All that the plugins have for a repository, in the order in which they are configured.</summary>
    public async Task<LoginAnswer> FindAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        var (configs, why) = (new List<DockerConfig>(), (string?)null);
        foreach (var plugin in options.Plugins.Where(plugin => plugin.Matches(repository)))
        {
            var (auth, failure) = await AskAsync(plugin, repository, cancellationToken);
            configs.AddRange(auth is null ? [] : [auth]);
            why ??= auth is null ? failure : null;
        }

        return PullSecrets.For(repository, configs) is { Credentials: { IsEmpty: false } found } ? new LoginAnswer.Found(found)
            : why is not null ? new LoginAnswer.Failed(why)
            : new LoginAnswer.None();
    }

    /// <summary>What the plugins gave is not taken: they are asked anew, but not for what they gave just now.</summary>
    public void Refused(RepositoryName repository)
    {
        lock (_lock)
        {
            foreach (var key in options.Plugins.Where(plugin => plugin.Matches(repository)).SelectMany(plugin => Keys(plugin, repository)))
            {
                if (_answers.TryGetValue(key, out var kept) && time.GetUtcNow() - kept.At > AfterFailure)
                {
                    _answers.Remove(key);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var turn in _turns.Values)
        {
            turn.Dispose();
        }
    }

    private async Task<(DockerConfig? Auth, string Why)> AskAsync(CredentialPlugin plugin, RepositoryName repository, CancellationToken cancellationToken)
    {
        if (Kept(plugin, repository) is { } known)
        {
            return known;
        }

        await _turns[plugin.Name].WaitAsync(cancellationToken);
        try
        {
            return Kept(plugin, repository) ?? await RunAsync(plugin, repository, cancellationToken);
        }
        finally
        {
            _turns[plugin.Name].Release();
        }
    }

    private async Task<(DockerConfig? Auth, string Why)> RunAsync(CredentialPlugin plugin, RepositoryName repository, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.PluginDirectory ?? "", plugin.Name);
        var run = await ProgramRun.RunAsync(path, plugin.Args, plugin.Env, plugin.Request(repository), time, cancellationToken);
        var why = run.Problem ?? (run.ExitCode != 0 ? $"it ends with exit code {run.ExitCode}" : "");
        if (why.Length == 0 && plugin.Read(run.Stdout, out why) is { } answer)
        {
            Keep((plugin.Name, answer.Key, KeyOf(answer.Key, repository)), answer.Auth, "", answer.Kept);
            return (answer.Auth, "");
        }

        why = $"the credential provider {plugin.Name}: {why}";
        Keep((plugin.Name, PluginCacheKey.Image, KeyOf(PluginCacheKey.Image, repository)), null, why, AfterFailure);
        return (null, why);
    }

    private (DockerConfig? Auth, string Why)? Kept(CredentialPlugin plugin, RepositoryName repository)
    {
        lock (_lock)
        {
            foreach (var key in Keys(plugin, repository))
            {
                if (_answers.TryGetValue(key, out var kept) && time.GetUtcNow() < kept.Until)
                {
                    return (kept.Auth, kept.Why);
                }
            }
        }

        return null;
    }

    private void Keep((string, PluginCacheKey, string) key, DockerConfig? auth, string why, TimeSpan duration)
    {
        lock (_lock)
        {
            if (_answers.Count >= MaxAnswers)
            {
                _answers.Clear();
            }

            var now = time.GetUtcNow();
            _answers[key] = (auth, why, now, now + duration);
        }
    }

    private static IEnumerable<(string, PluginCacheKey, string)> Keys(CredentialPlugin plugin, RepositoryName repository) =>
        Enum.GetValues<PluginCacheKey>().Select(kind => (plugin.Name, kind, KeyOf(kind, repository)));

    private static string KeyOf(PluginCacheKey kind, RepositoryName repository) => kind switch
    {
        PluginCacheKey.Image => repository.ToString(),
        PluginCacheKey.Registry => repository.Domain,
        _ => "",
    };
}
