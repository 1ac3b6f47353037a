using System.Buffers.Binary;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Slipway.Controller.Sessions;

/// <summary>What a browser's cookie holds: the token of the cluster as whose owner it asks, and the end.</summary>
internal sealed record BrowserSession(string Token, DateTimeOffset Until)
{
    /// <summary>Of a token that does not tell its end: about a working day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private const int TimeBytes = sizeof(long);

    private static readonly JsonWebTokenHandler Handler = new();

    /// <summary>It ends with its token. Who says so may be a forger, but the cluster is asked about each use, and an end can only be earlier than that.</summary>
    public static BrowserSession Of(string token, DateTimeOffset now)
    {
        var latest = now + Longest;
        return new BrowserSession(token, EndOf(token) is { } end && end < latest ? end : latest);
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[TimeBytes + Encoding.UTF8.GetByteCount(Token)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Until.ToUnixTimeSeconds());
        Encoding.UTF8.GetBytes(Token, bytes.AsSpan(TimeBytes));
        return bytes;
    }

    public static BrowserSession? From(byte[] bytes) => bytes.Length <= TimeBytes ? null
        : new BrowserSession(Encoding.UTF8.GetString(bytes.AsSpan(TimeBytes)), DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes)));

    // Not its token.
    public override string ToString() => $"a session until {Until:u}";

    private static DateTimeOffset? EndOf(string token)
    {
        if (token.AsSpan().Count('.') is not 2 || !Handler.CanReadToken(token))
        {
            return null;
        }

        try
        {
            var end = Handler.ReadJsonWebToken(token).ValidTo;
            return end == DateTime.MinValue ? null : new DateTimeOffset(end, TimeSpan.Zero);
        }
        catch (ArgumentException)
        {
            // Three parts with dots between, and no JWT: some other issuer's opaque token.
            return null;
        }
    }
}
