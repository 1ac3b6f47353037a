using System.Collections.Concurrent;
using Slipway.Cli.CommandLine;
using Slipway.Registry;

namespace Slipway.Cli.Tags;

/// <summary>What the verbs ask of one repository. A problem ends the verb with its message and exit code.</summary>
internal sealed class TagSession(RegistryClient client, RegistryAccess access) : IDisposable
{
    // As many as the client sends to one host at once.
    private const int AtOnce = 8;

    private readonly RegistryWriter _writer = new(client);

    public string Repository => access.Repository.ToString();

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Take(await client.ListTagsAsync(access, known: null, cancellationToken)).Tags!;

    public async Task<string> ResolveAsync(string tag, CancellationToken cancellationToken) => Take(await client.ResolveAsync(access, tag, cancellationToken));

    /// <summary>Null where there is no such tag.</summary>
    public async Task<string?> FindAsync(string tag, CancellationToken cancellationToken)
    {
        var answer = await client.ResolveAsync(access, tag, cancellationToken);
        return answer is RegistryAnswer<string>.Failed { Problem.Kind: RegistryProblemKind.TagNotFound } ? null : Take(answer);
    }

    /// <summary>The digests of tags, a few at a time. A tag that went away after it was listed is left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> DigestsAsync(IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        var digests = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(tags, limits, async (tag, stopped) =>
        {
            if (await FindAsync(tag, stopped) is { } digest)
            {
                digests[tag] = digest;
            }
        });
        return digests;
    }

    public async Task<StoredManifest> ReadAsync(string reference, CancellationToken cancellationToken) => Take(await _writer.ReadAsync(access, reference, cancellationToken));

    public async Task<ReadOnlyMemory<byte>> BlobAsync(string digest, CancellationToken cancellationToken) => Take(await client.GetBlobAsync(access, digest, cancellationToken));

    public async Task PutAsync(string tag, StoredManifest manifest, CancellationToken cancellationToken) =>
        Take(await _writer.PutAsync(access, tag, manifest, cancellationToken), written: true);

    public async Task RemoveAsync(string reference, CancellationToken cancellationToken) =>
        Take(await _writer.RemoveAsync(access, reference, cancellationToken), written: true);

    public void Dispose() => client.Dispose();

    private T Take<T>(RegistryAnswer<T> answer, bool written = false) =>
        answer.IsOk(out var value, out var problem) ? value : throw new VerbException(CodeOf(problem.Kind), Explain(problem, written));

    private static int CodeOf(RegistryProblemKind kind) => kind switch
    {
        RegistryProblemKind.RepositoryNotFound or RegistryProblemKind.TagNotFound => ExitCode.NotFound,
        RegistryProblemKind.Unauthorized or RegistryProblemKind.Forbidden => ExitCode.RegistryRefused,
        RegistryProblemKind.RateLimited or RegistryProblemKind.RegistryUnavailable => ExitCode.Unreachable,
        _ => ExitCode.Failed,
    };

    // The controller's words speak of its pull secrets, which are of no use on the machine where this runs. Those of a writer fit.
    private string Explain(RegistryProblem problem, bool written) => problem switch
    {
        { Kind: RegistryProblemKind.Forbidden or RegistryProblemKind.RepositoryNotFound } when written => problem.Message,
        { Kind: RegistryProblemKind.Unauthorized or RegistryProblemKind.Forbidden or RegistryProblemKind.RepositoryNotFound } when access.Credential is null =>
            $"{Repository} does not exist, or is shown only to those who log in: 'docker login {access.Repository.Domain}', or --username with --password-stdin",
        { Kind: RegistryProblemKind.Unauthorized } => $"{access.Repository.Domain} does not accept the login for {Repository}; log in again",
        _ => problem.Message,
    };
}
