using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;

namespace Slipway.Packaging;

/// <summary>What <c>dotnet publish src/Slipway.Controller</c> has made.</summary>
internal static class PublishedFiles
{
    public const string Program = "app/slipway-controller";

    private const string Dashboard = "dashboard";
    private const string Manifest = $"{Dashboard}/Slipway.Dashboard.staticwebassets.endpoints.json";

    // Symbols are for a debugger, which is not in the image.
    private static readonly string[] Left = [".dbg", ".pdb"];

    /// <exception cref="PackagingException">It is not there.</exception>
    public static LayerFile ProgramOf(string folder)
    {
        var path = Path.Combine(folder, Path.GetFileName(Program));
        return File.Exists(path)
            ? new LayerFile(Program, File.ReadAllBytes(path), LayerFile.Executable)
            : throw new PackagingException($"{path} is not there; make it with dotnet publish src/Slipway.Controller -c Release -o {folder}");
    }

    /// <param name="created">When its files were last changed, as browsers are told; when they were compiled says nothing, and no two builds agree in it.</param>
    /// <exception cref="PackagingException">It is not there.</exception>
    public static IEnumerable<LayerFile> DashboardOf(string folder, DateTimeOffset created)
    {
        if (!File.Exists(Path.Combine(folder, Manifest)))
        {
            throw new PackagingException($"{Path.Combine(folder, Manifest)} is not there; publish the controller without PublishDashboard=false");
        }

        return Directory.EnumerateFiles(Path.Combine(folder, Dashboard), "*", SearchOption.AllDirectories)
            .Where(path => !Left.Contains(Path.GetExtension(path)))
            .Select(path => Path.GetRelativePath(folder, path))
            .Order(StringComparer.Ordinal)
            .Select(name => new LayerFile($"app/{name}", name == Manifest ? Dated(File.ReadAllBytes(Path.Combine(folder, name)), created) : File.ReadAllBytes(Path.Combine(folder, name))));
    }

    private static byte[] Dated(byte[] manifest, DateTimeOffset created)
    {
        var root = JsonNode.Parse(manifest)!;
        var changed = created.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);
        foreach (var header in root["Endpoints"]!.AsArray().SelectMany(endpoint => endpoint!["ResponseHeaders"]!.AsArray()).Where(header => (string?)header!["Name"] == "Last-Modified"))
        {
            header!["Value"] = changed;
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, PackagingJson.Default.JsonNode);
    }
}
