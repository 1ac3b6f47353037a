using System.Security.Cryptography;
using System.Text;

namespace Slipway.Controller.Sessions;

/// <summary>What the browser keeps, sealed, while it is at the issuer. A login that another browser has begun is thereby none of this one's.</summary>
/// <param name="State">Comes back in the URL (RFC 6749, section 10.12).</param>
/// <param name="Nonce">Comes back in the token (OpenID Connect Core, section 3.1.2.1).</param>
/// <param name="Verifier">Of which the issuer was shown the digest (RFC 7636).</param>
/// <param name="Return">A path of ours.</param>
internal sealed record PendingLogin(string State, string Nonce, string Verifier, string Return, DateTimeOffset Until)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const int LongestReturn = 1024;

    public string Challenge => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static PendingLogin Begin(string returnTo, DateTimeOffset now) => new(Draw(), Draw(), Draw(), returnTo, now + Life);

    /// <summary>Whether this is a place within this address, whatever browsers make of it: they take a backslash for a slash, and two of them for another host.</summary>
    public static bool IsOurs(string path) =>
        path is ['/', ..] and not ['/', '/', ..] && path.Length <= LongestReturn && path.All(letter => letter is > ' ' and < '\u007f' and not '\\')
        && !path.StartsWith("/login", StringComparison.OrdinalIgnoreCase);

    public bool Matches(string state) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(State), Encoding.UTF8.GetBytes(state));

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Join('\n', State, Nonce, Verifier, Return, $"{Until.ToUnixTimeSeconds()}"));

    public static PendingLogin? From(byte[] bytes) => Encoding.ASCII.GetString(bytes).Split('\n') is [var state, var nonce, var verifier, var place, var until]
        ? new PendingLogin(state, nonce, verifier, place, DateTimeOffset.FromUnixTimeSeconds(long.Parse(until, System.Globalization.CultureInfo.InvariantCulture)))
        : null;

    public override string ToString() => "a login";

    private static string Draw() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
