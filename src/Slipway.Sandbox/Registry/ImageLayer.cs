using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;

namespace Slipway.Sandbox.Registry;

/// <param name="Path">From the root, without a leading slash.</param>
public sealed record LayerFile(string Path, ReadOnlyMemory<byte> Content, UnixFileMode Mode = LayerFile.Plain)
{
    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    public const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}

/// <summary>A layer: a tar, gzipped (OCI image spec, "Image Layer Filesystem Changeset"). The same files give the same bytes.</summary>
/// <param name="Digest">Of the compressed bytes, by which the registry knows it.</param>
/// <param name="DiffId">Of the tar, by which the config knows it.</param>
public sealed record ImageLayer(string Digest, string DiffId, ReadOnlyMemory<byte> Bytes)
{
    public static ImageLayer Of(params ImmutableArray<LayerFile> files)
    {
        var tar = Tar(files);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(tar);
        }

        var bytes = compressed.ToArray();
        return new ImageLayer(ContentDigest.Of(bytes), ContentDigest.Of(tar), bytes);
    }

    private static byte[] Tar(ImmutableArray<LayerFile> files)
    {
        using var bytes = new MemoryStream();
        // Ustar: the Pax format of TarWriter writes the process id into its headers, and then no two runs agree.
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar))
        {
            foreach (var directory in files.SelectMany(file => Parents(file.Path)).Distinct().Order(StringComparer.Ordinal))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, directory) { Mode = LayerFile.Executable, ModificationTime = DateTimeOffset.UnixEpoch });
            }

            foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file.Path)
                {
                    Mode = file.Mode,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(file.Content.ToArray()),
                });
            }
        }

        return bytes.ToArray();
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..(slash + 1)];
        }
    }
}
