using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Controller.Access;
using Slipway.Controller.Api;
using Slipway.Kube;

namespace Slipway.Controller.Events;

/// <summary>
/// Server-sent events (WHATWG HTML, 9.2): <c>delivery</c> with a row that changed, <c>reset</c> where the client must list anew, <c>end</c> before a
/// stream is ended from here.
/// </summary>
internal sealed class EventStream(ApiCall call, Watcher watcher, StreamTerms terms)
{
    private const int Batch = 64;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public static async Task<ApiAnswer> ServeAsync(ApiCall call)
    {
        var (context, terms, seat) = (call.Context, call.Context.Streams, call.Caller.Fingerprint);
        if (!context.Seats.Take(seat))
        {
            return Problems.Limited($"{terms.MostOfOne} streams of one caller, or {terms.Most} of all, are open already", TimeSpan.FromSeconds(30));
        }

        var watcher = new Watcher(terms.MostPending);
        try
        {
            await new EventStream(call, watcher, terms).RunAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has gone, or took nothing for so long that it was cut: either way nobody reads any more.
            call.Http.Abort();
        }
        finally
        {
            context.Board.Remove(watcher);
            context.Seats.Leave(seat);
        }

        return new ApiAnswer.Done();
    }

    private async Task RunAsync()
    {
        var (board, response) = (call.Context.Board, call.Http.Response);
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no";
        call.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // EventSource sends the header when it comes again, and cannot send one at first: then the query says where the list left off.
        var after = call.Http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : call.Query("after");
        var position = board.Position;
        var known = board.Add(watcher, after);
        Append("retry: 3000\n\n");
        Append(known ? $": from {after ?? position}\n\n" : $"id: {position}\nevent: reset\ndata: {{}}\n\n");
        await FlushAsync();
        while (await StillMayAsync())
        {
            await SendPendingAsync();
            if (watcher.IsCut)
            {
                await EndAsync("more changes were waiting than are kept for one watcher; list anew, and watch from there");
                return;
            }

            await WaitAsync();
        }

        await EndAsync("the token is good no more, or the right to watch is gone");
    }

    private async Task SendPendingAsync()
    {
        while (watcher.Take(Batch) is { Count: > 0 } changes)
        {
            foreach (var change in changes)
            {
                if (await IsVisibleAsync(change.Key))
                {
                    Append($"id: {call.Context.Board.IdOf(change.Id)}\nevent: delivery\ndata: ");
                    _buffer.Write(change.Payload);
                    Append("\n\n");
                }
            }

            await FlushAsync();
        }
    }

    private async Task WaitAsync()
    {
        using var beat = new CancellationTokenSource(terms.Heartbeat, call.Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, call.Aborted);
        try
        {
            await watcher.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!call.Aborted.IsCancellationRequested)
        {
            Append(": still there\n\n");
            await FlushAsync();
        }
    }

    // Asked again while the stream lasts; the answers are kept for seconds, so a busy stream costs no more than an idle one.
    private async Task<bool> StillMayAsync() =>
        await call.Context.Access.IdentifyAsync(call.Token, call.Aborted) is Identification.Known { Caller: var caller } && caller.Fingerprint == call.Caller.Fingerprint
        && (call.Namespace is null || await call.MayAsync(Routes.Watch with { Namespace = call.Namespace }));

    private async Task<bool> IsVisibleAsync(ObjectKey key) => call.Namespace is { } only
        ? key.Namespace == only
        : await call.MayAsync(Routes.Watch) || await call.MayAsync(Routes.Watch with { Namespace = key.Namespace });

    private async Task EndAsync(string why)
    {
        Append($"event: end\ndata: {why}\n\n");
        await FlushAsync();
    }

    private void Append(string text) => _buffer.Write(Encoding.UTF8.GetBytes(text));

    private async Task FlushAsync()
    {
        using var patience = new CancellationTokenSource(terms.Patience, call.Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, call.Aborted);
        await call.Http.Response.Body.WriteAsync(_buffer.WrittenMemory, either.Token);
        await call.Http.Response.Body.FlushAsync(either.Token);
        _buffer.ResetWrittenCount();
    }
}
