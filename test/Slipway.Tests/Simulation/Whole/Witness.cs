using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Sandbox.Storage;
using Xunit.Sdk;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>Sees every write that reaches the API server, and who made it. Each check is counted, so that one that is never made is found out.</summary>
internal sealed partial class Witness(WholeWorld world)
{
    [ThreadStatic]
    private static Call? _call;

    private readonly ConcurrentDictionary<string, long> _held = new();
    private readonly ConcurrentQueue<string> _broken = new();
    private readonly Dictionary<string, DateTimeOffset> _renewed = [];
    private readonly HashSet<string> _writers = [];

    private sealed record Call(Process By, string Method, string Path, string Body) : IDisposable
    {
        public void Dispose() => _call = null;
    }

    /// <summary>The schedule has ended, well or badly; what is cleared away then is no matter.</summary>
    public bool IsOver { get; set; }

    /// <summary>How often each check was made.</summary>
    public IReadOnlyDictionary<string, long> Held => _held;

    public void Check(string name, bool holds, string otherwise)
    {
        _held.AddOrUpdate(name, 1, (_, times) => times + 1);
        if (!holds)
        {
            _broken.Enqueue($"{name}: {otherwise}");
            world.Log.Note($"BROKEN {name}: {otherwise}");
        }
    }

    /// <summary>On the thread that drives the world: elsewhere an exception would be a fault among others.</summary>
    public void ThrowIfBroken()
    {
        if (!IsOver && _broken.TryPeek(out var broken))
        {
            throw new XunitException(broken);
        }
    }

    /// <summary>What is written on this thread, until the answer is disposed of, is written by this process.</summary>
    public IDisposable Hears(Process by, string method, string path, string body)
    {
        if (body.Length > 0)
        {
            var secret = new[] { by.Token, SharedImages.Password, SharedImages.Login }.FirstOrDefault(secret => Tells(body, secret));
            Check("no credential in a write", secret is null, $"{method} {path} contains {secret}");
        }

        return _call = new Call(by, method, path, body);
    }

    public void Sees(WatchEvent change)
    {
        if (_call is not { } call)
        {
            return;
        }

        var key = change.Key;
        if (key.Resource == Known.Leases)
        {
            Renewed(call.By, change.Value);
            return;
        }

        if (key.Resource == Known.Events)
        {
            return;
        }

        world.Log.Note($"{call.By.Identity} {call.Method} {call.Path}");
        Fenced(call);
        switch (key.Resource.Plural)
        {
            case "deployments" or "statefulsets" when key.Name == "shop": Stable(change, call.Body); break;
            case "deployments": Side(change); break;
            case "pods": Pod(change); break;
            case "services" when key.Name == "shop": Service(change); break;
            case "httproutes": Route(change); break;
            case ApiNames.DeliveryPlural: Status(change); break;
            case ApiNames.ReleasePlural: Recorded(change); break;
            case "horizontalpodautoscalers": Check("no autoscaler is written", false, call.Path); break;
        }
    }

    // I27 and the fence: nobody writes who has not renewed his lease within his tenancy, nor while another holds it.
    private void Fenced(Call call)
    {
        var holder = world.Store.Find(Known.Leases, "default", "slipway")?.Text("spec", "holderIdentity") ?? "";
        var now = world.Time.GetUtcNow();
        Check("fenced", holder == call.By.Identity, $"{call.Method} {call.Path} by {call.By.Identity}, and the leader is '{holder}'");
        Check("fenced", _renewed.TryGetValue(call.By.Identity, out var at) && now <= at + Process.Tenancy, $"{call.Method} {call.Path} by {call.By.Identity}, who renewed at {at:T} and writes at {now:T}");
        if (_writers.Add(call.By.Identity) && _writers.Count > 1)
        {
            Check("another took over", true, "");
        }
    }

    private void Renewed(Process by, JsonObject lease)
    {
        if (lease.Text("spec", "holderIdentity") == by.Identity)
        {
            _renewed[by.Identity] = world.Time.GetUtcNow();
        }
    }

    private static bool Tells(string body, string secret) =>
        body.Contains(secret, StringComparison.Ordinal) || body.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal);

    private static Delivery Read(JsonObject value) => JsonSerializer.Deserialize(value, ApiJson.Default.Delivery)!;
}
