using System.Security.Cryptography;
using System.Text;
using Slipway.Configuration;
using Slipway.Controller.Webhooks;

namespace Slipway.Controller.Sessions;

/// <summary>
/// Seals what a browser keeps for us, with AES-256-GCM (NIST SP 800-38D): nobody can read it, and nobody can make one. Keys are the lines of a mounted
/// file: the first one seals, all of them open, so that keys can be changed without signing anybody out. Without a file the key is made at the start, and
/// sessions end with the process.
/// </summary>
internal sealed class SessionKeys
{
    private const int Shortest = 32;

    private readonly string? _path;
    private volatile byte[][] _keys;

    private SessionKeys(string? path, byte[][] keys) => (_path, _keys) = (path, keys);

    /// <exception cref="ConfigurationException">The file cannot be read, or has no key in it.</exception>
    public static SessionKeys Read(string? path) =>
        path is null ? new(null, [RandomNumberGenerator.GetBytes(32)])
        : TryRead(path, out var keys, out var why) ? new(path, keys)
        : throw new ConfigurationException($"api.sessionKeyFile: {why}");

    /// <param name="purpose">What was sealed for one purpose cannot be opened for another: each has keys of its own (HKDF, RFC 5869).</param>
    public string Seal(string purpose, ReadOnlySpan<byte> content)
    {
        const int Nonce = 12, Tag = 16;
        var sealing = new byte[Nonce + content.Length + Tag];
        RandomNumberGenerator.Fill(sealing.AsSpan(0, Nonce));
        using var aes = new AesGcm(Derived(Keys()[0], purpose), Tag);
        aes.Encrypt(sealing.AsSpan(0, Nonce), content, sealing.AsSpan(Nonce, content.Length), sealing.AsSpan(Nonce + content.Length));
        return System.Buffers.Text.Base64Url.EncodeToString(sealing);
    }

    /// <returns>Null where it is not ours, or not whole.</returns>
    public byte[]? Open(string purpose, string text)
    {
        const int Nonce = 12, Tag = 16;
        if (!System.Buffers.Text.Base64Url.IsValid(text, out var length) || length < Nonce + Tag)
        {
            return null;
        }

        var sealing = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        var content = new byte[sealing.Length - Nonce - Tag];
        foreach (var key in Keys())
        {
            using var aes = new AesGcm(Derived(key, purpose), Tag);
            try
            {
                aes.Decrypt(sealing.AsSpan(0, Nonce), sealing.AsSpan(Nonce, content.Length), sealing.AsSpan(Nonce + content.Length), content);
                return content;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Sealed with another of the keys, or by somebody else.
            }
        }

        return null;
    }

    private static byte[] Derived(byte[] key, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes($"slipway {purpose}"));

    // A mounted Secret that is being changed may not be there for an instant: then what was there goes on.
    private byte[][] Keys()
    {
        if (_path is not null && TryRead(_path, out var keys, out _))
        {
            _keys = keys;
        }

        return _keys;
    }

    private static bool TryRead(string path, out byte[][] keys, out string why)
    {
        keys = [];
        if (!SecretFile.TryRead(path, Shortest, out var text, out why))
        {
            return false;
        }

        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines.Any(line => line.Length < Shortest))
        {
            why = $"a line of {path} has under {Shortest} characters, and each is a key; make them with 'openssl rand -hex 32'";
            return false;
        }

        keys = [.. lines.Select(Encoding.UTF8.GetBytes)];
        return true;
    }
}
