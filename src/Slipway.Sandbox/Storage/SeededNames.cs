using System.Buffers.Binary;

namespace Slipway.Sandbox.Storage;

/// <summary>Uids and generated names, the same ones for the same seed. Not synchronized.</summary>
internal sealed class SeededNames(int seed)
{
    // The alphabet of k8s.io/apimachinery/pkg/util/rand: no vowels and no look-alikes.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private readonly Random _random = new(seed);
    private int _services;

    /// <summary>The next address of 10.96.0.0/16, after those that a cluster has from the start.</summary>
    public string ServiceAddress()
    {
        var number = 255 + _services++;
        return $"10.96.{(number >> 8) & 0xFF}.{number & 0xFF}";
    }

    /// <summary>A uid in the form of a random UUID (RFC 9562, section 5.4).</summary>
    public string Uid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(
            BinaryPrimitives.ReadInt32BigEndian(bytes),
            BinaryPrimitives.ReadInt16BigEndian(bytes[4..]),
            BinaryPrimitives.ReadInt16BigEndian(bytes[6..]),
            bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]).ToString();
    }

    /// <summary>Five characters, as the API server adds them to <c>generateName</c>.</summary>
    public string Suffix() => string.Create(5, _random, static (text, random) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = Alphabet[random.Next(Alphabet.Length)];
        }
    });
}
