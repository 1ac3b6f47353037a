using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Slipway.Registry;

/// <summary>
/// Sends one question and reads its answer whole, bounded in time, size and redirects. It knows nothing of logins: a header that it is
/// given goes to the host of the call and to no other, whoever redirects it where.
/// </summary>
internal sealed class RegistryTransport(RegistryConnections connections, RegistryOptions options, TimeProvider time, Action<RegistryExchange>? observed)
{
    private const int MaxErrorBytes = 64 * 1024;

    public async Task<RegistryAnswer<RegistryResponse>> SendAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await FollowAsync(call, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unavailable(call, $"no answer within {options.RequestTimeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException e)
        {
            return Explain(call, e);
        }
        catch (HttpIOException e)
        {
            return Explain(call, e.HttpRequestError, e);
        }
        catch (IOException)
        {
            return Unavailable(call, "the connection broke before the whole answer was there");
        }
    }

    private async Task<RegistryAnswer<RegistryResponse>> FollowAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        var (address, authorization) = (call.Address, call.Authorization);
        for (var hop = 0; hop <= options.MaxRedirects; hop++)
        {
            var started = time.GetTimestamp();
            using var request = NewRequest(call, address, authorization);
            if (connections.For(address, out var whyNone) is not { } http)
            {
                return Unavailable(call, whyNone);
            }

            using var response = await SendOneAsync(http, request, call, started, cancellationToken);
            if (!call.FollowsRedirects || RedirectOf(response) is not { } location)
            {
                return await ReadAsync(call, address, response, cancellationToken);
            }

            if (!Uri.TryCreate(address, location, out var target))
            {
                return Invalid(call, "it redirects to an address that is none");
            }

            if (OutboundRule.WhyNot(call.Address, target) is { } why)
            {
                return Invalid(call, $"it redirects to {target.Authority}, and that is not followed: {why}");
            }

            // For good: a foreign host that sends us back here has chosen where, and must not have our header for it.
            authorization = IsSameHost(call.Address, target) ? authorization : null;
            address = target;
        }

        return Invalid(call, $"it redirects more than {options.MaxRedirects} times");
    }

    private async Task<HttpResponseMessage> SendOneAsync(HttpMessageInvoker http, HttpRequestMessage request, RegistryCall call, long started, CancellationToken cancellationToken)
    {
        var (status, remaining) = ((int?)null, default(RateLimit));
        try
        {
            var response = await http.SendAsync(request, cancellationToken);
            (status, remaining) = ((int)response.StatusCode, RateLimit.FromHeader(Header(response, "RateLimit-Remaining")));
            return response;
        }
        finally
        {
            observed?.Invoke(new RegistryExchange(call.Address.Authority, call.Method.Method, status, time.GetElapsedTime(started), remaining));
        }
    }

    private static HttpRequestMessage NewRequest(RegistryCall call, Uri address, AuthenticationHeaderValue? authorization)
    {
        var request = new HttpRequestMessage(call.Method, address);
        request.Headers.UserAgent.ParseAdd("slipway");
        request.Headers.Authorization = authorization;
        request.Content = call.Form is null ? null : new FormUrlEncodedContent(call.Form);
        if (call.Payload is { } payload)
        {
            request.Content = new ReadOnlyMemoryContent(payload.Bytes);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", payload.MediaType);
        }

        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.Accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        }

        if (call.IfNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", call.IfNoneMatch);
        }

        return request;
    }

    private async Task<RegistryAnswer<RegistryResponse>> ReadAsync(
        RegistryCall call, Uri address, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var success = response.IsSuccessStatusCode;
        var limit = success ? call.MaxBytes : Math.Min(call.MaxBytes, MaxErrorBytes);
        var body = call.Method == HttpMethod.Head ? ReadOnlyMemory<byte>.Empty : await ReadBodyAsync(response.Content, limit, cancellationToken);
        if (body is null && success)
        {
            return Invalid(call, $"the answer is larger than {limit / 1024} KiB");
        }

        return new RegistryResponse((int)response.StatusCode, address, body ?? default)
        {
            Digest = Header(response, "Docker-Content-Digest"),
            MediaType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.FirstOrDefault() : null,
            Link = Header(response, "Link"),
            Validator = EntityTag.Of(Header(response, "ETag")),
            RetryAfter = RateLimit.RetryAfter(Header(response, "Retry-After"), time.GetUtcNow()),
            Remaining = RateLimit.FromHeader(Header(response, "RateLimit-Remaining")),
            Challenges = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var challenges) ? AuthChallenge.Parse(challenges) : [],
        };
    }

    // Null where there is more than the limit. What a Content-Length claims is only believed where it is too much.
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>();
        while (body.WrittenCount <= limit)
        {
            var read = await stream.ReadAsync(body.GetMemory(16 * 1024), cancellationToken);
            if (read == 0)
            {
                return body.WrittenMemory;
            }

            body.Advance(read);
        }

        return null;
    }

    private static string? RedirectOf(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            ? Header(response, "Location")
            : null;

    private static bool IsSameHost(Uri left, Uri right) =>
        left.Scheme == right.Scheme && left.Authority.Equals(right.Authority, StringComparison.OrdinalIgnoreCase);

    // As sent: the typed headers throw on what they do not understand.
    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static RegistryProblem Explain(RegistryCall call, HttpRequestException error) => error.InnerException switch
    {
        AuthenticationException => Unavailable(call, "no TLS connection that can be trusted came about; check its certificate"),
        HttpIOException inner => Explain(call, inner.HttpRequestError, inner),
        IOException when error.HttpRequestError is HttpRequestError.Unknown => Explain(call, HttpRequestError.ResponseEnded, error),
        _ => Explain(call, error.HttpRequestError, error),
    };

    private static RegistryProblem Explain(RegistryCall call, HttpRequestError error, Exception cause) => error switch
    {
        HttpRequestError.NameResolutionError => Unavailable(call, "its name cannot be resolved"),
        HttpRequestError.ConnectionError => Unavailable(call, "no connection can be made"),
        HttpRequestError.SecureConnectionError => Unavailable(call, "no TLS connection that can be trusted came about; check its certificate"),
        HttpRequestError.ProxyTunnelError => Unavailable(call, "the proxy makes no connection to it"),
        HttpRequestError.ConfigurationLimitExceeded => Invalid(call, "the headers of its answer are too large"),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => Invalid(call, "its answer is not HTTP"),
        HttpRequestError.ResponseEnded => Unavailable(call, "the connection broke before the whole answer was there"),
        _ => Unavailable(call, $"the request failed ({cause.GetType().Name})"),
    };

    private static RegistryProblem Unavailable(RegistryCall call, string why) =>
        new(RegistryProblemKind.RegistryUnavailable, $"cannot {call.Verb}: {call.Address.Authority}: {why}");

    private static RegistryProblem Invalid(RegistryCall call, string why) =>
        new(RegistryProblemKind.InvalidAnswer, $"cannot {call.Verb}: {call.Address.Authority}: {why}");
}
