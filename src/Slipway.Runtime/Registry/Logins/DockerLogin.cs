using Slipway.Images;

namespace Slipway.Registry;

/// <summary>The login that docker has on this machine for one repository, asked for once: what the command line needs of it.</summary>
public static class DockerLogin
{
    /// <param name="configFile">A <c>config.json</c> that exists.</param>
    /// <param name="environment">By name; <c>PATH</c> is where credential helpers are looked for.</param>
    /// <returns>The first login that fits; or null, with the reason where there might have been one.</returns>
    public static async Task<(RegistryCredential? Credential, string? Problem)> FindAsync(
        string configFile, Func<string, string?> environment, RepositoryName repository, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = new LoginOptions { DockerConfigFile = configFile, Environment = environment };
        return await new DockerLogins(options, new LoginCache(time, cancellationToken), time).FindAsync(repository, cancellationToken) switch
        {
            LoginAnswer.Found { Credentials: [var first, ..] } => (first, null),
            LoginAnswer.Failed failed => (null, failed.Why),
            _ => (null, null),
        };
    }
}
