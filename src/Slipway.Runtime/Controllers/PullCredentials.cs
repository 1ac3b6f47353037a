using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.Deliveries;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Registry;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>
/// The pull secrets that a Delivery may use: those its spec names, those of the workload and those of the workload's service account.
/// They are read when the Delivery is first looked at and when the registry refuses them, never on a schedule: an idle minute asks the
/// API server nothing (rule 15), and there is no need for the right to list every Secret.
/// </summary>
public sealed partial class PullCredentials(ControllerContext context, RegistryClient registries, ILogger<PullCredentials> log)
{
    // Between two readings after a refusal: a secret that was mended is found soon, one that is wrong costs a request or two each time.
    private static readonly TimeSpan RereadAfter = TimeSpan.FromSeconds(30);

    private readonly ResourceClient<PullSecret> _secrets = new(context.Connection, ResourceTypes.Secrets, PullSecretReader.Read);
    private readonly ResourceClient<ServiceAccountSnapshot> _accounts = new(context.Connection, ResourceTypes.ServiceAccounts, new ServiceAccountReader(new ValuePool()).Read);
    private readonly ConcurrentDictionary<ObjectKey, Read> _read = new();

    private sealed record Read(string Question, CredentialChain Chain, long At);

    /// <param name="refused">The registry did not take what was read before.</param>
    public async Task<CredentialChain> ForAsync(
        ObjectKey key, RepositoryName repository, DeliveryTerms terms, TargetSet targets, bool refused, CancellationToken cancellationToken)
    {
        var workloads = targets.Targets.Select(target => target.Workload).OfType<WorkloadSnapshot>().ToArray();
        string[] accounts = [.. workloads.Select(workload => workload.ServiceAccount).Distinct()];
        string[] named = [.. terms.PullSecrets, .. workloads.SelectMany(workload => workload.PullSecrets)];
        var question = $"{repository}\n{string.Join(',', named)}\n{string.Join(',', accounts)}";
        if (_read.TryGetValue(key, out var known) && known.Question == question && !(refused && context.Time.GetElapsedTime(known.At) > RereadAfter))
        {
            return known.Chain;
        }

        List<string> names = [.. named];
        foreach (var account in accounts)
        {
            names.AddRange((await _accounts.GetAsync(new ObjectKey(key.Namespace, account), cancellationToken))?.Value.PullSecrets ?? []);
        }

        var configs = new List<DockerConfig>();
        foreach (var name in names.Distinct())
        {
            await ReadSecretAsync(new ObjectKey(key.Namespace, name), configs, cancellationToken);
        }

        var mirrors = registries.Options.MirrorsOf(repository).Select(mirror => new MirrorChain(mirror, ChainOf(mirror, key.Namespace, configs)));
        var chain = ChainOf(repository, key.Namespace, configs, [.. mirrors]);
        _read[key] = new Read(question, chain, context.Time.GetTimestamp());
        return chain;
    }

    /// <summary>After how long it is worth while to come again, as long as the registry refuses what was read.</summary>
    public static TimeSpan Reread => RereadAfter + TimeSpan.FromSeconds(1);

    // The secrets that match this name, which for a mirror are others than for the original, and then what the configuration allows.
    private CredentialChain ChainOf(RepositoryName repository, string ns, IReadOnlyList<DockerConfig> configs, ImmutableArray<MirrorChain> mirrors = default) =>
        new(PullSecrets.For(repository, configs).Credentials, registries.Logins.MayServe(repository, ns), mirrors);

    public void Forget(ObjectKey key) => _read.TryRemove(key, out _);

    // A secret that is missing or damaged is one less to try: the registry's own answer tells the user whether it was needed.
    private async Task ReadSecretAsync(ObjectKey key, List<DockerConfig> configs, CancellationToken cancellationToken)
    {
        try
        {
            if (await _secrets.GetAsync(key, cancellationToken) is { } secret)
            {
                configs.Add(DockerConfig.Parse(secret.Value.Config));
            }
            else
            {
                LogUnusable(key, "it does not exist");
            }
        }
        catch (KubeException e) when (e.IsForbidden || e.Reason == KubeException.Unreadable)
        {
            LogUnusable(key, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Pull secret {Secret} is not used: {Why}")]
    private partial void LogUnusable(ObjectKey secret, string why);
}
