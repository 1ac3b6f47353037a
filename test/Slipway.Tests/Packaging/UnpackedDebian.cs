using Slipway.Packaging;

namespace Slipway.Tests.Packaging;

/// <summary>Packages as dpkg-deb unpacks them, and a published controller, with contents of a few letters.</summary>
internal sealed class UnpackedDebian : IDisposable
{
    private static readonly string[] Libraries = ["ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2", "libnothing.so"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-packaging-");

    public UnpackedDebian()
    {
        Package("libc6", "2.36-9", [.. Libraries.Select(name => $"lib/x86_64-linux-gnu/{name}")]);
        Package("libssl3", "3.0.17-1", "usr/lib/x86_64-linux-gnu/libssl.so.3", "usr/lib/x86_64-linux-gnu/libcrypto.so.3");
        Package("ca-certificates", "2023", "usr/share/ca-certificates/mozilla/B.crt", "usr/share/ca-certificates/mozilla/A.crt");
        Package("tzdata", "2026a-0", "usr/share/zoneinfo/Europe/Berlin", "usr/share/zoneinfo/UTC", "usr/share/zoneinfo/right/UTC");
        Write("published/slipway-controller", "the program");
        Write("published/slipway-controller.dbg", "symbols");
        Write("published/dashboard/wwwroot/dashboard/index.html", "the page");
        Write("published/dashboard/Slipway.Dashboard.staticwebassets.endpoints.json", """{"Endpoints": [{"Route": "a.js", "ResponseHeaders": [{"Name": "ETag", "Value": "\"1\""}, {"Name": "Last-Modified", "Value": "Sun, 23 Nov 2025 03:42:52 GMT"}]}]}""");
    }

    public string Debian => At("debian");

    public string Published => At("published");

    public IReadOnlyList<DebianPackage> Packages => DebianPackage.ReadAll(Debian);

    public string At(string path) => Path.Combine(_folder.FullName, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Package(string name, string version, params string[] files)
    {
        Write($"debian/{name}.control", $"Package: {name}\nVersion: {version}\nArchitecture: amd64\n");
        foreach (var file in files.Append($"usr/share/doc/{name}/copyright"))
        {
            Write($"debian/{name}/{file}", $"{file}\n");
        }
    }
}
