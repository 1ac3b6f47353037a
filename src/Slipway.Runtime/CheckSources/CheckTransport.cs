using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Slipway.Checks;
using Slipway.Kube;

namespace Slipway.CheckSources;

/// <summary>
/// Makes the requests of checks, bounded in time, size and redirects.
/// </summary>
internal sealed class CheckTransport(ReachRule reach, TimeProvider time) : IDisposable
{
    private const int MostRedirects = 3;

    // Two, for a connection that was made for one is never used for the other.
    private readonly HttpMessageInvoker _guarded = new(NewHandler(reach, null));
    private readonly HttpMessageInvoker _trusted = new(NewHandler(null, null));
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HttpMessageInvoker> _withAuthorities = new(StringComparer.Ordinal);

    public async Task<CheckReply> SendAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await FollowAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return No($"no answer within {request.Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is UnreachableAddressException refused ? No(refused.Message, refused: true) : No(Why(e));
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            return No(e is HttpIOException or IOException ? $"the connection broke: {e.Message}" : e.Message);
        }
    }

    public void Dispose()
    {
        _guarded.Dispose();
        _trusted.Dispose();
        foreach (var http in _withAuthorities.Values)
        {
            http.Dispose();
        }
    }

    private async Task<CheckReply> FollowAsync(CheckRequest request, CancellationToken cancellationToken)
    {
        var address = request.Address;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            if (!request.Trusted && reach.WhyNot(address) is { } why)
            {
                return No($"{address.Authority} is not asked: {why}", refused: true);
            }

            using var message = NewMessage(request, address);
            using var response = await Invoker(request).SendAsync(message, cancellationToken);
            if (RedirectOf(response) is not { } location || request.Method != HttpMethod.Get)
            {
                return await ReadAsync(request, response, cancellationToken);
            }

            // Headers may be credentials, and the address was judged: neither goes along to where a stranger points.
            var target = new Uri(address, location);
            if (target.Scheme != address.Scheme || !target.Authority.Equals(address.Authority, StringComparison.OrdinalIgnoreCase))
            {
                return No($"it redirects to {target.Authority}, and checks do not follow to another host: name that one");
            }

            address = target;
        }

        return No($"it redirects more than {MostRedirects} times");
    }

    private static HttpRequestMessage NewMessage(CheckRequest request, Uri address)
    {
        var message = new HttpRequestMessage(request.Method, address);
        message.Headers.UserAgent.ParseAdd("slipway");
        message.Content = request.Body is null ? null : new StringContent(request.Body, Encoding.UTF8, request.ContentType);
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private async Task<CheckReply> ReadAsync(CheckRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = new BoundedBody();
        var whole = await body.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), request.LongestAnswer, cancellationToken);
        return new CheckReply((int)response.StatusCode, body.Bytes.ToArray(), whole ? null : $"the answer is longer than {request.LongestAnswer >> 10} KiB")
        {
            RetryAfter = response.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date - time.GetUtcNow()) : null,
        };
    }

    private HttpMessageInvoker Invoker(CheckRequest request)
    {
        if (request.CaFile is not { } file || !request.Trusted)
        {
            return request.Trusted ? _trusted : _guarded;
        }

        // One that was replaced is another one; there is one such file.
        var pem = File.ReadAllText(file);
        lock (_lock)
        {
            return _withAuthorities.TryGetValue(pem, out var known) ? known : _withAuthorities[pem] = new HttpMessageInvoker(NewHandler(null, pem));
        }
    }

    private static SocketsHttpHandler NewHandler(ReachRule? reach, string? authorities) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = 64,
        ConnectTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AutomaticDecompression = DecompressionMethods.None,
        SslOptions = authorities is null ? new() : new SslClientAuthenticationOptions { CertificateChainPolicy = Policy(authorities) },
        ConnectCallback = async (context, cancellationToken) => new NetworkStream(
            await GuardedSocket.ConnectAsync(reach, context.InitialRequestMessage.RequestUri!, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
    };

    private static X509ChainPolicy Policy(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(pem);
        return policy;
    }

    private static string? RedirectOf(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.FirstOrDefault() : null;

    private static CheckReply No(string why, bool refused = false) => new(0, default, why, refused);

    private static string Why(HttpRequestException e) => e.HttpRequestError switch
    {
        _ when e.InnerException is AuthenticationException => "no TLS connection that can be trusted came about; check its certificate",
        HttpRequestError.NameResolutionError => "its name cannot be resolved",
        HttpRequestError.ConnectionError when e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the connection is refused",
        HttpRequestError.ConnectionError when e.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "its name cannot be resolved",
        HttpRequestError.ConnectionError => "no connection can be made",
        HttpRequestError.InvalidResponse => "its answer is not HTTP",
        HttpRequestError.ResponseEnded => "the connection broke before the whole answer was there",
        HttpRequestError.ConfigurationLimitExceeded => "the headers of its answer are too large",
        _ => $"the request failed ({e.InnerException?.GetType().Name ?? $"{e.HttpRequestError}"})",
    };
}
