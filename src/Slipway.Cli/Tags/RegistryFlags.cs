using System.CommandLine;
using System.Security.Cryptography;
using Slipway.Cli.CommandLine;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Cli.Tags;

/// <summary>Which repository, and as whom.</summary>
internal sealed class RegistryFlags
{
    // A manifest of an index with many platforms over a slow line; the controller, which asks all day, waits less.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _repository = new("repository") { Description = "such as ghcr.io/acme/shop; without a tag" };
    private readonly Option<string?> _username = new("--username", "-u")
    {
        Description = "default: what 'docker login' left in $DOCKER_CONFIG or ~/.docker/config.json",
        HelpName = "name",
    };
    private readonly Option<bool> _password = new("--password-stdin")
    {
        Description = "with --username: the password or token is the first line of stdin",
    };
    private readonly Option<bool> _plain = new("--plain-http")
    {
        Description = "the registry has no TLS; loopback needs no mention",
    };

    public RegistryFlags(Command command)
    {
        command.Add(_repository);
        command.Add(_username);
        command.Add(_password);
        command.Add(_plain);
    }

    /// <exception cref="VerbException">The repository cannot be one, or the login is half a login.</exception>
    public async Task<TagSession> OpenAsync(ParseResult parse, Surroundings surroundings, CancellationToken cancellationToken)
    {
        if (!RepositoryName.TryParse(parse.GetValue(_repository), out var repository, out var error))
        {
            throw new VerbException(ExitCode.Usage, error);
        }

        var credential = await CredentialAsync(parse, surroundings, repository, cancellationToken);
        var options = new RegistryOptions { RequestTimeout = Patience, PlainHttp = parse.GetValue(_plain) ? [repository.ApiHost] : [] };
        var client = new RegistryClient(options, surroundings.Time, () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue);
        return new TagSession(client, new RegistryAccess(repository, credential));
    }

    private async Task<RegistryCredential?> CredentialAsync(
        ParseResult parse, Surroundings surroundings, RepositoryName repository, CancellationToken cancellationToken)
    {
        var (name, fromStdin) = (parse.GetValue(_username), parse.GetValue(_password));
        if (string.IsNullOrEmpty(name) != !fromStdin)
        {
            throw new VerbException(
                ExitCode.Usage,
                fromStdin ? "--password-stdin says nothing without --username" : "--username needs --password-stdin: a password on a command line is seen by others");
        }

        if (fromStdin)
        {
            return surroundings.In.ReadLine() is { Length: > 0 } password
                ? new RegistryCredential(name!, password)
                : throw new VerbException(ExitCode.Usage, "--password-stdin: stdin is empty");
        }

        var (credential, problem) = await new DockerLogins(surroundings.Environment, surroundings.Time).FindAsync(repository, cancellationToken);
        if (problem is not null)
        {
            surroundings.Error.WriteLine($"slipway: {repository.Domain} is asked without a login: {problem}");
        }

        return credential;
    }
}
