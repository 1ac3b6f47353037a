using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Slipway.Kube;

namespace Slipway.Tests.Kube;

public sealed class TlsTests : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-tls-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(From, To);
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, bool rsa = false)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsaKey = RSA.Create(2048);
        var request = rsa
            ? new CertificateRequest($"CN={name}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", ecdsa, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "kubernetes")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        using var signer = authority.GetECDsaPrivateKey()!;
        using var bare = request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), From, To.AddDays(-1), [1, 2, 3, (byte)name.Length]);
        return rsa ? bare.CopyWithPrivateKey(rsaKey) : bare.CopyWithPrivateKey(ecdsa);
    }

    private static string Base64(string pem) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem));

    private static string KeyPem(X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey() is { } ecdsa ? ecdsa.ExportPkcs8PrivateKeyPem() : certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>A server that reports the protocol and the client's name.</summary>
    private static Task<ScriptedServer> ServerAsync(X509Certificate2 certificate, X509Certificate2? clients = null) => ScriptedServer.StartAsync(
        (context, _) => context.JsonAsync(Answers.ThingJson("shop", "1", $"{context.Request.Protocol} {context.Connection.ClientCertificate?.Subject}")),
        host => host.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = clients is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (client, _, _) => client.Issuer == clients?.Subject;
            });
        })));

    private ClusterConnection Open(Uri server, string cluster, string user = "token: t")
    {
        var file = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(file, $$"""
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u} }]
            clusters: [{name: c, cluster: {server: "{{server}}", {{cluster}} } }]
            users: [{name: u, user: { {{user}} } }]
            """);
        return ClusterConnection.Open(new ConnectionOptions { Kubeconfig = file });
    }

    private static async Task<string> AskAsync(ClusterConnection connection)
    {
        using (connection)
        {
            return (await Answers.Client(connection).GetAsync(new ObjectKey("prod", "shop"), Ct))!.Value.Color;
        }
    }

    [Fact]
    public async Task The_clusters_own_authority_is_trusted_and_HTTP_2_is_spoken()
    {
        using var authority = Authority("ca");
        await using var server = await ServerAsync(Issue(authority, "kubernetes"));

        Assert.Equal("HTTP/2 ", await AskAsync(Open(server.Address, $"certificate-authority-data: {Base64(authority.ExportCertificatePem())}")));
    }

    [Fact]
    public async Task All_authorities_of_a_bundle_are_trusted()
    {
        using var old = Authority("old");
        using var authority = Authority("new");
        await using var server = await ServerAsync(Issue(authority, "kubernetes"));
        File.WriteAllText(Path.Combine(_folder.FullName, "ca.crt"), old.ExportCertificatePem() + "\n" + authority.ExportCertificatePem());

        Assert.Equal("HTTP/2 ", await AskAsync(Open(server.Address, "certificate-authority: ca.crt")));
    }

    [Fact]
    public async Task Another_authority_is_not()
    {
        using var authority = Authority("ca");
        using var other = Authority("ca");
        await using var server = await ServerAsync(Issue(authority, "kubernetes"));

        var error = await Assert.ThrowsAsync<KubeException>(() => AskAsync(Open(server.Address, $"certificate-authority-data: {Base64(other.ExportCertificatePem())}")));

        Assert.Equal(KubeException.Unreachable, error.Reason);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Without_an_authority_the_machines_own_are_asked()
    {
        using var authority = Authority("ca");
        await using var server = await ServerAsync(Issue(authority, "kubernetes"));

        await Assert.ThrowsAsync<KubeException>(() => AskAsync(Open(server.Address, "insecure-skip-tls-verify: false")));
        Assert.Equal("HTTP/2 ", await AskAsync(Open(server.Address, "insecure-skip-tls-verify: true")));
    }

    [Fact]
    public async Task A_wrong_host_name_stays_wrong_unless_the_kubeconfig_names_it()
    {
        using var authority = Authority("ca");
        await using var server = await ServerAsync(Issue(authority, "api.example.dev"));
        var trust = $"certificate-authority-data: {Base64(authority.ExportCertificatePem())}";

        await Assert.ThrowsAsync<KubeException>(() => AskAsync(Open(server.Address, trust)));
        Assert.Equal("HTTP/2 ", await AskAsync(Open(server.Address, trust + ", tls-server-name: api.example.dev")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_certificate_says_who_we_are(bool rsa)
    {
        using var authority = Authority("ca");
        using var client = Issue(authority, "slipway-test", rsa);
        await using var server = await ServerAsync(Issue(authority, "kubernetes"), authority);
        var trust = $"certificate-authority-data: {Base64(authority.ExportCertificatePem())}";
        File.WriteAllText(Path.Combine(_folder.FullName, "client.crt"), client.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, "client.key"), KeyPem(client));

        Assert.Equal("HTTP/2 CN=slipway-test", await AskAsync(Open(server.Address, trust, $"client-certificate-data: {Base64(client.ExportCertificatePem())}, client-key-data: {Base64(KeyPem(client))}")));
        Assert.Equal("HTTP/2 CN=slipway-test", await AskAsync(Open(server.Address, trust, "client-certificate: client.crt, client-key: client.key")));
        await Assert.ThrowsAsync<KubeException>(() => AskAsync(Open(server.Address, trust)));
    }
}
