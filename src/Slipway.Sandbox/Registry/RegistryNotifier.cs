using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Slipway.Sandbox.Registry;

/// <summary>
/// Posts envelopes of events to one endpoint, in order, one after the other, and again after a failure, as docker distribution does.
/// What waits is bounded: the oldest is dropped first, and counted.
/// </summary>
public sealed class RegistryNotifier : IAsyncDisposable
{
    private const int MaxWaiting = 1_000;

    private readonly NotificationEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly Channel<string> _waiting;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Task _posting;
    private long _delivered, _dropped, _number;

    internal RegistryNotifier(NotificationEndpoint endpoint, TimeProvider time)
    {
        (_endpoint, _time) = (endpoint, time);
        _waiting = Channel.CreateBounded<string>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _posting = PostAllAsync();
    }

    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Envelopes given up after the last attempt, or pushed out by newer ones.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    internal void Tell(RegistryRequest request, string user, ImmutableArray<RegistryEvent> happened)
    {
        var wanted = happened.Where(one => _endpoint.Actions.IsEmpty || _endpoint.Actions.Contains(one.Action)).ToArray();
        if (wanted is [])
        {
            return;
        }

        var events = wanted.Select(JsonNode (one) => one.ToJson(request, user, NextId(), _time.GetUtcNow()));
        _waiting.Writer.TryWrite(new JsonObject { ["events"] = new JsonArray([.. events]) }.ToJsonString());
    }

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{Interlocked.Increment(ref _number):x12}");

    private async Task PostAllAsync()
    {
        try
        {
            await foreach (var envelope in _waiting.Reader.ReadAllAsync(_stopping.Token))
            {
                await DeliverAsync(envelope);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The registry stops, and what nobody has heard yet stays unheard.
        }
    }

    private async Task DeliverAsync(string envelope)
    {
        for (var attempt = 1; attempt <= _endpoint.Attempts; attempt++)
        {
            if (await PostAsync(envelope))
            {
                Interlocked.Increment(ref _delivered);
                return;
            }

            await Task.Delay(_endpoint.Backoff, _time, _stopping.Token);
        }

        Interlocked.Increment(ref _dropped);
    }

    private async Task<bool> PostAsync(string envelope)
    {
        using var deadline = new CancellationTokenSource(_endpoint.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(envelope)) { Headers = { ContentType = new MediaTypeHeaderValue(RegistryEvent.EnvelopeType) } },
        };
        foreach (var (name, value) in _endpoint.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _posting;
        _http.Dispose();
        _stopping.Dispose();
    }
}
