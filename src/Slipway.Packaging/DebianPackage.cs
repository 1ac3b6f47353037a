namespace Slipway.Packaging;

/// <summary>A package of Debian, unpacked (<c>dpkg-deb -x</c>) into a directory beside which its control file lies.</summary>
/// <param name="Folder">Of its files.</param>
internal sealed record DebianPackage(string Name, string Version, string Architecture, string Folder)
{
    /// <summary>All those of a directory, by name: NAME/ with NAME.control beside it.</summary>
    /// <exception cref="PackagingException">A control file lacks a field, or its package was not unpacked.</exception>
    public static IReadOnlyList<DebianPackage> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.control").Order(StringComparer.Ordinal).Select(Read)];

    private static DebianPackage Read(string control)
    {
        // Debian policy, 5.1: "Field: value"; what goes on in a further line begins with a space, and none of ours does.
        var fields = File.ReadLines(control)
            .Select(line => line.Split(": ", 2))
            .Where(pair => pair.Length == 2 && !pair[0].StartsWith(' '))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var name = Field("Package");
        var files = Path.Combine(Path.GetDirectoryName(control)!, name);
        return Directory.Exists(files)
            ? new DebianPackage(name, Field("Version"), Field("Architecture"), files)
            : throw new PackagingException($"{control}: {files} is not there; unpack the package into it with dpkg-deb -x");

        string Field(string wanted) => fields.GetValueOrDefault(wanted) ?? throw new PackagingException($"{control}: has no field {wanted}; write it with dpkg-deb -f");
    }
}

/// <summary>What was given cannot become an image; the message says what is missing and how to get it.</summary>
internal sealed class PackagingException(string message) : Exception(message);
