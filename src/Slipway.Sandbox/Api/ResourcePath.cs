namespace Slipway.Sandbox.Api;

/// <summary>
/// The path of a request for objects: <c>/api/v1/...</c> or <c>/apis/GROUP/VERSION/...</c> ("Resource URIs" of the Kubernetes
/// API concepts).
/// </summary>
/// <param name="Namespace">Null when the path names none.</param>
/// <param name="Name">Empty for all objects.</param>
internal sealed record ResourcePath(string Group, string Version, string? Namespace, string Plural, string Name, string Subresource)
{
    /// <returns>Null when the path is not one of objects: discovery, health and the like.</returns>
    public static ResourcePath? TryParse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, rest) = parts switch
        {
            ["api", _, _, ..] => ("", parts[1..]),
            ["apis", var named, _, _, ..] => (named, parts[2..]),
            _ => ("", []),
        };
        return rest switch
        {
            [] => null,

            // The namespaces themselves: /api/v1/namespaces/NAME[/status|finalize]
            [var version, "namespaces"] => new(group, version, null, "namespaces", "", ""),
            [var version, "namespaces", var name] => new(group, version, null, "namespaces", name, ""),
            [var version, "namespaces", var name, "status" or "finalize"] => new(group, version, null, "namespaces", name, rest[3]),

            [var version, "namespaces", var ns, var plural] => new(group, version, ns, plural, "", ""),
            [var version, "namespaces", var ns, var plural, var name] => new(group, version, ns, plural, name, ""),
            [var version, "namespaces", var ns, var plural, var name, ..] => new(group, version, ns, plural, name, string.Join('/', rest[5..])),

            [var version, var plural] => new(group, version, null, plural, "", ""),
            [var version, var plural, var name] => new(group, version, null, plural, name, ""),
            [var version, var plural, var name, ..] => new(group, version, null, plural, name, string.Join('/', rest[3..])),
            _ => null,
        };
    }
}
