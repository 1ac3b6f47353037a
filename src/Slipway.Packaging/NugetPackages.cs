using System.Text.Json;

namespace Slipway.Packaging;

/// <summary>The packages of NuGet that are compiled into a program, as its restore has written them down (<c>project.assets.json</c>).</summary>
internal static class NugetPackages
{
    /// <summary>By name; those that only helped to build (analyzers, compilers) are not in the program.</summary>
    /// <exception cref="PackagingException">The file cannot be read.</exception>
    public static IEnumerable<(string Name, string Version)> Of(string assets)
    {
        using var json = Parse(assets);
        var packages = json.RootElement.GetProperty("targets").EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Where(library => library.Value.GetProperty("type").ValueEquals("package") && library.Value.TryGetProperty("runtime", out _))
            .Select(library => library.Name.Split('/'))
            .Select(pair => (Name: pair[0], Version: pair[1]));
        var runtimes = json.RootElement.GetProperty("project").GetProperty("frameworks").EnumerateObject()
            .SelectMany(framework => framework.Value.TryGetProperty("downloadDependencies", out var all) ? all.EnumerateArray() : default)
            .Select(runtime => (Name: runtime.GetProperty("name").GetString()!, Version: runtime.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0]))
            .Where(runtime => runtime.Name.Contains(".App.Runtime.", StringComparison.Ordinal));
        return [.. packages.Concat(runtimes).Distinct().OrderBy(package => package.Name, StringComparer.Ordinal)];
    }

    private static JsonDocument Parse(string assets)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(assets));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new PackagingException($"{assets} cannot be read ({e.Message}); restore the project anew with dotnet restore");
        }
    }
}
