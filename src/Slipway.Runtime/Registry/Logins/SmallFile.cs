using System.Text;

namespace Slipway.Registry;

/// <summary>Files that others write and rotate: tokens, certificates, passwords. They are read when they are needed, and never kept.</summary>
internal static class SmallFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <returns>Null, with the reason, where it cannot be read or is too large to be what it should be.</returns>
    public static byte[]? TryRead(string path, out string why)
    {
        why = "";
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxBytes)
            {
                why = $"{path} has more than {MaxBytes / 1024} KiB";
                return null;
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            why = $"{path} does not exist";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            why = $"{path} cannot be read ({e.GetType().Name})";
        }

        return null;
    }

    /// <summary>The same as text, without what an editor leaves at its ends.</summary>
    public static string? TryReadText(string path, out string why)
    {
        var text = TryRead(path, out why) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
        why = text is "" ? $"{path} is empty" : why;
        return text is "" ? null : text;
    }
}
