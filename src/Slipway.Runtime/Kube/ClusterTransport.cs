using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;

namespace Slipway.Kube;

/// <summary>The sockets and TLS of a connection.</summary>
internal static class ClusterTransport
{
    public static SocketsHttpHandler Create(ClusterAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            // The API server does not redirect; one that does must not get our credentials to pass on.
            AllowAutoRedirect = false,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(10),

            // A connection whose peer vanished is noticed in 45 s, as in client-go, and not after the 15 min that TCP takes.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        };
        if (address.Server.Scheme == Uri.UriSchemeHttps)
        {
            handler.SslOptions = Tls(address);
        }

        return handler;
    }

    private static SslClientAuthenticationOptions Tls(ClusterAddress address)
    {
        var tls = new SslClientAuthenticationOptions();
        if (ClientCertificate(address.Identity) is { } certificate)
        {
            tls.ClientCertificates = [certificate];
        }

        if (address.Identity.SkipTlsVerify)
        {
#pragma warning disable CA5359 // Only when the kubeconfig says insecure-skip-tls-verify: the user chose it, and kubectl does the same.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (address.Authorities is { } authorities)
        {
            tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, authorities);
        }

        return tls;
    }

    private static X509Certificate2? ClientCertificate(KubernetesClientConfiguration identity)
    {
        var certificate = Pem(identity.ClientCertificateData, identity.ClientCertificateFilePath);
        var key = Pem(identity.ClientCertificateKeyData, identity.ClientKeyFilePath);
        if (certificate is null || key is null)
        {
            return null;
        }

        var pair = X509Certificate2.CreateFromPem(certificate, key);

        // Windows' TLS takes no key that is in memory only.
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null) : pair;
    }

    private static string? Pem(string? base64, string? file) => (base64, file) switch
    {
        ({ Length: > 0 }, _) => Encoding.UTF8.GetString(Convert.FromBase64String(base64)),
        (_, { Length: > 0 }) => File.ReadAllText(file),
        _ => null,
    };

    // The cluster's authority counts instead of the machine's, and for the chain only: a wrong host name stays wrong.
    internal static bool IsTrusted(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(leaf);
    }
}
