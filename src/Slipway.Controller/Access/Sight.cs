using System.Collections.Frozen;

namespace Slipway.Controller.Access;

/// <summary>In which namespaces a caller may see a resource.</summary>
/// <param name="Namespaces">Null: in all of them.</param>
internal sealed record Sight(FrozenSet<string>? Namespaces)
{
    // Of a caller without the right in all namespaces: one review each.
    private const int MostNamespaces = 1000;

    // So many reviews of one caller at once; others wait for their turn too.
    private const int AtOnce = 8;

    public static readonly Sight All = new((FrozenSet<string>?)null);

    public bool Includes(string ns) => Namespaces?.Contains(ns) ?? true;

    /// <summary>Where <paramref name="right"/> is permitted, of those that exist; or the verdict that says why it is nowhere.</summary>
    /// <param name="namespaces">Those that matter.</param>
    public static async Task<(Sight? Sight, Verdict Verdict)> OfAsync(AccessControl access, Caller caller, Right right, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken)
    {
        var everywhere = await access.MayAsync(caller, right with { Namespace = null }, cancellationToken);
        if (everywhere is not Verdict.Denied)
        {
            return (everywhere is Verdict.Allowed ? All : null, everywhere);
        }

        if (namespaces.Count > MostNamespaces)
        {
            return (null, new Verdict.Denied());
        }

        var allowed = new List<string>();
        var gate = new Lock();
        Verdict.Unable? unable = null;
        await Parallel.ForEachAsync(namespaces, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (ns, stopping) =>
        {
            var verdict = await access.MayAsync(caller, right with { Namespace = ns }, stopping);
            lock (gate)
            {
                if (verdict is Verdict.Allowed)
                {
                    allowed.Add(ns);
                }

                unable ??= verdict as Verdict.Unable;
            }
        });

        // Half a list that looks like a whole one would be a lie.
        return unable is not null ? (null, unable) : allowed.Count == 0 ? (null, new Verdict.Denied()) : (new Sight(allowed.ToFrozenSet(StringComparer.Ordinal)), new Verdict.Allowed());
    }
}
