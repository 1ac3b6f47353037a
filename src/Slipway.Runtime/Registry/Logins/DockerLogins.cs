using System.Text;
using System.Text.Json;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>
/// The logins of a docker <c>config.json</c>: <c>credHelpers</c> for a host, else <c>credsStore</c> for all, else what is in <c>auths</c>
/// (docker/cli, configfile). The file is read again for each answer.
/// </summary>
internal sealed class DockerLogins(LoginOptions options, LoginCache cache, TimeProvider time)
{
    public async Task<LoginAnswer> FindAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        if (options.DockerConfigFile is not { } path)
        {
            return new LoginAnswer.None();
        }

        if (SmallFile.TryRead(path, out var why) is not { } file)
        {
            return new LoginAnswer.Failed(why);
        }

        var helper = HelperFor(file, repository.Domain);
        var answer = helper is null ? new LoginAnswer.None() : await AskHelperAsync(helper, repository.Domain, cancellationToken);
        return answer is not LoginAnswer.None ? answer
            : PullSecrets.For(repository, [DockerConfig.Parse(file)]) is { Credentials: { IsEmpty: false } found } ? new LoginAnswer.Found(found)
            : answer;
    }

    /// <summary>What the helper has for a host. Helpers keep what they know: they are asked again every few minutes, and not at every look.</summary>
    /// <param name="helper">The end of its name: <c>ecr-login</c>.</param>
    public Task<LoginAnswer> AskHelperAsync(string helper, string domain, CancellationToken cancellationToken) =>
        cache.GetAsync(HelperKey(helper, domain), stopping => RunAsync($"docker-credential-{helper}", DockerServer.NameFor(domain), stopping), cancellationToken);

    public void Refused(string helper, string domain) => cache.Refused(HelperKey(helper, domain));

    public void Refused(RepositoryName repository)
    {
        if (options.DockerConfigFile is { } path && SmallFile.TryRead(path, out _) is { } file && HelperFor(file, repository.Domain) is { } helper)
        {
            Refused(helper, repository.Domain);
        }
    }

    private async Task<LoginAnswer> RunAsync(string program, string server, CancellationToken cancellationToken)
    {
        if (DockerServer.TryAddress(server) is null)
        {
            return new LoginAnswer.None();
        }

        if (ProgramRun.Find(program, options.Environment("PATH")) is not { } path)
        {
            return new LoginAnswer.Failed($"the credential helper {program} is not on the controller's PATH");
        }

        var run = await ProgramRun.RunAsync(path, ["get"], [], Encoding.UTF8.GetBytes(server), time, cancellationToken);
        if (run.Problem is { } problem)
        {
            return new LoginAnswer.Failed($"the credential helper {program}: {problem}");
        }

        return HelperAnswer.Read(run.ExitCode, run.Stdout, out var why) is { } credential ? new LoginAnswer.Found([credential])
            : why is null ? new LoginAnswer.None()
            : new LoginAnswer.Failed($"the credential helper {program}: {why}");
    }

    private static string? HelperFor(byte[] file, string domain)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            var root = document.RootElement;
            var host = DockerServer.HostOf(DockerServer.NameFor(domain));
            if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("credHelpers", out var helpers) && helpers.ValueKind is JsonValueKind.Object
                && helpers.EnumerateObject().FirstOrDefault(entry => DockerServer.HostOf(entry.Name) == host) is { Value.ValueKind: JsonValueKind.String } own)
            {
                return Usable(own.Value.GetString());
            }

            return root.ValueKind is JsonValueKind.Object && root.TryGetProperty("credsStore", out var store) && store.ValueKind is JsonValueKind.String ? Usable(store.GetString()) : null;
        }
        catch (JsonException)
        {
            // DockerConfig says so where it is read for its entries.
            return null;
        }
    }

    // A name that leads elsewhere would be another program.
    private static string? Usable(string? helper) => helper is { Length: > 0 } && !helper.AsSpan().ContainsAny("/\\ ") ? helper : null;

    private static string HelperKey(string helper, string domain) => $"helper\n{helper}\n{domain}";
}
