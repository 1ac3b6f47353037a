using Slipway.Images;

namespace Slipway.Registry;

/// <summary>
/// One name of a repository with what logs in there, in the order of the kubelet: the pull secrets that match, then the controller's own
/// login where the configuration allows it, and without any login where there is none. The one that worked is tried first the next time: a second
/// secret costs requests once and not at every look.
/// </summary>
internal sealed class RepositoryPlace(RegistryClient client, RepositoryName repository, CredentialChain chain)
{
    private readonly int _ways = chain.Credentials.Length + (chain.ClusterLogin || chain.Credentials.IsEmpty ? 1 : 0);

    private int _working;

    public async Task<RegistryAnswer<T>> AskAsync<T>(Func<RegistryAccess, Task<RegistryAnswer<T>>> ask, CancellationToken cancellationToken)
    {
        RegistryAnswer<T>? first = null;
        for (var i = 0; i < _ways; i++)
        {
            var at = (_working + i) % _ways;
            var answer = at < chain.Credentials.Length ? await ask(new RegistryAccess(repository, chain.Credentials[at])) : await AskWithoutSecretAsync(ask, cancellationToken);
            if (answer is not null && !IsRefusal(answer))
            {
                _working = at;
                return answer;
            }

            first ??= answer;
        }

        return first!;
    }

    // Null where there is nothing to log in with, and others have been tried.
    private async Task<RegistryAnswer<T>?> AskWithoutSecretAsync<T>(Func<RegistryAccess, Task<RegistryAnswer<T>>> ask, CancellationToken cancellationToken)
    {
        var login = chain.ClusterLogin ? await client.Logins.FindAsync(repository, cancellationToken) : new LoginAnswer.None();
        if (login is LoginAnswer.Found found)
        {
            return await AskWithOwnAsync(found, ask);
        }

        if (!chain.Credentials.IsEmpty)
        {
            return null;
        }

        // It may be public. Where it is not, what went wrong with the login is what there is to be mended.
        var answer = await ask(new RegistryAccess(repository));
        return login is LoginAnswer.Failed failed && answer is RegistryAnswer<T>.Failed { Problem: var problem } && IsRefusal(answer)
            ? problem with { Message = $"{problem.Message}. The controller's own login failed: {failed.Why}" }
            : answer;
    }

    private async Task<RegistryAnswer<T>> AskWithOwnAsync<T>(LoginAnswer.Found found, Func<RegistryAccess, Task<RegistryAnswer<T>>> ask)
    {
        RegistryAnswer<T>? first = null;
        foreach (var credential in found.Credentials)
        {
            var answer = await ask(new RegistryAccess(repository, credential) { IsControllers = true });
            if (!IsRefusal(answer))
            {
                return answer;
            }

            first ??= answer;
        }

        client.Logins.Refused(repository);
        return first!;
    }

    private static bool IsRefusal<T>(RegistryAnswer<T> answer) => answer is RegistryAnswer<T>.Failed
    {
        Problem.Kind: RegistryProblemKind.Unauthorized or RegistryProblemKind.Forbidden or RegistryProblemKind.RepositoryNotFound
    };
}
