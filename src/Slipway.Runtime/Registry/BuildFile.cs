using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>
/// The build times of one repository's tags on disk, so that a restart need not read each image again: where pulls are counted that would be
/// one for each tag. Records of 24 bytes are appended, and of two for one name the later counts. It is a cache: whatever is wrong with it
/// costs requests, and nothing else.
/// </summary>
internal sealed partial class BuildFile(string directory, RepositoryName repository, ILogger log)
{
    private const int RecordBytes = 24;

    // Half a million tags; a file that grew beyond is begun anew.
    private const int MaxBytes = 12 * 1024 * 1024;

    private readonly string _path = Path.Combine(directory, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{repository}")).AsSpan(0, 16))}.builds");
    private bool _unusable;

    // As long as a record. Another form of the file is another text.
    private static ReadOnlySpan<byte> Head => "slipway build times, 1.\n"u8;

    /// <summary>What earlier processes knew; nothing where the file is not there, or is not as this process would have left it.</summary>
    public Dictionary<UInt128, long> Load()
    {
        var times = new Dictionary<UInt128, long>();
        Try(() =>
        {
            if (!File.Exists(_path))
            {
                return;
            }

            var bytes = File.ReadAllBytes(_path);
            if (bytes.Length > MaxBytes || bytes.Length % RecordBytes != 0 || !bytes.AsSpan().StartsWith(Head))
            {
                // Killed in the middle of a record, most likely.
                File.Delete(_path);
                return;
            }

            for (var at = RecordBytes; at < bytes.Length; at += RecordBytes)
            {
                times[BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(at))] = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at + 16));
            }
        });
        return times;
    }

    public void Append(IReadOnlyCollection<KeyValuePair<UInt128, long>> times)
    {
        Try(() =>
        {
            Directory.CreateDirectory(directory);
            using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
            using var records = new MemoryStream();
            if (file.Position == 0)
            {
                records.Write(Head);
            }

            Span<byte> record = stackalloc byte[RecordBytes];
            foreach (var (name, time) in times)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(record, name);
                BinaryPrimitives.WriteInt64LittleEndian(record[16..], time);
                records.Write(record);
            }

            file.Write(records.GetBuffer().AsSpan(0, (int)records.Length));
        });
    }

    private void Try(Action use)
    {
        try
        {
            if (!_unusable)
            {
                use();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unusable = true;
            LogUnusable(_path, repository, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Path}: the build times of {Repository} are not kept beyond this process: {Why}")]
    private partial void LogUnusable(string path, RepositoryName repository, string why);
}
