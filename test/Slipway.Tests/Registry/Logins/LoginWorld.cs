using System.Text;
using Slipway.Images;
using Slipway.Registry;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Registry.Logins;

/// <summary>A client with a configuration, a registry that lets one login in, and a service that gives out logins.</summary>
internal sealed class LoginWorld : IAsyncDisposable
{
    public const string Password = "registry-password";

    private readonly List<RegistryClient> _clients = [];

    private LoginWorld(TestRegistry registry, StandIn cloud)
    {
        (Registry, Cloud) = (registry, cloud);
        Folder = Directory.CreateTempSubdirectory("slipway-logins").FullName;
        Registry.Push("1.0.0", "one");
    }

    public TestRegistry Registry { get; }

    public StandIn Cloud { get; }

    public string Folder { get; }

    public VirtualTime Time { get; } = new() { Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero) };

    public Dictionary<string, string?> Variables { get; } = [];

    /// <summary>Hosts of the world, by authority.</summary>
    public Dictionary<string, Uri> Routes { get; } = [];

    public static async Task<LoginWorld> StartAsync() => new(await TestRegistry.StartAsync(), await StandIn.StartAsync());

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Registry.DisposeAsync();
        await Cloud.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The registry answers as this host, and only to this login.</summary>
    public RepositoryName Serve(string host, string username, string password = Password)
    {
        Routes[host] = Registry.Address;
        Registry.Challenge = "Basic realm=\"x\"";
        Registry.Accepts = header => header == TestRegistry.BasicHeader($"{username}:{password}");
        return new RepositoryName(host, "acme/shop");
    }

    public RegistryClient NewClient(LoginOptions? logins = null, params RegistryConfiguration[] registries)
    {
        var options = new RegistryOptions { Registries = registries, Logins = (logins ?? new LoginOptions()) with { Environment = name => Variables.GetValueOrDefault(name) } };
        var client = new RegistryClient(options, Time, () => 0.5, handler: new Rewired(Routes));
        _clients.Add(client);
        return client;
    }

    public RegistryClient NewClient(string host, RegistryLogin login) => NewClient(null, new RegistryConfiguration { Host = host, Login = login });

    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>
    /// A program of one's own. It is put in place by another process: a file that this one has open for writing while a test beside starts a
    /// process cannot be run.
    /// </summary>
    public async Task<string> WriteProgramAsync(string name, string script)
    {
        var (source, path) = (Write($"{name}.txt", $"#!/bin/sh\n{script}\n"), Path.Combine(Folder, name));
        using (var copy = System.Diagnostics.Process.Start("/usr/bin/install", ["-m", "700", source, path]))
        {
            await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Variables["PATH"] = Folder;
        return path;
    }

    public static CredentialChain Chain(RegistryClient client, RepositoryName repository, params RegistryCredential[] secrets) =>
        new([.. secrets], client.Logins.MayServe(repository, "shop"));

    /// <summary>What a feed would do.</summary>
    public static Task<RegistryAnswer<TagList>> ListAsync(RegistryClient client, RepositoryName repository, params RegistryCredential[] secrets) =>
        new RepositorySession(client, new FactsCache(), repository, Chain(client, repository, secrets)).ListTagsAsync(null, TestContext.Current.CancellationToken);

    public static async Task SeesAsync(RegistryClient client, RepositoryName repository, params RegistryCredential[] secrets) =>
        Assert.Equal(["1.0.0"], RegistryClientTests.Ok(await ListAsync(client, repository, secrets)).Tags);

    public async Task<string> RefusedAsync(RegistryClient client, RepositoryName repository)
    {
        var problem = RegistryClientTests.Problem(await ListAsync(client, repository));

        Assert.Equal(RegistryProblemKind.Unauthorized, problem.Kind);
        Assert.DoesNotContain("hush", problem.Message, StringComparison.Ordinal);
        Assert.All(Registry.Requests, request => Assert.Null(request.Authorization));
        return problem.Message;
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
