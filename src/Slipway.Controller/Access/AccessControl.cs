using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Slipway.Kube;

namespace Slipway.Controller.Access;

/// <summary>Who a token belongs to.</summary>
internal abstract record Identification
{
    private Identification() { }

    public sealed record Known(Caller Caller) : Identification;

    public sealed record Stranger : Identification;

    /// <summary>That could not be found out.</summary>
    public sealed record Unable(string Why) : Identification;
}

/// <summary>Whether somebody may.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    public sealed record Allowed : Verdict;

    public sealed record Denied : Verdict;

    public sealed record Unable(string Why) : Verdict;
}

/// <summary>
/// Authentication and authorisation by the cluster. Answers hold for ten seconds: so long a token that was revoked, or a right that was taken, still counts.
/// What cannot be found out is a no.
/// </summary>
internal sealed partial class AccessControl(ClusterReviews reviews, ImmutableArray<string> audiences, TimeProvider time, ILogger<AccessControl> log) : IDisposable
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private const int MostTokens = 4096;
    private const int MostVerdicts = 32768;

    // Longer ones than any issuer's are refused unread.
    private const int LongestToken = 16 << 10;

    // Of reviews at once: strangers with many tokens must not become the API server's load.
    private const int AtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ExpiringCache<Identification> _callers = new(MostTokens, Life, time);
    private readonly ExpiringCache<Verdict> _verdicts = new(MostVerdicts, Life, time);
    private readonly SemaphoreSlim _turns = new(AtOnce);

    public Task<Identification> IdentifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length is 0 or > LongestToken)
        {
            return Task.FromResult<Identification>(new Identification.Stranger());
        }

        // The cache knows tokens by their digest alone: nothing that can be used lies in it.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        return _callers.GetAsync(key, () => ReviewAsync(token), found => found is not Identification.Unable, cancellationToken);
    }

    public Task<Verdict> MayAsync(Caller caller, Right right, CancellationToken cancellationToken)
    {
        var key = $"{caller.Fingerprint} {right.Verb} {right.Target} {right.Namespace}/{right.Name}";
        return _verdicts.GetAsync(key, () => ReviewAsync(caller, right), verdict => verdict is not Verdict.Unable, cancellationToken);
    }

    public void Dispose() => _turns.Dispose();

    private Task<Identification> ReviewAsync(string token) => InTurnAsync<Identification>(
        async patience => await reviews.IdentifyAsync(token, audiences, patience) is { } caller ? new Identification.Known(caller) : new Identification.Stranger(),
        why => new Identification.Unable(why));

    private Task<Verdict> ReviewAsync(Caller caller, Right right) => InTurnAsync<Verdict>(
        async patience => await reviews.AllowsAsync(caller, right, patience) ? new Verdict.Allowed() : new Verdict.Denied(),
        why => new Verdict.Unable(why));

    private async Task<T> InTurnAsync<T>(Func<CancellationToken, Task<T>> review, Func<string, T> unable)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var mine = false;
        try
        {
            await _turns.WaitAsync(patience.Token);
            mine = true;
            return await review(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return unable($"the API server has not answered within {Patience.TotalSeconds:0} s");
        }
        catch (KubeException e)
        {
            LogUnable(e.Message);
            return unable(e.IsForbidden ? "the controller may not review access; 'slipway install' shows the role that it needs" : "the API server could not be asked");
        }
        finally
        {
            if (mine)
            {
                _turns.Release();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Access cannot be reviewed, so that requests are refused: {Why}")]
    private partial void LogUnable(string why);
}
