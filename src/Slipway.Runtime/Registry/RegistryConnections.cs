using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Registry;

/// <summary>
/// A handler for each entry of the configuration, and one for all other hosts: whom TLS trusts, who we are there, and which proxy is between.
/// Certificates are read again when their files change.
/// </summary>
internal sealed class RegistryConnections : IDisposable
{
    // Between two looks at the files. What is rotated is replaced days before it ends.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly HttpMessageInvoker _others;
    private readonly bool _forAll;
    private readonly Dictionary<RegistryConfiguration, Opened> _opened = new(ReferenceEqualityComparer.Instance);

    // Requests may be under way in them.
    private readonly Queue<HttpMessageInvoker> _replaced = new();

    /// <param name="handler">For all hosts, whatever is configured; null for one over sockets.</param>
    public RegistryConnections(RegistryOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        (_options, _time, _forAll) = (options, time, handler is not null);
        _others = new HttpMessageInvoker(handler ?? NewHandler(null));
    }

    private sealed record Opened(HttpMessageInvoker Invoker, string Stamp, long LookedAt);

    /// <returns>Null, with the reason, where a file that the connection needs cannot be used.</returns>
    public HttpMessageInvoker? For(Uri address, out string why)
    {
        why = "";
        if (_forAll || EntryOf(address) is not { } entry)
        {
            return _others;
        }

        lock (_lock)
        {
            var present = _opened.GetValueOrDefault(entry);
            return present is not null && _time.GetElapsedTime(present.LookedAt) < LookAgain ? present.Invoker : Look(entry, present, out why);
        }
    }

    public void Dispose()
    {
        foreach (var invoker in _opened.Values.Select(opened => opened.Invoker).Concat(_replaced).Append(_others))
        {
            invoker.Dispose();
        }
    }

    private RegistryConfiguration? EntryOf(Uri address) => _options.For(address.Authority) ?? _options.For($"{address.Host}:{address.Port}");

    private HttpMessageInvoker? Look(RegistryConfiguration entry, Opened? present, out string why)
    {
        if (Certificates.TryRead(entry, out why) is not { } files)
        {
            return null;
        }

        if (present?.Stamp == files.Stamp)
        {
            _opened[entry] = present with { LookedAt = _time.GetTimestamp() };
            return present.Invoker;
        }

        try
        {
            var opened = new Opened(new HttpMessageInvoker(NewHandler(entry, files)), files.Stamp, _time.GetTimestamp());
            _opened[entry] = opened;
            Retire(present);
            return opened.Invoker;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            why = $"the certificates of its entry in the configuration cannot be used: {(files.Cert is null ? entry.CaFile : $"{entry.CertFile}, {entry.KeyFile}")} is not PEM, or the key is another's";
            return null;
        }
    }

    private void Retire(Opened? present)
    {
        if (present is not null)
        {
            _replaced.Enqueue(present.Invoker);
        }

        // By then the oldest has had no request for at least two rotations.
        if (_replaced.Count > 2)
        {
            _replaced.Dequeue().Dispose();
        }
    }

    // It does nothing of its own accord: no redirects, no cookies, no credentials, no trace headers to strangers.
    private SocketsHttpHandler NewHandler(RegistryConfiguration? entry, Certificates? files = null)
    {
        var proxy = string.IsNullOrEmpty(entry?.Proxy) ? _options.Proxy : entry.Proxy == "none" ? ProxyRule.None : new ProxyRule(new Uri(entry.Proxy), new Uri(entry.Proxy), []);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = _options.RequestTimeout / 2,
            MaxConnectionsPerServer = _options.RequestsPerHost,
            // Registries move behind their names; a connection that lives for ever never learns of it.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // Longer than the usual interval, so that a poll finds the connection of the one before; a server that closes earlier is free to.
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(3),
            MaxResponseHeadersLength = 64,
            UseProxy = proxy != ProxyRule.None,
            Proxy = proxy == ProxyRule.None ? null : new Proxying(proxy),
        };
        files?.Apply(handler.SslOptions, entry!.InsecureSkipTLSVerify);
        return handler;
    }

    private sealed class Proxying(ProxyRule rule) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => (rule.Https ?? rule.Http)?.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password] ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : null;
            set => throw new NotSupportedException("a proxy's login stands in its address");
        }

        public Uri? GetProxy(Uri destination) => rule.For(destination);

        public bool IsBypassed(Uri host) => rule.For(host) is null;
    }

    /// <param name="Stamp">Another one when a file has another content.</param>
    private sealed record Certificates(byte[]? Ca, byte[]? Cert, byte[]? Key, string Stamp)
    {
        public static Certificates? TryRead(RegistryConfiguration entry, out string why)
        {
            var (files, problem) = (new byte[]?[3], "");
            foreach (var (index, path) in new[] { entry.CaFile, entry.CertFile, entry.KeyFile }.Index())
            {
                if (!string.IsNullOrEmpty(path) && problem.Length == 0)
                {
                    files[index] = SmallFile.TryRead(path, out problem);
                }
            }

            why = problem.Length == 0 ? "" : $"a file of its entry in the configuration: {problem}";
            return problem.Length > 0 ? null : new(files[0], files[1], files[2], Convert.ToHexString(SHA256.HashData([.. files.SelectMany(file => SHA256.HashData(file ?? []))])));
        }

        public void Apply(SslClientAuthenticationOptions tls, bool insecure)
        {
            if (Cert is not null && Key is not null)
            {
                var chain = new X509Certificate2Collection();
                chain.ImportFromPem(Text(Cert));
                tls.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(Text(Cert), Text(Key)), chain, offline: true);
            }

            if (insecure)
            {
                // CA5359: named in the configuration, by who answers for it.
#pragma warning disable CA5359
                tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            }
            else if (Ca is not null)
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPem(Text(Ca));
                tls.RemoteCertificateValidationCallback = authorities.Count > 0 ? (_, shown, chain, errors) => IsTrusted(authorities, shown, chain, errors) : throw new CryptographicException("no certificate");
            }
        }

        // Beside the system's trust, as docker and containerd add a registry's own authorities to it. A certificate of another name stays refused.
        private static bool IsTrusted(X509Certificate2Collection authorities, X509Certificate? shown, X509Chain? sent, SslPolicyErrors errors)
        {
            if (errors is not SslPolicyErrors.RemoteCertificateChainErrors || shown is null)
            {
                return errors is SslPolicyErrors.None;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
            chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
            return chain.Build(shown as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(shown.GetRawCertData()));
        }

        private static string Text(byte[] pem) => System.Text.Encoding.UTF8.GetString(pem);
    }
}
