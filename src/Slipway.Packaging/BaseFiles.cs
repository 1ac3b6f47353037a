using System.Text;
using Slipway.Sandbox.Registry;

namespace Slipway.Packaging;

/// <summary>What the controller needs of Debian, and nothing else: no shell, no package manager, no user but its own.</summary>
internal static class BaseFiles
{
    public const string Certificates = "etc/ssl/certs/ca-certificates.crt";

    // nonroot, as the distroless images number it.
    public const int User = 65532;

    private const string Loader = "ld-linux-x86-64.so.2";
    private const string Libraries = "usr/lib/x86_64-linux-gnu";
    private const string Zones = "usr/share/zoneinfo";

    // The same zones once more, counted with leap seconds or under another name.
    private static readonly string[] OtherZones = ["posix/", "right/", "posixrules", "localtime"];

    // Packages, and the libraries of each that the program is linked with or opens by name.
    private static readonly (string Package, string[] Libraries)[] Linked =
    [
        ("libc6", [Loader, "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2"]),
        ("libssl3", ["libssl.so.3", "libcrypto.so.3"]),
    ];

    public static IEnumerable<string> Packages => [.. Linked.Select(one => one.Package), "ca-certificates", "tzdata"];

    /// <exception cref="PackagingException">A package or one of its files is missing.</exception>
    public static IEnumerable<LayerFile> Of(IReadOnlyList<DebianPackage> packages)
    {
        foreach (var (name, libraries) in Linked)
        {
            var package = Find(packages, name);
            foreach (var library in libraries)
            {
                // The kernel looks for the loader where the ABI says that it is (System V ABI, AMD64, "Program Interpreter").
                yield return new LayerFile(library == Loader ? $"lib64/{library}" : $"{Libraries}/{library}", Library(package, library), LayerFile.Executable);
            }
        }

        foreach (var zone in ZonesOf(Find(packages, "tzdata")))
        {
            yield return zone;
        }

        yield return new LayerFile(Certificates, Authorities(Find(packages, "ca-certificates")));
        foreach (var name in Packages)
        {
            yield return new LayerFile($"usr/share/doc/{name}/copyright", File.ReadAllBytes(Existing(Find(packages, name), $"usr/share/doc/{name}/copyright")));
        }

        yield return new LayerFile("etc/passwd", Encoding.UTF8.GetBytes($"slipway:x:{User}:{User}:slipway:/:/nologin\n"));
        yield return new LayerFile("etc/group", Encoding.UTF8.GetBytes($"slipway:x:{User}:\n"));

        // Names in the file before names in the DNS, as everywhere (nsswitch.conf, section 5).
        yield return new LayerFile("etc/nsswitch.conf", "hosts: files dns\n"u8.ToArray());
    }

    private static DebianPackage Find(IReadOnlyList<DebianPackage> packages, string name) =>
        packages.FirstOrDefault(package => package.Name == name) ?? throw new PackagingException($"the package {name} is not among those that were given; fetch it with apt-get download {name}");

    private static byte[] Library(DebianPackage package, string name)
    {
        // Debian 12 has them below lib/ or usr/lib/, which is one directory once they are installed.
        var path = new[] { "lib/x86_64-linux-gnu", Libraries }.Select(folder => Path.Combine(package.Folder, folder, name)).FirstOrDefault(File.Exists);
        return path is null ? throw new PackagingException($"{package.Name} {package.Version} has no {name}; is it of another architecture than amd64?") : File.ReadAllBytes(path);
    }

    private static IEnumerable<LayerFile> ZonesOf(DebianPackage package)
    {
        var root = Existing(package, Zones);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path))
            .Where(name => !OtherZones.Any(other => name.StartsWith(other, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(name => new LayerFile($"{Zones}/{name}", File.ReadAllBytes(Path.Combine(root, name))));
    }

    // As update-ca-certificates does it: one file with all of them.
    private static byte[] Authorities(DebianPackage package)
    {
        var bundle = new StringBuilder();
        foreach (var path in Directory.EnumerateFiles(Existing(package, "usr/share/ca-certificates"), "*.crt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            bundle.Append(File.ReadAllText(path).TrimEnd()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(bundle.ToString());
    }

    private static string Existing(DebianPackage package, string path)
    {
        var found = Path.Combine(package.Folder, path);
        return Path.Exists(found) ? found : throw new PackagingException($"{package.Name} {package.Version} has no {path}; unpack it anew with dpkg-deb -x");
    }
}
