using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Slipway.Kube;

/// <summary>The lines of one watch: newline-delimited JSON ("API concepts", Efficient detection of changes), each of bounded length.</summary>
internal sealed class WatchStream : IAsyncDisposable
{
    /// <summary>etcd takes objects up to 1.5 MiB; even with every byte escaped a line stays below this.</summary>
    public const int LongestLine = 8 << 20;

    private readonly ClusterConnection _connection;
    private readonly KubeCall _call;
    private readonly TimeSpan _silence;
    private readonly Watchdog _watchdog;
    private readonly HttpResponseMessage _response;
    private readonly PipeReader _pipe;

    private WatchStream(ClusterConnection connection, KubeCall call, TimeSpan silence, Watchdog watchdog, HttpResponseMessage response, Stream stream)
    {
        (_connection, _call, _silence, _watchdog, _response) = (connection, call, silence, watchdog, response);
        _pipe = PipeReader.Create(stream);
    }

    /// <param name="silence">After so long without a byte the watch counts as broken.</param>
    /// <param name="cancellationToken">Ends the whole watch.</param>
    public static async Task<WatchStream> OpenAsync(ClusterConnection connection, KubeCall call, TimeSpan silence, CancellationToken cancellationToken)
    {
        var watchdog = new Watchdog(silence, connection.Time, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await connection.OpenAsync(call, watchdog.Token);
            return new WatchStream(connection, call, silence, watchdog, response, await response.Content.ReadAsStreamAsync(watchdog.Token));
        }
        catch (Exception e)
        {
            response?.Dispose();
            watchdog.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw Silent(call, silence, e);
            }

            throw;
        }
    }

    /// <summary>The next line, or null when the server ended the watch between two lines.</summary>
    public async Task<JsonDocument?> NextAsync()
    {
        _watchdog.Restart();
        try
        {
            while (true)
            {
                var result = await _pipe.ReadAsync(_watchdog.Token);
                if (result.Buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = result.Buffer.Slice(0, end);
                    var document = IsBlank(line) ? null : JsonDocument.Parse(line.ToArray());
                    _pipe.AdvanceTo(result.Buffer.GetPosition(1, end));
                    if (document is not null)
                    {
                        return document;
                    }

                    continue;
                }

                if (result.Buffer.Length > LongestLine)
                {
                    throw Garbled($"a line is longer than {LongestLine >> 20} MiB");
                }

                if (result.IsCompleted)
                {
                    return IsBlank(result.Buffer) ? null : throw Garbled("the watch was cut in the middle of a line");
                }

                _pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (OperationCanceledException e) when (!_watchdog.WasStopped)
        {
            throw Silent(_call, _silence, e);
        }
        catch (JsonException e)
        {
            throw Garbled($"a line is not JSON: {e.Message}");
        }
        catch (Exception e) when (ClusterConnection.IsTransport(e))
        {
            throw _connection.Unreachable(_call, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _pipe.CompleteAsync();
        _response.Dispose();
        _watchdog.Dispose();
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept((byte)' ', (byte)'\r', (byte)'\t'))
            {
                return false;
            }
        }

        return true;
    }

    private KubeException Garbled(string why) => new($"cannot {_call.Doing}: {why}") { Reason = KubeException.Garbled };

    private static KubeException Silent(KubeCall call, TimeSpan silence, Exception e) =>
        new($"cannot {call.Doing}: the server sent nothing for {silence.TotalSeconds} s", e) { Reason = KubeException.TimedOut };

    /// <summary>A token that also fires when nothing was heard for too long.</summary>
    private sealed class Watchdog : IDisposable
    {
        private readonly TimeSpan _patience;
        private readonly CancellationToken _stop;
        private readonly CancellationTokenSource _late;
        private readonly CancellationTokenSource _either;

        public Watchdog(TimeSpan patience, TimeProvider time, CancellationToken stop)
        {
            (_patience, _stop) = (patience, stop);
            _late = new CancellationTokenSource(patience, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, stop);
        }

        public CancellationToken Token => _either.Token;

        public bool WasStopped => _stop.IsCancellationRequested;

        public void Restart() => _late.CancelAfter(_patience);

        public void Dispose()
        {
            _either.Dispose();
            _late.Dispose();
        }
    }
}
