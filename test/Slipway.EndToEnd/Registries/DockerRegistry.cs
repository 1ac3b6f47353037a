using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.Registries;

/// <summary>A distribution registry as a process of its own. Several may serve one storage: one to push to, the others to be read as they are set up.</summary>
internal sealed class DockerRegistry : IAsyncDisposable
{
    private readonly RunningProcess _process;
    private readonly string _configuration;

    private DockerRegistry(RunningProcess process, string host, string configuration) => (_process, Host, _configuration) = (process, host, configuration);

    /// <summary>host:port, as an image reference begins.</summary>
    public string Host { get; }

    /// <summary>The access log, a line a request, and the registry's own.</summary>
    public string Log => _process.Output;

    /// <param name="auth">The section of that name, as YAML on one line; null: anonymous.</param>
    /// <param name="tls">Certificate and key files; null: plain HTTP.</param>
    public static async Task<DockerRegistry> StartAsync(string storage, string? auth = null, (string Certificate, string Key)? tls = null)
    {
        var host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");
        var configuration = Path.Combine(storage, $"{host.Replace(':', '-')}.yml");
        var files = tls is { } pair ? $$""", tls: {certificate: {{pair.Certificate}}, key: {{pair.Key}}}""" : "";
        await File.WriteAllTextAsync(configuration, $$"""
            version: 0.1
            log: {level: info, formatter: json}
            storage:
              filesystem: {rootdirectory: {{storage}}}
              delete: {enabled: true}
            http: {addr: "{{host}}", secret: slipway{{files}}}
            {{(auth is null ? "" : $"auth: {auth}")}}
            """);
        var registry = new DockerRegistry(RunningProcess.Start(TestEnvironment.DockerRegistry, ["serve", configuration]), host, configuration);
        await Eventually.TrueAsync($"the registry at {host} listens", registry.ListensAsync, evidence: () => registry.Log);
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        File.Delete(_configuration);
    }

    private async Task<bool> ListensAsync()
    {
        Assert.False(_process.HasExited, _process.Output);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPEndPoint.Parse(Host));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
