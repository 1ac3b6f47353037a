using Slipway.Api;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Tests.Simulation;

/// <summary>
/// A model of what the API server stores for one Delivery: its status, its targets and its Releases, each with a version, and all that
/// they have ever been, so that a reader may be as stale as it likes. Every write is conditional, as on the real server.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly Dictionary<string, bool> _isGood = [];

    public SimulatedCluster(int targets)
    {
        Statuses = new(new DeliveryStatus());
        Targets = [.. Enumerable.Range(0, targets).Select(_ => new Versioned<SimulatedTarget>(new SimulatedTarget("1", Digest(1), ImageWriter.Declarative, Available: Pods)))];
        Releases = new([]);
        _isGood[Digest(1)] = true;
    }

    public const int Pods = 3;

    public Versioned<DeliveryStatus> Statuses { get; }

    public List<Versioned<SimulatedTarget>> Targets { get; }

    public Versioned<IReadOnlyList<Release>> Releases { get; }

    public static string Digest(int version) => $"sha256:{version}";

    public void Publish(int version, bool good) => _isGood.TryAdd(Digest(version), good);

    public bool IsGood(string digest) => _isGood.GetValueOrDefault(digest, true);

    /// <summary>One more pod of the present template becomes available, if its image is any good.</summary>
    public void Grow(int target, int pods)
    {
        var now = Targets[target].Latest;
        if (IsGood(now.Digest ?? Digest(int.Parse(now.Tag, System.Globalization.CultureInfo.InvariantCulture))))
        {
            Targets[target].Write(now with { Available = Math.Min(Pods, now.Available + pods) });
        }
        else
        {
            Targets[target].Write(now with { Crashing = true });
        }
    }

    public void Shrink(int target) => Targets[target].Write(Targets[target].Latest with { Available = Math.Max(0, Targets[target].Latest.Available - 1) });

    /// <summary>Somebody else writes a bare tag to the target. An image that nobody called bad before is good from then on.</summary>
    public void Set(int target, int version, ImageWriter author)
    {
        Publish(version, good: true);
        Targets[target].Write(Targets[target].Latest with { Tag = $"{version}", Digest = null, Author = author, Available = 0, Crashing = false });
    }
}

/// <summary>What a target runs, and how its pods of that template fare.</summary>
internal sealed record SimulatedTarget(string Tag, string? Digest, ImageWriter Author, int Available = 0, bool Crashing = false, bool Managed = false)
{
    public TargetSnapshot Snapshot(int index)
    {
        Health health = Crashing ? new Health.Failing("CrashLoopBackOff", "exit 1")
            : Available >= SimulatedCluster.Pods ? new Health.Healthy(Available)
            : new Health.Progressing("waiting", Available);
        return new TargetSnapshot(new WorkloadKey("Deployment", "prod", $"shop-{index}"), [new RunningImage("web", true, Tag, Digest, Author, Author.ToString())], health) { Managed = Managed };
    }
}

/// <summary>A stored object and its past. A write carries the version that it was decided on, and fails on any other.</summary>
internal sealed class Versioned<T>(T first)
{
    private readonly List<T> _past = [first];

    public int Version => _past.Count - 1;

    public T Latest => _past[^1];

    /// <summary>What a reader that is <paramref name="lag"/> versions behind sees, but never older than what it wrote or saw itself.</summary>
    public (T Value, int Version) Read(int lag, int atLeast)
    {
        var version = Math.Max(Math.Min(atLeast, Version), Version - lag);
        return (_past[version], version);
    }

    public void Write(T value) => _past.Add(value);

    public bool TryWrite(T value, int expected)
    {
        if (expected != Version)
        {
            return false;
        }

        Write(value);
        return true;
    }
}
