using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.Registries;

/// <summary>The distribution registry as its users set it up: behind a token server, and with TLS of an authority of their own.</summary>
[Collection(RealCluster.Name)]
public sealed class RealRegistryTests(TestCluster cluster, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("slipway-registry-").FullName;
    private DockerRegistry _open = null!;

    public async ValueTask InitializeAsync() => _open = await DockerRegistry.StartAsync(_directory);

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_registry_behind_a_token_server_is_read_with_a_token_for_that_repository_only()
    {
        await using var tokens = await TokenIssuer.StartAsync(_directory);
        await using var registry = await DockerRegistry.StartAsync(_directory, tokens.Auth);
        var ns = await cluster.NewNamespaceAsync("token");
        await cluster.KubectlAsync(
            "create", "secret", "docker-registry", "regcred", "-n", ns, $"--docker-server={registry.Host}", $"--docker-username={TokenIssuer.User}", $"--docker-password={TokenIssuer.Password}");
        var configuration = Path.Combine(_directory, "slipway.yaml");

        // On another port of loopback, where no login goes unless that is said.
        await File.WriteAllTextAsync(configuration, $$"""
            registries:
              - host: "{{registry.Host}}"
                tokenServer: "{{tokens.Address}}"
            """, TestContext.Current.CancellationToken);
        await using var controller = ControllerProcess.Start(port: null, "--config", configuration);
        await ControllerProcess.ReadyAsync(controller);

        await ShipsAsync(ns, registry, controller, "pullSecrets: [{name: regcred}]");

        // One token serves both versions, the list, the manifests and the configs.
        Assert.Equal([$"{TokenIssuer.User} repository:{ns}/shop:pull"], tokens.Asked.Distinct());
        output.WriteLine($"{tokens.Asked.Count} tokens for two versions");
        Assert.InRange(tokens.Asked.Count, 1, 2);
        Assert.DoesNotContain(TokenIssuer.Password, controller.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_whose_certificate_is_of_an_authority_of_ones_own_is_read_once_that_is_named()
    {
        var (files, strangers) = (WriteCertificates("ours"), WriteCertificates("strangers"));
        await using var registry = await DockerRegistry.StartAsync(_directory, tls: (files.Certificate, files.Key));
        var ns = await cluster.NewNamespaceAsync("tls");
        await using (var controller = await TrustingAsync(registry, files.Authority))
        {
            await ShipsAsync(ns, registry, controller, "");
        }

        // With another, the Delivery says what is wrong and what to do, and nothing is written.
        await using var stranger = await TrustingAsync(registry, strangers.Authority);
        await PushAsync(ns, "1.2.0");
        await Eventually.TrueAsync(
            "the Delivery says that the certificate is not trusted",
            async () => (await cluster.DeliveryAsync(ns, "shop")).Status?.Conditions?.Any(condition => condition.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)) == true,
            evidence: () => stranger.Output);
        Assert.Contains(":1.1.0@", await cluster.ImageAsync(ns, "deployment", "shop"), StringComparison.Ordinal);
    }

    private async Task<RunningProcess> TrustingAsync(DockerRegistry registry, string authority)
    {
        var configuration = Write("slipway.yaml", $$"""
            registries:
              - host: "{{registry.Host}}"
                caFile: {{authority}}
            """);
        var controller = ControllerProcess.Start(port: null, "--config", configuration);
        await ControllerProcess.ReadyAsync(controller);
        return controller;
    }

    private async Task PushAsync(string ns, string version)
    {
        using var yard = new Shipyard(_open.Host, null, cluster.Program);
        await yard.PushAsync($"{ns}/shop", version);
    }

    private async Task ShipsAsync(string ns, DockerRegistry registry, RunningProcess controller, string source)
    {
        await PushAsync(ns, "1.0.0");
        var more = source.Length == 0 ? "" : $", {source}";
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{registry.Host}/{ns}/shop:1.0.0", replicas: 0) + Manifests.Delivery(ns, "{name: shop}", $"follow: {{semver: {{}}}}, interval: 2s{more}"));
        await SucceededAsync(ns, 1, controller);
        await PushAsync(ns, "1.1.0");
        await SucceededAsync(ns, 2, controller);
    }

    private Task SucceededAsync(string ns, long number, RunningProcess controller) => Eventually.TrueAsync(
        $"release {number} of {ns}/shop has succeeded",
        async () => (await cluster.HistoryAsync(ns, "shop")).Any(release => release.Spec.Number == number && release.Status?.Outcome == "Succeeded"),
        evidence: () => controller.Output);

    private (string Authority, string Certificate, string Key) WriteCertificates(string whose)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Slipway test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, now.AddHours(-1), now.AddHours(12), RandomNumberGenerator.GetBytes(8));

        return (Write($"{whose}-ca.pem", authority.ExportCertificatePem()), Write($"{whose}-tls.pem", certificate.ExportCertificatePem()), Write($"{whose}-tls.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
