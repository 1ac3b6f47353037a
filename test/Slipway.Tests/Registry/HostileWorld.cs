using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Registry;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Registry;

/// <summary>A client with a password, the registry that it is for, and another host that would like to have it.</summary>
internal sealed class HostileWorld : IAsyncDisposable
{
    public const string Password = "correct-horse-battery";

    private HostileWorld(TestRegistry registry, TestRegistry elsewhere)
    {
        (Registry, Elsewhere) = (registry, elsewhere);
        Client = new RegistryClient(new RegistryOptions(), Time, () => 0.5);
        Registry.Push("1.0.0", "one");
        Elsewhere.Push("1.0.0", "one");
    }

    public TestRegistry Registry { get; }

    public TestRegistry Elsewhere { get; }

    public RegistryClient Client { get; }

    public VirtualTime Time { get; } = new() { Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero) };

    /// <summary>Lets answers go on that a test holds back.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RegistryAccess Bob => new(Registry.Repository(), new RegistryCredential("bob", Password));

    /// <summary>By another name of loopback, so that it is another host to every rule.</summary>
    public string ElsewhereAddress => $"http://localhost:{Elsewhere.Address.Port}";

    public static async Task<HostileWorld> StartAsync() => new(await TestRegistry.StartAsync(), await TestRegistry.StartAsync());

    public async ValueTask DisposeAsync()
    {
        Release.TrySetResult();
        Client.Dispose();
        await Registry.DisposeAsync();
        await Elsewhere.DisposeAsync();
    }

    public async Task<RegistryProblem> RefusedAsync(RegistryProblemKind expected)
    {
        var problem = RegistryClientTests.Problem(await Client.ListTagsAsync(Bob, null, TestContext.Current.CancellationToken));

        Assert.Equal(expected, problem.Kind);
        Assert.DoesNotContain(Password, problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("token-", problem.ToString(), StringComparison.Ordinal);
        return problem;
    }

    public async Task<string> ConfigAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var digest = RegistryClientTests.Ok(await Client.ResolveAsync(Bob, "1.0.0", stop));
        var manifest = ImageManifest.TryParse(RegistryClientTests.Ok(await Client.GetManifestAsync(Bob, digest, stop)), out _);
        return Assert.IsType<ImageManifest.OnePlatform>(manifest).ConfigDigest;
    }

    public static void NoCredentialIn(TestRegistry registry)
    {
        Assert.NotEmpty(registry.Requests);
        Assert.All(registry.Requests, request =>
        {
            Assert.Null(request.Authorization);
            Assert.DoesNotContain(Password, request.Everything, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"bob:{Password}")), request.Everything, StringComparison.Ordinal);
            Assert.DoesNotContain("token-", request.Everything, StringComparison.Ordinal);
        });
    }

    public static bool Redirects(HttpContext http, string path, string location)
    {
        if (!http.Request.Path.Value!.Contains(path, StringComparison.Ordinal))
        {
            return false;
        }

        http.Response.StatusCode = 307;
        http.Response.Headers.Location = location;
        return true;
    }

    public static async Task<bool> AnswersAsync(HttpContext http, string path, int status, string body)
    {
        if (!http.Request.Path.Value!.Contains(path, StringComparison.Ordinal))
        {
            return false;
        }

        http.Response.StatusCode = status;
        if (body.Length > 0 && http.Request.Method != "HEAD")
        {
            await http.Response.WriteAsync(body);
        }

        return true;
    }

    /// <summary>Resolves one name to the test registry, as a cluster's DNS would.</summary>
    public sealed class Renamed : DelegatingHandler
    {
        public Renamed(string host, Uri address) => InnerHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                Assert.Equal(host, context.DnsEndPoint.Host);
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
    }
}
