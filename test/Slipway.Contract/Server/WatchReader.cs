using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Server;

public sealed record Seen(string Type, JsonObject Value)
{
    public override string ToString() => $"{Type} {Value.Name()}";
}

/// <summary>Reads the lines of a watch.</summary>
public sealed class WatchReader(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private StreamReader? _lines;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public int Code => (int)response.StatusCode;

    public Task<string> TextAsync() => response.Content.ReadAsStringAsync(Stop);

    /// <returns>Null when the watch has ended.</returns>
    public async Task<Seen?> NextAsync()
    {
        _lines ??= new(await response.Content.ReadAsStreamAsync(Stop));
        var line = await _lines.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        return line is null ? null : JsonNode.Parse(line) is JsonObject seen ? new(seen.Text("type"), seen.Section("object")!)
            : throw new InvalidDataException(line);
    }

    public async Task<List<Seen>> TakeAsync(int count)
    {
        List<Seen> events = [];
        while (events.Count < count && await NextAsync() is { } seen)
        {
            events.Add(seen);
        }
        return events;
    }

    /// <summary>All up to the end of the watch.</summary>
    public Task<List<Seen>> RestAsync() => TakeAsync(int.MaxValue);

    public void Dispose()
    {
        _lines?.Dispose();
        response.Dispose();
    }
}
