using System.Security.Cryptography;
using System.Text;
using Slipway.Rollouts;

namespace Slipway.Traffic;

/// <summary>
/// Names of what Slipway puts beside a workload. Each follows from the name of what it stands beside, so that making it again finds the
/// same object, and no two workloads share one (I29).
/// </summary>
public static class SideNames
{
    public const string Canary = "canary";

    public const string Preview = "preview";

    // A label value; a Service's name is one DNS label, which is no longer.
    private const int MaxLength = 63;
    private const int HashLength = 8;

    /// <summary>What the new version is called beside the stable one.</summary>
    public static string Track(RouterKind router) => router == RouterKind.Selector ? Preview : Canary;

    /// <summary>Of the second Deployment.</summary>
    public static string Sibling(string workload, RouterKind router) => Beside(workload, Track(router));

    /// <summary><c>NAME-TRACK</c>; of a name that leaves no room what fits, and a hash of the whole.</summary>
    public static string Beside(string name, string track)
    {
        if (name.Length + 1 + track.Length <= MaxLength)
        {
            return $"{name}-{track}";
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        return $"{name[..(MaxLength - track.Length - HashLength - 2)].TrimEnd('-', '.', '_')}-{hash}-{track}";
    }
}
