using System.Collections.Immutable;

namespace Slipway.Registry;

/// <summary>What a source of logins has for a repository.</summary>
internal abstract record LoginAnswer
{
    private LoginAnswer() { }

    /// <param name="Credentials">In the order in which to try them.</param>
    /// <param name="UsableUntil">Null where they have no end.</param>
    public sealed record Found(ImmutableArray<RegistryCredential> Credentials, DateTimeOffset? UsableUntil = null) : LoginAnswer
    {
        public Found(ExpiringLogin login) : this([login.Credential], login.UsableUntil) { }
    }

    public sealed record None : LoginAnswer;

    /// <param name="Why">Which source, and what is wrong with it; nothing that a program or a service has said.</param>
    public sealed record Failed(string Why) : LoginAnswer;
}

/// <summary>The controller's own logins: where they are found, and what of the process they may use.</summary>
public sealed record LoginOptions
{
    /// <summary>A <c>config.json</c> of docker; null for none.</summary>
    public string? DockerConfigFile { get; init; }

    /// <summary>The kubelet's exec plugins.</summary>
    public ImmutableArray<CredentialPlugin> Plugins { get; init; } = [];

    /// <summary>Where the programs of <see cref="Plugins"/> are.</summary>
    public string? PluginDirectory { get; init; }

    /// <summary>Environment variables by name: what clouds tell a pod of its identity by. Nothing is found by default.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;
}
