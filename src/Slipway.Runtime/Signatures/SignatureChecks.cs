using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.Conditions;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Registry;
using Slipway.Registry.Signatures;

namespace Slipway.Signatures;

/// <summary>What one Delivery wants to know: whether this image is signed as its spec requires.</summary>
/// <param name="Rule">Of the spec; null where only the cluster's policies require something.</param>
public sealed record SignatureWish(RepositoryName Repository, string Digest, ImmutableArray<string> Tags, SignatureRule? Rule, CredentialChain Credentials)
{
    /// <summary>Two Deliveries with the same identity wait for the same search. Keys that are read in a namespace are another's in another.</summary>
    internal string Identity(string ns) =>
        string.Join('\n', $"{Repository}@{Digest}", string.Join(' ', Tags), Credentials.Identity, Rule is { IsLocal: true } ? ns : "", Rule?.Identity);
}

/// <summary>
/// Which images are signed as they must be, for all Deliveries. Looking is done elsewhere than in a pass; what was found wakes those who
/// wait. What a feed sees is shared by Deliveries with different keys, so that it is verified after it was seen and not by the feed.
/// </summary>
public sealed class SignatureChecks(
    RegistryClient client, ClusterConnection cluster, ImmutableArray<ImagePolicy> policies, TimeProvider time, Func<double> random, ILogger<SignatureChecks> log) : IAsyncDisposable
{
    // At once: what one search may hold in memory is bounded, and so is what all of them may.
    private const int MaxSearches = 8;

    // Of one search. A registry that trickles must not keep the others waiting.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turns = new(MaxSearches);
    private readonly RequirementReader _keys = new(cluster);
    private readonly VerifiedImages _verified = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SignatureCheck> _checks = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, string> _followed = [];

    // Checks that are being stopped; kept until they have, so that disposing waits for them.
    private readonly HashSet<Task> _ending = [];

    /// <summary>Whether anybody requires signatures of this repository's images.</summary>
    public bool AreRequired(RepositoryName repository, SignatureRule? rule) => rule is not null || policies.Any(policy => policy.IsFor(repository));

    /// <summary>What is known; the search begins with the first question. Every reconcile may call it: nothing happens where the wish is the one of before.</summary>
    /// <param name="changed">Called when there is more to know, on any thread; it must be quick, as putting a key into a queue is.</param>
    public Verification Follow(ObjectKey delivery, SignatureWish wish, Action changed)
    {
        var identity = wish.Identity(delivery.Namespace);
        lock (_lock)
        {
            if (_followed.TryGetValue(delivery, out var present) && present != identity)
            {
                Leave(delivery, present);
            }

            if (!_checks.TryGetValue(identity, out var check))
            {
                _checks[identity] = check = new SignatureCheck(wish, Looking(delivery.Namespace, wish), time, random, log);
            }

            check.Add(delivery, changed);
            _followed[delivery] = identity;
            if (check.HasFailed)
            {
                // For whoever comes next, and for this one when the queue tries it again.
                _checks.Remove(identity);
                foreach (var waiting in _followed.Where(pair => pair.Value == identity).Select(pair => pair.Key).ToList())
                {
                    _followed.Remove(waiting);
                }

                End(check);
            }

            return check.Latest;
        }
    }

    public void Forget(ObjectKey delivery)
    {
        lock (_lock)
        {
            if (_followed.TryGetValue(delivery, out var identity))
            {
                Leave(delivery, identity);
            }
        }
    }

    /// <summary>Something was pushed into this repository, perhaps a signature. As with feeds, the path decides: registries have several names.</summary>
    public void Hint(RepositoryName repository) => ForEach(check => check.Wish.Repository.Path == repository.Path);

    /// <summary>A person wants to know now.</summary>
    public void CheckNow(ObjectKey delivery)
    {
        lock (_lock)
        {
            if (_followed.TryGetValue(delivery, out var identity))
            {
                _checks[identity].Hint();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Task> ending;
        lock (_lock)
        {
            foreach (var check in _checks.Values)
            {
                End(check);
            }

            _checks.Clear();
            _followed.Clear();
            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
        _turns.Dispose();
    }

    private Func<CancellationToken, Task<SignatureAnswer>> Looking(string ns, SignatureWish wish)
    {
        var session = new RepositorySession(client, new FactsCache(), wish.Repository, wish.Credentials) { Errand = new Errand(isUrgent: true) };
        return stop => LookAsync(ns, wish, session, stop);
    }

    private async Task<SignatureAnswer> LookAsync(string ns, SignatureWish wish, RepositorySession session, CancellationToken cancellationToken)
    {
        IEnumerable<SignatureRule> rules = policies.Where(policy => policy.IsFor(wish.Repository)).Select(policy => policy.Rule);
        var read = await _keys.ReadAsync(ns, wish.Rule is null ? rules : rules.Append(wish.Rule), cancellationToken);
        if (read.Reason is { } reason)
        {
            return new(new Verification.Refused(wish.Digest, reason, read.Why));
        }

        var question = new SignatureQuestion(wish.Repository, wish.Digest, wish.Tags, read.Requirements);
        if (_verified.Contains(question))
        {
            return new(new Verification.Verified(wish.Digest));
        }

        var answer = await SearchAsync(session, question, cancellationToken);
        if (answer.Verification is Verification.Verified)
        {
            _verified.Add(question);
        }

        return answer;
    }

    private async Task<SignatureAnswer> SearchAsync(RepositorySession session, SignatureQuestion question, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        using var late = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await new SignatureReader(session, question).AnswerAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(new Verification.Refused(
                question.Digest, Reasons.VerificationUnavailable, $"whether it is signed could not be found out within {Longest.TotalSeconds:0} s, so slow is {question.Repository.Domain}; it is tried again"));
        }
        finally
        {
            _turns.Release();
        }
    }

    private void ForEach(Func<SignatureCheck, bool> meant)
    {
        lock (_lock)
        {
            foreach (var check in _checks.Values.Where(meant))
            {
                check.Hint();
            }
        }
    }

    private void Leave(ObjectKey delivery, string identity)
    {
        _followed.Remove(delivery);
        if (_checks[identity].Remove(delivery))
        {
            _checks.Remove(identity, out var check);
            End(check!);
        }
    }

    private void End(SignatureCheck check)
    {
        _ending.RemoveWhere(task => task.IsCompleted);
        _ending.Add(check.DisposeAsync().AsTask());
    }
}
