using System.Collections.Immutable;

namespace Slipway.Sandbox.Api;

/// <summary>One request that was answered.</summary>
/// <param name="Verb">As authorization names it: get, list, watch, create, update, patch, delete, deletecollection.</param>
/// <param name="Resource">The plural; empty for paths that are not of objects.</param>
public sealed record RequestRecord(
    DateTimeOffset Time, string User, string Verb, string Group, string Resource, string Subresource, string? Namespace, string Name, int Code)
{
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection" && Resource.Length > 0;
}

/// <summary>
/// What was asked of the server, so that a test can say "an idle minute writes nothing". The numbers count everything; of the
/// requests themselves the last ones are kept.
/// </summary>
public sealed class RequestLog
{
    private const int Kept = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<RequestRecord> _records = new();
    private readonly Dictionary<(string Verb, string Resource, string Subresource), int> _counts = [];

    public ImmutableArray<RequestRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>How many requests there were since the start, or since the last <see cref="Clear"/>.</summary>
    /// <param name="verb">Null for every verb; likewise the others.</param>
    public int Count(string? verb = null, string? resource = null, string? subresource = null)
    {
        lock (_gate)
        {
            return _counts
                .Where(entry => (verb ?? entry.Key.Verb) == entry.Key.Verb
                    && (resource ?? entry.Key.Resource) == entry.Key.Resource
                    && (subresource ?? entry.Key.Subresource) == entry.Key.Subresource)
                .Sum(entry => entry.Value);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            _counts.Clear();
        }
    }

    internal void Add(RequestRecord record)
    {
        lock (_gate)
        {
            var key = (record.Verb, record.Resource, record.Subresource);
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            _records.Enqueue(record);
            if (_records.Count > Kept)
            {
                _records.Dequeue();
            }
        }
    }
}
