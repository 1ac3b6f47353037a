using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Slipway.Tests.SandboxWorld;

namespace Slipway.Tests.Dashboard;

/// <summary>The controller as a page sees it. The test gives each answer, when it likes to.</summary>
internal sealed class ScriptedApi(ManualTime time) : HttpMessageHandler
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(request);
        cancellationToken.Register(() => asked.Cancel(cancellationToken));
        _asked.Writer.TryWrite(asked);
        return asked.Answer;
    }

    /// <summary>The next request, which is made without any time passing.</summary>
    public async Task<Asked> NextAsync() => await _asked.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next request, and how much time had to pass for it.</summary>
    public async Task<(Asked Asked, TimeSpan Passed)> NextAfterPauseAsync()
    {
        var began = time.GetUtcNow();
        var next = _asked.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask();
        while (await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System)) != next)
        {
            time.Advance(Step);
        }

        return (await NextAsync(), time.GetUtcNow() - began);
    }
}

/// <summary>A request that waits for its answer.</summary>
internal sealed class Asked(HttpRequestMessage request)
{
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Path { get; } = request.RequestUri!.PathAndQuery;

    public HttpMethod Method { get; } = request.Method;

    public bool IsOfTheSession { get; } = request.Headers.Contains("X-Slipway-Session");

    public Task<HttpResponseMessage> Answer => _answer.Task;

    public bool IsGivenUp => _answer.Task.IsCanceled;

    public void Cancel(CancellationToken token) => _answer.TrySetCanceled(token);

    public void Fail(Exception e) => _answer.TrySetException(e);

    public void Say<T>(T value, JsonTypeInfo<T> type) => Say(HttpStatusCode.OK, JsonSerializer.Serialize(value, type), "application/json");

    public void Say(HttpStatusCode status, string text, string type) => _answer.TrySetResult(new(status) { Content = new StringContent(text, Encoding.UTF8, type) });

    /// <summary>Answers with a stream of events, which the test writes.</summary>
    public PipeWriter Stream()
    {
        var pipe = new Pipe();
        _answer.TrySetResult(new(HttpStatusCode.OK) { Content = new StreamContent(pipe.Reader.AsStream()) });
        return pipe.Writer;
    }
}
