using System.Collections.Concurrent;
using System.Text;

namespace Slipway.Sandbox.Api;

/// <summary>
/// Numbers that depend on the seed, on what is asked, and on how often it was asked before: not on threads, nor on other requests.
/// </summary>
internal sealed class FaultDice(FaultPlan plan)
{
    private const int MaxSubjects = 100_000;

    private readonly ConcurrentDictionary<string, int> _rolls = new(StringComparer.Ordinal);

    public FaultPlan Plan { get; } = plan;

    public bool Hits(double probability, string fault, RequestRecord request)
    {
        if (probability <= 0 || Plan.Only?.Invoke(request) == false)
        {
            return false;
        }
        return Roll($"{fault} {request.Verb} {request.Group}/{request.Resource}/{request.Subresource} {request.Namespace}/{request.Name}") < probability;
    }

    /// <returns>At least 0, less than 1.</returns>
    public double Roll(string subject)
    {
        if (_rolls.Count > MaxSubjects)
        {
            _rolls.Clear();
        }
        var turn = _rolls.AddOrUpdate(subject, 0, static (_, turns) => turns + 1);
        return Mixed(subject, turn) / (double)(1UL << 53);
    }

    // FNV-1a over the subject, then the finalizer of SplitMix64; the upper 53 bits.
    private ulong Mixed(string subject, int turn)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(subject))
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }
        hash += ((ulong)(uint)Plan.Seed << 32) + (ulong)(uint)turn * 0x9E3779B97F4A7C15UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return (hash ^ (hash >> 31)) >> 11;
    }
}
