using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using k8s;
using k8s.Exceptions;

namespace Slipway.Kube;

/// <param name="Date">When it was sent, by the server's clock and to the second (RFC 9110, section 6.6.1); null where it says none.</param>
public sealed record PlainAnswer(string Text, DateTimeOffset? Date);

/// <summary>
/// An authenticated way to one API server. The client library lends its kubeconfig, tokens, plugins and certificates;
/// requests, answers and errors are ours.
/// </summary>
public sealed class ClusterConnection : IDisposable
{
    private const int LongestError = 64 << 10;

    private readonly HttpClient _http;
    private readonly ConnectionOptions _options;

    private ClusterConnection(ClusterAddress address, ConnectionOptions options)
    {
        _options = options;
        Server = address.Server;
        Namespace = address.Namespace;
        Origin = address.Origin;
        User = address.User;
        HttpMessageHandler handler = new ClusterCredentials(address.Identity, address.Server, ClusterTransport.Create(address));
        foreach (var outer in options.Handlers.Reverse())
        {
            outer.InnerHandler = handler;
            handler = outer;
        }

        // No timeout here: a call has its own, on the connection's clock, and a watch has none.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };

        // The runtime takes the name to verify, and the one to send in the clear (SNI), from the Host header and from nowhere else.
        _http.DefaultRequestHeaders.Host = string.IsNullOrEmpty(address.Identity.TlsServerName) ? null : address.Identity.TlsServerName;
        if (options.Overrides.As is { } other)
        {
            // "Authenticating", User impersonation: the API server checks that we may, and then goes by the other's rights.
            _http.DefaultRequestHeaders.Add("Impersonate-User", other);
            _http.DefaultRequestHeaders.Add("Impersonate-Group", options.Overrides.AsGroups);
        }

        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"slipway/{options.Version}");
    }

    public Uri Server { get; }

    /// <summary>The context's namespace, or the pod's; "default" where neither says one.</summary>
    public string Namespace { get; }

    /// <summary>Which kubeconfig and context, for messages.</summary>
    public string Origin { get; }

    /// <summary>The kubeconfig's name for who we are; null where it names nobody.</summary>
    public string? User { get; }

    public TimeProvider Time => _options.Time;

    internal Telemetry.SlipwayMetrics Metrics => _options.Metrics;

    /// <exception cref="ConnectionException">There is no usable kubeconfig, and this is not a pod.</exception>
    public static ClusterConnection Open(ConnectionOptions options)
    {
        var address = ClusterAddress.Find(options);
        try
        {
            return new ClusterConnection(address, options);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException($"{address.Origin} cannot be used: its client certificate or key cannot be read: {e.Message}", e);
        }
    }

    /// <summary>To a server that needs no credentials, or just a token: the sandbox, and tests.</summary>
    public static ClusterConnection To(Uri server, ConnectionOptions? options = null, string? token = null, string ns = "default") =>
        new(new ClusterAddress(server, ns, null, new KubernetesClientConfiguration { Host = server.AbsoluteUri, AccessToken = token }, server.AbsoluteUri), options ?? new());

    /// <summary>Reads what is no object: a path of the server's own, or of what it passes requests on to, as text of at most 64 KiB.</summary>
    /// <param name="subject">What is read, for messages.</param>
    /// <exception cref="KubeException">There was no good answer.</exception>
    public async Task<PlainAnswer> ReadAsync(string subject, string path, CancellationToken cancellationToken)
    {
        var call = new KubeCall(HttpMethod.Get, "get", subject, path);
        using var response = await OpenAsync(call, cancellationToken);
        using var body = new BoundedBody();
        try
        {
            await body.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), LongestError, cancellationToken);
        }
        catch (Exception e) when (IsTransport(e))
        {
            throw Unreachable(call, e);
        }

        return new PlainAnswer(Encoding.UTF8.GetString(body.Bytes.Span), response.Headers.Date);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends, and reads the JSON of a good answer while it is still in its buffer.</summary>
    internal async Task<TResult> CallAsync<TResult>(KubeCall call, Func<JsonElement, TResult> read, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.CallTimeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await SendAsync(call, either.Token);
            using var body = new BoundedBody();
            var whole = await body.FillAsync(await response.Content.ReadAsStreamAsync(either.Token), call.LongestAnswer, either.Token);
            return whole ? Read(call, body.Bytes, read) : throw Garbled(call, $"the answer is longer than {call.LongestAnswer >> 20} MiB");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KubeException($"cannot {call.Doing}: no answer from {Server} within {_options.CallTimeout.TotalSeconds} s", e) { Reason = KubeException.TimedOut };
        }
        catch (Exception e) when (IsTransport(e))
        {
            throw Unreachable(call, e);
        }
    }

    /// <summary>Sends, and hands out the stream of a good answer as it comes. The caller disposes of the response.</summary>
    internal async Task<HttpResponseMessage> OpenAsync(KubeCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(call, cancellationToken);
        }
        catch (Exception e) when (IsTransport(e))
        {
            throw Unreachable(call, e);
        }
    }

    internal KubeException Unreachable(KubeCall call, Exception e) =>
        new($"cannot {call.Doing}: {Server} cannot be reached ({Origin}): {e.Message}", e) { Reason = KubeException.Unreachable };

    /// <summary>Of what can go wrong below HTTP: sockets and TLS, the token's file, the credential plugin.</summary>
    internal static bool IsTransport(Exception e) => e is HttpRequestException or IOException or KubeConfigException or UnauthorizedAccessException;

    private static TResult Read<TResult>(KubeCall call, ReadOnlyMemory<byte> body, Func<JsonElement, TResult> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw Garbled(call, $"the answer is not JSON: {e.Message}");
        }
    }

    private static KubeException Garbled(KubeCall call, string why) => new($"cannot {call.Doing}: {why}") { Reason = KubeException.Garbled };

    private async Task<HttpResponseMessage> SendAsync(KubeCall call, CancellationToken cancellationToken)
    {
        using var request = call.ToRequest(Server);
        var (code, sent, took) = (0, Time.GetTimestamp(), default(TimeSpan?));
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            (code, took) = ((int)response.StatusCode, Time.GetElapsedTime(sent));
            if (code is >= 200 and < 300)
            {
                return response;
            }

            using var body = new BoundedBody();
            await body.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), LongestError, cancellationToken);
            throw KubeException.FromAnswer(call.Doing, code, body.Bytes.Span, response.Headers.RetryAfter);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
        finally
        {
            Metrics.KubeRequest(call.Verb, code, took ?? Time.GetElapsedTime(sent));
        }
    }
}
