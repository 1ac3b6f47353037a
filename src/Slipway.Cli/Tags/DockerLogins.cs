using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Cli.Tags;

/// <summary>
/// The logins that <c>docker login</c> has left on this machine: <c>config.json</c> in <c>$DOCKER_CONFIG</c>, or in <c>~/.docker</c>. This is the one place
/// where the verbs look for a login that was not given to them.
/// </summary>
internal sealed class DockerLogins(Func<string, string?> environment)
{
    // Of entries and comments; a file beyond this is something else.
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Null: nothing is known of this registry, so it is asked anonymously.</summary>
    public RegistryCredential? Find(RepositoryName repository) =>
        Path is { } path && Read(path) is { } content && PullSecrets.For(repository, [DockerConfig.Parse(content)]) is { Credentials: [var first, ..] } ? first : null;

    private string? Path =>
        environment("DOCKER_CONFIG") is { Length: > 0 } folder ? System.IO.Path.Combine(folder, "config.json")
        : (environment("HOME") ?? environment("USERPROFILE")) is { Length: > 0 } home ? System.IO.Path.Combine(home, ".docker", "config.json")
        : null;

    // A file that cannot be read is a login that is not there: the registry's own answer says what was missing.
    private static ReadOnlyMemory<byte>? Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxBytes } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
