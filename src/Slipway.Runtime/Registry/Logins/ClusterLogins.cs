using Slipway.Images;

namespace Slipway.Registry;

/// <summary>
/// The controller's own logins, for repositories that no pull secret is for. Which repositories, and whose Deliveries, is decided by the
/// configuration and never by a Delivery: an entry of <c>registries</c> with a login decides alone for its host; without one, the docker config file
/// and the plugins that match.
/// </summary>
internal sealed class ClusterLogins : IDisposable
{
    private readonly RegistryOptions _options;
    private readonly LoginCache _cache;
    private readonly DockerLogins _docker;
    private readonly PluginLogins _plugins;
    private readonly AmazonLogins _amazon;
    private readonly GoogleLogins _google;
    private readonly AzureLogins _azure;

    public ClusterLogins(RegistryOptions options, RegistryTransport transport, TimeProvider time, CancellationToken stopping)
    {
        var calls = new CloudCalls(transport, options.Logins.Environment, time);
        (_options, _cache) = (options, new LoginCache(time, stopping));
        (_docker, _plugins) = (new DockerLogins(options.Logins, _cache, time), new PluginLogins(options.Logins, time));
        (_amazon, _google, _azure) = (new AmazonLogins(calls), new GoogleLogins(calls), new AzureLogins(calls));
    }

    public void Dispose() => _plugins.Dispose();

    /// <summary>Whether the configuration lets Deliveries of a namespace use a login of the controller's for this repository.</summary>
    public bool MayServe(RepositoryName repository, string ns) => _options.For(repository.Domain)?.Login is { } login
        ? login.Provider is not "none"
            && (login.Namespaces is not { Count: > 0 } namespaces || namespaces.Contains(ns))
            && (login.Repositories is not { Count: > 0 } paths || paths.Any(path => repository.Path == path || repository.Path.StartsWith($"{path}/", StringComparison.Ordinal)))
        : _options.Logins.DockerConfigFile is not null || _plugins.Match(repository);

    /// <summary>Only for who <see cref="MayServe"/> allows it.</summary>
    public async Task<LoginAnswer> FindAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        if (_options.For(repository.Domain)?.Login is { } login)
        {
            return await ConfiguredAsync(login, repository, cancellationToken);
        }

        var docker = await _docker.FindAsync(repository, cancellationToken);
        var plugins = await _plugins.FindAsync(repository, cancellationToken);
        return (docker, plugins) switch
        {
            (LoginAnswer.Found first, LoginAnswer.Found second) => new LoginAnswer.Found([.. first.Credentials, .. second.Credentials]),
            (LoginAnswer.Found, _) => docker,
            (_, LoginAnswer.Found) => plugins,
            (LoginAnswer.Failed, _) => docker,
            _ => plugins,
        };
    }

    /// <summary>The registry takes none of what was found: what is kept of it is drawn anew the next time.</summary>
    public void Refused(RepositoryName repository)
    {
        switch (_options.For(repository.Domain)?.Login)
        {
            case null:
                _docker.Refused(repository);
                _plugins.Refused(repository);
                break;

            case { Helper: { Length: > 0 } helper }:
                _docker.Refused(helper, repository.Domain);
                break;

            case { Provider: { Length: > 0 } provider } when Cloud(provider, repository) is { } cloud:
                _cache.Refused(KeyOf(cloud));
                break;
        }
    }

    private async Task<LoginAnswer> ConfiguredAsync(RegistryLogin login, RepositoryName repository, CancellationToken cancellationToken)
    {
        if (login.Helper is { Length: > 0 } helper)
        {
            return await _docker.AskHelperAsync(helper, repository.Domain, cancellationToken);
        }

        if (login.Provider is not { Length: > 0 } provider)
        {
            return SmallFile.TryReadText(login.UsernameFile!, out var why) is { } username && SmallFile.TryReadText(login.PasswordFile!, out why) is { } password
                ? new LoginAnswer.Found([new RegistryCredential(username, password)])
                : new LoginAnswer.Failed(why);
        }

        return Cloud(provider, repository) is not { } cloud
            ? new LoginAnswer.Failed($"{repository.Domain} is no registry of the provider {provider}, so that its tokens are not sent there")
            : await _cache.GetAsync(KeyOf(cloud), stopping => LogInAsync(cloud, stopping), cancellationToken);
    }

    private Task<LoginAnswer> LogInAsync(CloudRegistry cloud, CancellationToken cancellationToken) => cloud switch
    {
        CloudRegistry.Acr acr => _azure.LogInAsync(acr, cancellationToken),
        CloudRegistry.Google => _google.LogInAsync(cancellationToken),
        _ => _amazon.LogInAsync(cloud, cancellationToken),
    };

    private static CloudRegistry? Cloud(string provider, RepositoryName repository) => provider switch
    {
        "ecr" => CloudRegistry.OfAmazon(repository.Domain),
        "acr" => CloudRegistry.OfAzure(repository.Domain),
        "gcp" => CloudRegistry.OfGoogle(repository.Domain),
        _ => null,
    };

    // What one token is good for: a region's registries, Google's, or one of Azure's.
    private static string KeyOf(CloudRegistry cloud) => cloud switch
    {
        CloudRegistry.Ecr ecr => $"ecr\n{ecr.Region}\n{ecr.Suffix}\n{ecr.Fips}",
        CloudRegistry.Acr acr => $"acr\n{acr.Host}",
        _ => cloud.GetType().Name,
    };
}
