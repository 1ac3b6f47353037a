using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Slipway.Registry;

/// <summary>
/// Reads registries by the OCI distribution spec (v1.1): manifests, tags and small blobs. It never writes; <see cref="RegistryWriter"/> does.
/// What a registry does or fails to do is a <see cref="RegistryAnswer{T}"/>; only the caller's own cancellation is an exception.
/// </summary>
public sealed partial class RegistryClient : IDisposable
{
    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly RegistryConnections _connections;
    private readonly RegistryTransport _transport;
    private readonly TokenStore _tokens;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, RegistryHost> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="random">In [0, 1).</param>
    /// <param name="observed">Told of every request, on whatever thread it ended; it must be quick and not throw.</param>
    /// <param name="handler">Null for one over sockets with the system's trust.</param>
    public RegistryClient(
        RegistryOptions options, TimeProvider time, Func<double> random, Action<RegistryExchange>? observed = null, HttpMessageHandler? handler = null)
    {
        (_options, _time, _random) = (options, time, random);
        _connections = new RegistryConnections(options, time, handler ?? options.Transport?.Invoke());
        _transport = new RegistryTransport(_connections, options, time, observed);
        _tokens = new TokenStore(_transport, time, _stopping.Token);
        Logins = new ClusterLogins(options, _transport, time, _stopping.Token);
    }

    internal RegistryOptions Options => _options;

    /// <summary>How many questions wait for their turn at a host.</summary>
    internal int Waiting => _hosts.Values.Sum(host => host.Waiting);

    /// <summary>The controller's own.</summary>
    internal ClusterLogins Logins { get; }

    public void Dispose()
    {
        _stopping.Cancel();
        _connections.Dispose();
        Logins.Dispose();
        _stopping.Dispose();
        foreach (var host in _hosts.Values)
        {
            host.Dispose();
        }
    }

    private RegistryHost HostOf(RegistryCall call) => _hosts.GetOrAdd(call.Address.Authority, name => new RegistryHost(name, _options, _time, _random));

    // One question, its login included. What comes back is a success, or the problem that kept it from being one.
    internal async Task<RegistryAnswer<RegistryResponse>> AskAsync(
        RegistryAccess access, RegistryCall call, RegistryProblemKind notFound, CancellationToken cancellationToken)
    {
        var host = HostOf(call);
        using var turn = await host.FirstTurnAsync(cancellationToken);
        if (!(await host.EnterAsync(access, call, cancellationToken)).IsOk(out var visit, out var refused))
        {
            return refused;
        }

        RegistryAnswer<RegistryResponse> answer;
        RegistryProblem? problem;
        using (visit)
        {
            answer = await AskKnownAsync(host, access, call, cancellationToken);
            problem = ProblemOf(answer, access, call, notFound);
            host.Told(access, call, answer is RegistryAnswer<RegistryResponse>.Ok { Value.Remaining: var left } ? left : default);
            visit.Ended(problem);
        }

        // Who found out that the host is in trouble waits as long as those who are told so.
        return problem is null ? answer
            : problem.ConcernsHost ? problem with { RetryAfter = host.Refusal(call)?.RetryAfter ?? problem.RetryAfter }
            : problem;
    }

    private async Task<RegistryAnswer<RegistryResponse>> AskFirstAsync(
        RegistryHost host, RegistryAccess access, RegistryCall call, CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(call, cancellationToken);

        // Also where no answer came: one request has waited in vain for the others, and need not do so again.
        host.Login = ChallengeIn(answer, call) is { } response ? StyleOf(response, call) : new LoginStyle.Open();
        if (ChallengeIn(answer, call) is null)
        {
            return answer;
        }

        host.Charge();
        return await AskKnownAsync(host, access, call, cancellationToken);
    }

    private async Task<RegistryAnswer<RegistryResponse>> AskKnownAsync(
        RegistryHost host, RegistryAccess access, RegistryCall call, CancellationToken cancellationToken)
    {
        // Another one may have come to doubt it since.
        if (host.Login is not { } login)
        {
            return await AskFirstAsync(host, access, call, cancellationToken);
        }

        var granted = await LogInAsync(login, access, call, cancellationToken);
        if (!granted.IsOk(out var grant, out var problem))
        {
            host.DoubtLogin();
            return problem;
        }

        var answer = await _transport.SendAsync(call with { Authorization = grant.Header }, cancellationToken);
        if (ChallengeIn(answer, call) is not { } challenged)
        {
            return answer;
        }

        // Once more, and only where that is another attempt than the one that just failed: a token that had grown old, or another login.
        var renewed = StyleOf(challenged, call);
        host.Login = renewed;
        if (grant.IsFresh && renewed == login)
        {
            return answer;
        }

        Discard(renewed, access, call);
        host.Charge();
        return (await LogInAsync(renewed, access, call, cancellationToken)).IsOk(out var second, out problem)
            ? second.Header is null ? answer : await _transport.SendAsync(call with { Authorization = second.Header }, cancellationToken)
            : problem;
    }

    // Whom we say to be. Fresh means that trying the same again would be of no use.
    private async Task<RegistryAnswer<Grant>> LogInAsync(LoginStyle login, RegistryAccess access, RegistryCall call, CancellationToken cancellationToken)
    {
        switch (login)
        {
            case LoginStyle.Basic:
                return new Grant(access.Credential is { } basic ? TokenStore.Basic(basic) : null, IsFresh: true);

            case LoginStyle.Bearer when access.Credential?.RegistryToken is { } ready:
                return new Grant(new AuthenticationHeaderValue("Bearer", ready), IsFresh: true);

            case LoginStyle.Bearer bearer:
                var granted = await _tokens.GetAsync(bearer, KeyOf(bearer, access, call), access, call.Verb, cancellationToken);
                return granted.IsOk(out var token, out var problem)
                    ? new Grant(new AuthenticationHeaderValue("Bearer", token.Token.Value), token.Fresh)
                    : problem;

            case LoginStyle.Unusable unusable:
                return new RegistryProblem(RegistryProblemKind.Unauthorized, $"cannot {call.Verb}: {access.Repository.Domain} wants a login, but {unusable.Why}");

            default:
                return new Grant(null, IsFresh: false);
        }
    }

    private LoginStyle StyleOf(RegistryResponse response, RegistryCall call) =>
        LoginStyle.From(response.Challenges, call.Address, LoginStyle.RealmOf(_options.For(call.Address.Authority)?.TokenServer));

    private void Discard(LoginStyle login, RegistryAccess access, RegistryCall call)
    {
        if (login is LoginStyle.Bearer bearer)
        {
            _tokens.Discard(KeyOf(bearer, access, call));
        }
    }

    private static TokenKey KeyOf(LoginStyle.Bearer login, RegistryAccess access, RegistryCall call) =>
        new(call.Address.Authority, login.ScopeFor(access.Repository.Path, call.Actions), access.Credential?.Identity ?? "");

    // A 401 of the registry itself. One from where it redirected us is a stranger's question for our password.
    private static RegistryResponse? ChallengeIn(RegistryAnswer<RegistryResponse> answer, RegistryCall call) =>
        answer is RegistryAnswer<RegistryResponse>.Ok { Value: { Status: 401 } response } && response.From.Authority == call.Address.Authority ? response : null;

    private static RegistryProblem? ProblemOf(
        RegistryAnswer<RegistryResponse> answer, RegistryAccess access, RegistryCall call, RegistryProblemKind notFound)
    {
        if (!answer.IsOk(out var response, out var problem))
        {
            return problem;
        }

        return response.IsSuccess || call.Explained.Contains(response.Status) || (response.IsNotModified && call.IfNoneMatch is not null)
            ? null
            : new RegistryRefusal(call.Verb, access.Repository, access.Credential is not null, notFound, access.IsControllers)
                .Of(response.Status, RegistryErrors.Codes(response.Body.Span), response.RetryAfter ?? RateLimit.FromText(response.Body.Span));
    }

    internal RegistryAnswer<RegistryCall> NewCall(RegistryAccess access, HttpMethod method, string path, string verb, int maxBytes) =>
        RegistryEndpoint.Find(access.Repository, _options.PlainHttpFor(access.Repository), _options.NamesCertificates(access.Repository)) is { } endpoint
        && Uri.TryCreate(endpoint, $"v2/{access.Repository.Path}/{path}", out var address)
        // As written: where the address is another one after it was read, the name had dots or signs in it that names do not have.
        && address.AbsolutePath == $"/v2/{access.Repository.Path}/{path.Split('?')[0]}"
            ? new RegistryCall(method, address, verb, maxBytes)
            : new RegistryProblem(RegistryProblemKind.RepositoryNotFound, $"cannot {verb}: no registry can have a repository of this name; correct spec.source.repository");

    private sealed record Grant(AuthenticationHeaderValue? Header, bool IsFresh)
    {
        public override string ToString() => nameof(Grant);
    }
}
