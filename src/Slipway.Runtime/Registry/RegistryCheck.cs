using Slipway.Configuration;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>What must hold of an entry of <c>registries</c>: a list of checks, of which the first that fails is told.</summary>
internal static class RegistryCheck
{
    public static readonly string[] Providers = ["ecr", "gcp", "acr", "none"];

    private static readonly Func<RegistryConfiguration, ConfigurationProblem?>[] Checks = [Host, ClientCertificate, Transport, Proxy, TokenServer, Budget, Mirrors, Login];

    public static ConfigurationProblem? Find(RegistryConfiguration entry) => Checks.Select(check => check(entry)).FirstOrDefault(problem => problem is not null);

    private static ConfigurationProblem? Host(RegistryConfiguration entry) =>
        IsHost(entry.Host.Replace('*', 'x')) ? null : new("host", "write the host as images name it, with its port where it has one, and nothing else: ghcr.io, registry.corp:5000, *.azurecr.io");

    private static ConfigurationProblem? ClientCertificate(RegistryConfiguration entry) =>
        string.IsNullOrEmpty(entry.CertFile) == string.IsNullOrEmpty(entry.KeyFile) ? null : new("certFile", "a client certificate is a certFile and a keyFile; name both");

    private static ConfigurationProblem? Transport(RegistryConfiguration entry) => entry switch
    {
        { PlainHttp: true, InsecureSkipTLSVerify: true } => new("insecureSkipTLSVerify", "plain HTTP has no certificate to skip; choose one"),
        { PlainHttp: true } when !string.IsNullOrEmpty(entry.CaFile) || !string.IsNullOrEmpty(entry.CertFile) => new("plainHttp", "certificates are of no use without TLS; remove them, or plainHttp"),
        { InsecureSkipTLSVerify: true } when !string.IsNullOrEmpty(entry.CaFile) => new("insecureSkipTLSVerify", "with a caFile there is no need to trust everybody; remove one of them"),
        _ => null,
    };

    private static ConfigurationProblem? Proxy(RegistryConfiguration entry) =>
        string.IsNullOrEmpty(entry.Proxy) || entry.Proxy == "none" || (Uri.TryCreate(entry.Proxy, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" && proxy.UserInfo.Length == 0)
            ? null
            : new("proxy", "write a URL such as http://proxy.corp:3128, without a password in it, or none");

    private static ConfigurationProblem? TokenServer(RegistryConfiguration entry) =>
        string.IsNullOrEmpty(entry.TokenServer) || LoginStyle.RealmOf(entry.TokenServer) is { AbsolutePath: "/", Query: "", UserInfo: "" }
            ? null
            : new("tokenServer", "write scheme, host and port of the token service, and nothing else: https://10.0.0.7");

    private static ConfigurationProblem? Budget(RegistryConfiguration entry) => entry switch
    {
        { RequestsPerSecond: <= 0 or double.NaN or > 1_000 } => new("requestsPerSecond", "write a number above 0 and up to 1000"),
        { Burst: < 1 or > 10_000 } => new("burst", "write a number from 1 to 10000"),
        _ => null,
    };

    private static ConfigurationProblem? Mirrors(RegistryConfiguration entry)
    {
        foreach (var (index, mirror) in (entry.Mirrors ?? []).Index())
        {
            if (!IsHost(mirror.Host))
            {
                return new($"mirrors[{index}].host", "write the host of the mirror, with its port where it has one: mirror.corp:5000");
            }

            if (!string.IsNullOrEmpty(mirror.Prefix) && !RepositoryName.TryParse($"{mirror.Host}/{mirror.Prefix}", out _, out _))
            {
                return new($"mirrors[{index}].prefix", "write a path as repositories have it, without slashes around it: dockerhub");
            }
        }

        return entry.Mirrors is { Count: > 4 } ? new("mirrors", "more than four would make each look wait for all that are away; choose") : null;
    }

    private static ConfigurationProblem? Login(RegistryConfiguration entry)
    {
        if (entry.Login is not { } login)
        {
            return null;
        }

        var files = !string.IsNullOrEmpty(login.UsernameFile) || !string.IsNullOrEmpty(login.PasswordFile);
        var ways = new[] { !string.IsNullOrEmpty(login.Provider), !string.IsNullOrEmpty(login.Helper), files }.Count(given => given);
        return login switch
        {
            _ when ways != 1 => new("login", "write one of provider, helper, or usernameFile with passwordFile"),
            _ when files && (string.IsNullOrEmpty(login.UsernameFile) || string.IsNullOrEmpty(login.PasswordFile)) => new("login", "usernameFile and passwordFile belong together; name both"),
            { Provider: { Length: > 0 } provider } when !Providers.Contains(provider) => new("login.provider", $"write one of {string.Join(", ", Providers)}"),
            { Helper: { Length: > 0 } helper } when helper.AsSpan().ContainsAny("/\\ ") || helper.StartsWith('.') => new("login.helper", "write the end of the program's name: ecr-login for docker-credential-ecr-login"),
            _ => null,
        };
    }

    private static bool IsHost(string host) => RepositoryName.TryParse($"{host}/x", out var name, out _) && (name.Domain == host || host is "index.docker.io") && name.Path is "x" or "library/x";
}
