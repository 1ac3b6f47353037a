using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Sandbox.Api;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>
/// The sandbox's API server without sockets: a request that is no watch is served on the caller's thread, so that whoever calls knows what came of
/// it when the call returns. It is the innermost handler; nothing is passed on.
/// </summary>
/// <param name="token">As whom requests come.</param>
internal sealed class InProcessApi(RequestHandler server, string token) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var exchange = new Exchange(request, body, token);
        var served = exchange.ServeAsync(server);
        if (!served.IsCompleted && !exchange.IsWatch)
        {
            await served;
        }

        if (served.IsCompleted && exchange.WasAborted && !exchange.IsWatch)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection was reset");
        }

        return exchange.Answer();
    }

    private sealed class Exchange : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly Pipe _answer = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        private readonly DefaultHttpContext _http = new();
        private readonly CancellationTokenSource _aborted = new();

        public Exchange(HttpRequestMessage request, byte[] body, string token)
        {
            _http.Features.Set<IHttpRequestLifetimeFeature>(this);
            _http.Request.Method = request.Method.Method;
            _http.Request.Path = PathString.FromUriComponent(request.RequestUri!);
            _http.Request.QueryString = QueryString.FromUriComponent(request.RequestUri!);
            _http.Request.Body = new MemoryStream(body);
            _http.Request.ContentLength = body.Length;
            _http.Request.ContentType = request.Content?.Headers.ContentType?.ToString();
            _http.Request.Headers.Accept = request.Headers.Accept.ToString();
            _http.Request.Headers.UserAgent = request.Headers.UserAgent.ToString();
            _http.Request.Headers.Authorization = $"Bearer {token}";
            _http.Response.Body = _answer.Writer.AsStream();
            RequestAborted = _aborted.Token;
            IsWatch = _http.Request.Query["watch"].ToString() is "true" or "1";
        }

        public bool IsWatch { get; }

        public bool WasAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Dispose() => _aborted.Dispose();

        public void Abort()
        {
            WasAborted = true;
            _aborted.Cancel();
        }

        public async Task ServeAsync(RequestHandler server)
        {
            await server.HandleAsync(_http);
            if (!WasAborted)
            {
                await _http.Response.CompleteAsync();
            }

            await _answer.Writer.CompleteAsync(WasAborted ? new IOException("the connection was reset") : null);
        }

        public HttpResponseMessage Answer()
        {
            var answer = new HttpResponseMessage((HttpStatusCode)_http.Response.StatusCode) { Content = new StreamContent(new Body(_answer.Reader.AsStream(), this)) };
            if (_http.Response.Headers.RetryAfter.ToString() is { Length: > 0 } retry)
            {
                answer.Headers.TryAddWithoutValidation("Retry-After", retry);
            }

            answer.Content.Headers.TryAddWithoutValidation("Content-Type", _http.Response.ContentType);
            return answer;
        }
    }

    /// <summary>Who closes it has gone away, which ends a watch.</summary>
    private sealed class Body(Stream inner, Exchange exchange) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && exchange.IsWatch)
            {
                exchange.Abort();
            }
            else if (disposing)
            {
                exchange.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
