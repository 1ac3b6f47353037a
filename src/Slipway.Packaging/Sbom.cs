using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Packaging;

/// <summary>A part of the image that somebody else made.</summary>
/// <param name="Url">As scanners know it (package URL specification).</param>
internal sealed record Component(string Name, string Version, string Url)
{
    public static Component Of(DebianPackage package) =>
        new(package.Name, package.Version, $"pkg:deb/debian/{package.Name}@{Uri.EscapeDataString(package.Version)}?arch={package.Architecture}&distro=bookworm");

    public static Component Of((string Name, string Version) nuget) => new(nuget.Name, nuget.Version, $"pkg:nuget/{nuget.Name}@{nuget.Version}");
}

/// <summary>The bill of materials of an image (SPDX 2.3, JSON).</summary>
internal static class Sbom
{
    public const string MediaType = "application/spdx+json";

    private const string Image = "SPDXRef-image";
    private const string Unsaid = "NOASSERTION";

    /// <param name="digest">Of the image.</param>
    public static JsonObject Of(string digest, string version, DateTimeOffset created, IEnumerable<Component> components)
    {
        Component[] all = [.. components.DistinctBy(component => component.Url).OrderBy(component => component.Url, StringComparer.Ordinal)];
        return new()
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = "SPDXRef-DOCUMENT",
            ["name"] = $"slipway-controller {version}",
            ["documentNamespace"] = $"https://slipway.dev/sbom/{digest.Replace(':', '-')}",
            ["creationInfo"] = new JsonObject
            {
                ["created"] = created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), ["creators"] = new JsonArray($"Tool: slipway-packaging-{version}"),
            },
            ["packages"] = new JsonArray([Package(Image, "slipway-controller", version, $"pkg:oci/slipway-controller@{Uri.EscapeDataString(digest)}"), .. all.Select((one, index) => Package(Id(index), one.Name, one.Version, one.Url))]),
            ["relationships"] = new JsonArray([Relation("SPDXRef-DOCUMENT", "DESCRIBES", Image), .. all.Select((_, index) => Relation(Image, "CONTAINS", Id(index)))]),
        };
    }

    private static string Id(int index) => string.Create(CultureInfo.InvariantCulture, $"SPDXRef-{index + 1}");

    private static JsonObject Package(string id, string name, string version, string url) => new()
    {
        ["SPDXID"] = id, ["name"] = name, ["versionInfo"] = version, ["downloadLocation"] = Unsaid, ["filesAnalyzed"] = false,
        ["licenseConcluded"] = Unsaid, ["licenseDeclared"] = Unsaid, ["copyrightText"] = Unsaid,
        ["externalRefs"] = new JsonArray(new JsonObject { ["referenceCategory"] = "PACKAGE-MANAGER", ["referenceType"] = "purl", ["referenceLocator"] = url }),
    };

    private static JsonObject Relation(string from, string how, string to) => new JsonObject { ["spdxElementId"] = from, ["relationshipType"] = how, ["relatedSpdxElement"] = to };
}
