using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Slipway.Images;
using Slipway.Registry;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Registry;

/// <summary>Whom TLS trusts, who we are there, and which proxy is between: against real TLS on loopback.</summary>
public sealed class RegistryConnectionsTests : IAsyncDisposable
{
    private readonly Authority _authority = new();
    private readonly VirtualTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-tls").FullName;
    private readonly List<WebApplication> _servers = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    // Under a name that is no loopback, so that it is TLS that is expected there.
    private async Task<RegistryName> ServeAsync(X509Certificate2 certificate, Authority? clients = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
            https.ClientCertificateMode = clients is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (shown, _, _) => clients!.Knows(shown);
        })));
        var app = builder.Build();
        app.Run(http => http.Response.WriteAsync($$"""{"name":"acme/shop","tags":["{{http.Connection.ClientCertificate?.Subject ?? "1.0.0"}}"]}""".Replace("CN=", "", StringComparison.Ordinal)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        _servers.Add(app);
        return new RegistryName(new Uri(app.Urls.First()).Port);
    }

    /// <summary>The server by an address that TLS is spoken at: the configuration's entry for it makes it so.</summary>
    private sealed record RegistryName(int Port)
    {
        public string Host => $"127.0.0.1:{Port}";

        public Uri Address => new($"https://{Host}/v2/acme/shop/tags/list");
    }

    private async Task<RegistryAnswer<RegistryResponse>> AskAsync(RegistryName name, RegistryConfiguration? entry, RegistryConnections? connections = null)
    {
        var options = new RegistryOptions { Registries = entry is null ? [] : [entry] };
        using var own = connections is null ? new RegistryConnections(options, _time, handler: null) : null;
        var transport = new RegistryTransport(connections ?? own!, options, TimeProvider.System, observed: null);
        return await transport.SendAsync(new RegistryCall(HttpMethod.Get, name.Address, "list the tags", 4096), TestContext.Current.CancellationToken);
    }

    private static string Body(RegistryAnswer<RegistryResponse> answer) => System.Text.Encoding.UTF8.GetString(RegistryClientTests.Ok(answer).Body.Span);

    [Fact]
    public async Task An_authority_of_ones_own_is_trusted_for_its_host_and_for_no_other()
    {
        var name = await ServeAsync(_authority.Issue("127.0.0.1"));
        var ca = Write("ca.crt", _authority.Pem);

        Assert.Contains("1.0.0", Body(await AskAsync(name, new RegistryConfiguration { Host = name.Host, CaFile = ca })), StringComparison.Ordinal);
        Assert.Contains("check its certificate", RegistryClientTests.Problem(await AskAsync(name, null)).Message, StringComparison.Ordinal);
        Assert.Contains("check its certificate", RegistryClientTests.Problem(await AskAsync(name, new RegistryConfiguration { Host = "other.corp", CaFile = ca })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_authority_or_another_name_is_refused()
    {
        using var other = new Authority("other");
        var wrongName = await ServeAsync(_authority.Issue("elsewhere.corp"));
        var wrongAuthority = await ServeAsync(other.Issue("127.0.0.1"));
        var ca = Write("ca.crt", _authority.Pem);

        Assert.Contains("check its certificate", RegistryClientTests.Problem(await AskAsync(wrongName, new RegistryConfiguration { Host = wrongName.Host, CaFile = ca })).Message, StringComparison.Ordinal);
        Assert.Contains("check its certificate", RegistryClientTests.Problem(await AskAsync(wrongAuthority, new RegistryConfiguration { Host = wrongAuthority.Host, CaFile = ca })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_clients_is_no_server_s()
    {
        var name = await ServeAsync(_authority.Issue("127.0.0.1"));
        var entry = new RegistryConfiguration { Host = name.Host, CaFile = Write("ca.crt", _authority.Issue("127.0.0.1", client: true).ExportCertificatePem()) };

        Assert.Contains("check its certificate", RegistryClientTests.Problem(await AskAsync(name, entry)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_is_trusted_only_where_that_is_said_by_name()
    {
        var name = await ServeAsync(_authority.Issue("elsewhere.corp"));

        Assert.Contains("1.0.0", Body(await AskAsync(name, new RegistryConfiguration { Host = name.Host, InsecureSkipTLSVerify = true })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_shows_its_own_certificate_where_it_has_one()
    {
        using var client = _authority.Issue("slipway", client: true);
        var name = await ServeAsync(_authority.Issue("127.0.0.1"), _authority);
        var entry = new RegistryConfiguration { Host = name.Host, CaFile = Write("ca.crt", _authority.Pem) };
        var known = entry with { CertFile = Write("tls.crt", client.ExportCertificatePem()), KeyFile = Write("tls.key", Authority.KeyPem(client)) };

        Assert.Contains("slipway", Body(await AskAsync(name, known)), StringComparison.Ordinal);
        Assert.Equal(RegistryProblemKind.RegistryUnavailable, RegistryClientTests.Problem(await AskAsync(name, entry)).Kind);
    }

    [Fact]
    public async Task Certificates_are_read_again_when_they_are_rotated()
    {
        using var other = new Authority("other");
        var name = await ServeAsync(_authority.Issue("127.0.0.1"));
        var entry = new RegistryConfiguration { Host = name.Host, CaFile = Write("ca.crt", other.Pem) };
        using var connections = new RegistryConnections(new RegistryOptions { Registries = [entry] }, _time, handler: null);
        RegistryClientTests.Problem(await AskAsync(name, entry, connections));

        Write("ca.crt", other.Pem + "\n" + _authority.Pem);
        RegistryClientTests.Problem(await AskAsync(name, entry, connections));
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Contains("1.0.0", Body(await AskAsync(name, entry, connections)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotated_over_and_over_the_connection_holds()
    {
        var name = await ServeAsync(_authority.Issue("127.0.0.1"));
        var entry = new RegistryConfiguration { Host = name.Host, CaFile = Write("ca.crt", _authority.Pem) };
        using var connections = new RegistryConnections(new RegistryOptions { Registries = [entry] }, _time, handler: null);

        for (var i = 0; i < 6; i++)
        {
            Write("ca.crt", $"{_authority.Pem}\n{new string('\n', i)}");
            _time.Advance(TimeSpan.FromSeconds(31));
            Assert.Contains("1.0.0", Body(await AskAsync(name, entry, connections)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_missing_or_damaged_is_named_and_nothing_is_sent()
    {
        var name = await ServeAsync(_authority.Issue("127.0.0.1"));
        using var client = _authority.Issue("slipway", client: true);
        using var another = _authority.Issue("another", client: true);

        var missing = RegistryClientTests.Problem(await AskAsync(name, new RegistryConfiguration { Host = name.Host, CaFile = "/nowhere/ca.crt" }));
        var damaged = RegistryClientTests.Problem(await AskAsync(name, new RegistryConfiguration { Host = name.Host, CaFile = Write("ca.crt", "not PEM") }));
        var unpaired = RegistryClientTests.Problem(await AskAsync(name, new RegistryConfiguration
        {
            Host = name.Host,
            CertFile = Write("tls.crt", client.ExportCertificatePem()),
            KeyFile = Write("tls.key", Authority.KeyPem(another)),
        }));

        Assert.Contains("/nowhere/ca.crt does not exist", missing.Message, StringComparison.Ordinal);
        Assert.Contains("ca.crt is not PEM", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("tls.key is not PEM, or the key is another's", unpaired.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", unpaired.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_is_asked_for_hosts_beyond_and_not_for_its_exceptions()
    {
        await using var proxy = await Logins.StandIn.StartAsync();
        proxy.Answers = asked => (200, """{"name":"acme/shop","tags":["through-proxy"]}""");
        var rule = ProxyRule.From(name => name switch { "HTTP_PROXY" => $"http://bob:hush@{proxy.Address.Authority}", "NO_PROXY" => "direct.corp", _ => null });
        var options = new RegistryOptions { Proxy = rule, PlainHttp = ["beyond.corp", "direct.corp"] };
        using var client = new RegistryClient(options, TimeProvider.System, () => 0.5);

        var seen = RegistryClientTests.Ok(await client.ListTagsAsync(new RegistryAccess(new RepositoryName("beyond.corp", "acme/shop")), null, TestContext.Current.CancellationToken));
        var direct = RegistryClientTests.Problem(await client.ListTagsAsync(new RegistryAccess(new RepositoryName("direct.corp", "acme/shop")), null, TestContext.Current.CancellationToken));

        Assert.Equal(["through-proxy"], seen.Tags);
        Assert.Equal("beyond.corp", Assert.Single(proxy.Requests).Host);
        Assert.Equal(RegistryProblemKind.RegistryUnavailable, direct.Kind);
        Assert.DoesNotContain("hush", $"{seen} {direct} {rule}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_s_own_proxy_goes_before_that_of_the_environment()
    {
        await using var common = await Logins.StandIn.StartAsync();
        await using var own = await Logins.StandIn.StartAsync();
        common.Answers = own.Answers = _ => (200, """{"name":"acme/shop","tags":["1.0.0"]}""");
        var options = new RegistryOptions
        {
            Proxy = ProxyRule.From(name => name == "HTTP_PROXY" ? common.Address.ToString() : null),
            Registries = [new RegistryConfiguration { Host = "own.corp", PlainHttp = true, Proxy = own.Address.ToString() }, new RegistryConfiguration { Host = "other.corp", PlainHttp = true }],
        };
        using var client = new RegistryClient(options, TimeProvider.System, () => 0.5);

        foreach (var host in new[] { "own.corp", "other.corp" })
        {
            RegistryClientTests.Ok(await client.ListTagsAsync(new RegistryAccess(new RepositoryName(host, "acme/shop")), null, TestContext.Current.CancellationToken));
        }

        Assert.Equal(("own.corp", "other.corp"), (Assert.Single(own.Requests).Host, Assert.Single(common.Requests).Host));
    }
}
