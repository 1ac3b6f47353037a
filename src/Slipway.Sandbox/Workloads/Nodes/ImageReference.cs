using System.Text.RegularExpressions;
using Slipway.Sandbox.Registry;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>An image as a pod names it (distribution/reference), as far as a kubelet needs it.</summary>
/// <param name="Tag">Null when there is a digest alone.</param>
internal sealed partial record ImageReference(string Domain, string Path, string? Tag, string? Digest)
{
    public string Repository => $"{Domain}/{Path}";

    /// <summary>What a registry is asked for.</summary>
    public string Target => Digest ?? Tag!;

    public override string ToString() => $"{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";

    /// <returns>Null where the text is no reference.</returns>
    public static ImageReference? TryParse(string text)
    {
        var match = Pattern.Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (domain, path) = Split(match.Groups["name"].Value);
        var digest = match.Groups["digest"] is { Success: true } group ? group.Value : null;
        var tag = match.Groups["tag"] is { Success: true } given ? given.Value : digest is null ? "latest" : null;
        return RegistryRoute.IsName(path) && (digest is null || ContentDigest.IsDigest(digest)) ? new(domain, path, tag, digest) : null;
    }

    // The first part is a host when it looks like one; else all of it is a path on Docker Hub.
    private static (string Domain, string Path) Split(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        if (first == "localhost" || first.AsSpan().IndexOfAny('.', ':') >= 0)
        {
            return (first, name[(slash + 1)..]);
        }

        return ("docker.io", slash < 0 ? $"library/{name}" : name);
    }

    [GeneratedRegex(@"\A(?<name>[^@]+?)(:(?<tag>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}))?(@(?<digest>[^@]+))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern { get; }
}
