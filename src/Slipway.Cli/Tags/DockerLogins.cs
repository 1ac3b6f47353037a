using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Cli.Tags;

/// <summary>
/// The logins that <c>docker login</c> and docker's credential helpers have for this machine: <c>config.json</c> in <c>$DOCKER_CONFIG</c>, or in
/// <c>~/.docker</c>. This is the one place where the verbs look for a login that was not given to them.
/// </summary>
internal sealed class DockerLogins(Func<string, string?> environment, TimeProvider time)
{
    /// <returns>Null: nothing is known of this registry, so it is asked anonymously; with the reason where there might have been a login.</returns>
    public async Task<(RegistryCredential? Credential, string? Problem)> FindAsync(RepositoryName repository, CancellationToken cancellationToken) =>
        Path is { } path && File.Exists(path) ? await DockerLogin.FindAsync(path, environment, repository, time, cancellationToken) : (null, null);

    private string? Path =>
        environment("DOCKER_CONFIG") is { Length: > 0 } folder ? System.IO.Path.Combine(folder, "config.json")
        : (environment("HOME") ?? environment("USERPROFILE")) is { Length: > 0 } home ? System.IO.Path.Combine(home, ".docker", "config.json")
        : null;
}
