using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>
/// A Kubernetes API server on loopback. Its objects are in <see cref="Store"/>, for controllers that live in the same
/// process; garbage collection and the life of namespaces run with it.
/// </summary>
public sealed class SandboxApiServer : IAsyncDisposable
{
    // A watch ends at once when the server stops; nothing else takes long.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _web;
    private readonly RequestHandler _handler;
    private readonly CancellationTokenSource _stopping;
    private readonly Task _housekeeping;
    private readonly string _adminToken;

    private SandboxApiServer(WebApplication web, RequestHandler handler, ObjectStore store, X509Certificate2? certificate, CancellationTokenSource stopping)
    {
        (_web, _handler, Store, Certificate, _stopping) = (web, handler, store, certificate, stopping);
        Url = new(web.Urls.Single());
        _adminToken = handler.Tokens.AddUser(new("sandbox-admin", [Identity.Masters]));
        _housekeeping = Task.Run(() => new Housekeeping(store).RunAsync(stopping.Token));
    }

    public Uri Url { get; }

    public ObjectStore Store { get; }

    /// <summary>What the server shows to its clients, and what a client is to trust; null over plain HTTP.</summary>
    public X509Certificate2? Certificate { get; }

    public RequestLog Requests => _handler.Log;

    /// <summary>What goes wrong from now on. Each assignment starts the plan's dice anew.</summary>
    public FaultPlan Faults
    {
        get => _handler.Dice.Plan;
        set => _handler.Dice = new(value);
    }

    /// <summary>The bearer token of a user who may do everything.</summary>
    public string AdminToken => _adminToken;

    public static async Task<SandboxApiServer> StartAsync(ApiServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        var store = new ObjectStore(BuiltInResources.Table(options.Release), options.Time, options.Seed, options.Limits);
        ClusterSeed.Sow(store);
        var stopping = new CancellationTokenSource();
        var handler = new RequestHandler(store, options, stopping.Token);

        var certificate = options.Tls ? LoopbackCertificate.Create(options.Time.GetUtcNow()) : null;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options.Port, certificate));
        var web = builder.Build();
        web.Run(handler.HandleAsync);
        await web.StartAsync(cancellationToken);
        return new(web, handler, store, certificate, stopping);
    }

    /// <summary>Makes a user known, who may do what the roles that are bound to the name or the groups permit.</summary>
    /// <returns>The user's bearer token.</returns>
    public string AddUser(string name, params string[] groups) => _handler.Tokens.AddUser(new(name, [.. groups]));

    /// <summary>A token of a user that is not for everybody, or not for ever.</summary>
    /// <param name="audiences">For whom it is; none: the API server.</param>
    public string AddToken(string user, IEnumerable<string> audiences, DateTimeOffset? expires = null) => _handler.Tokens.AddUser(new(user, []), [.. audiences], expires);

    /// <summary>Takes a token that another issuer has made for this user, as an API server does that knows the issuer.</summary>
    public void AcceptToken(string token, string user, DateTimeOffset? expires = null, params string[] groups) => _handler.Tokens.Accept(token, new(user, [.. groups]), [], expires);

    /// <summary>From now on it is nobody's.</summary>
    public void RevokeToken(string token) => _handler.Tokens.Revoke(token);

    /// <summary>Writes a kubeconfig that connects here.</summary>
    /// <param name="token">Whose it is; the administrator's when null.</param>
    public void WriteKubeconfig(string path, string? token = null) => File.WriteAllText(path, Kubeconfig(token));

    /// <summary>A kubeconfig that connects here, as text.</summary>
    public string Kubeconfig(string? token = null) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: sandbox
        clusters:
          - name: sandbox
            cluster:
              server: {Url.GetLeftPart(UriPartial.Authority)}{Authority()}
        users:
          - name: sandbox
            user:
              token: {token ?? _adminToken}
        contexts:
          - name: sandbox
            context:
              cluster: sandbox
              user: sandbox

        """;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using var timeout = new CancellationTokenSource(StopTimeout);
        await _web.StopAsync(timeout.Token);
        await _web.DisposeAsync();
        try
        {
            await _housekeeping;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
        _stopping.Dispose();
        Certificate?.Dispose();
    }

    private string Authority() => Certificate is null
        ? ""
        : $"\n      certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Certificate.ExportCertificatePem()))}";

    private static void Configure(KestrelServerOptions kestrel, int port, X509Certificate2? certificate)
    {
        kestrel.Listen(System.Net.IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        });

        // Each watch is a stream.
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        kestrel.AddServerHeader = false;

        // The handler has a limit of its own, whose answer is a Status.
        kestrel.Limits.MaxRequestBodySize = null;

        // A watch may be idle for long, and a reader slow on purpose.
        kestrel.Limits.MinResponseDataRate = null;
    }
}
