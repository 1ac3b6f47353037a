using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Checks;

/// <summary>
/// The name of what a measurement leaves in the cluster, such as its Job. It is a function of what the measurement is: made again it finds the
/// same object, and another measurement never does (I29).
/// </summary>
public static class MeasurementName
{
    /// <summary>The longest that a Job may have, whose name becomes a label of its pods (RFC 1123, label).</summary>
    public const int Longest = 63;

    private const int HashLetters = 16;

    /// <summary>All that tells it from other measurements.</summary>
    public static string Identity(MeasureWish wish) => string.Create(
        CultureInfo.InvariantCulture, $"{wish.Context.Uid}/{wish.Context.Release}/{wish.Context.Digest}/{wish.Step}/{wish.Plan.Name}/{wish.Ordinal}");

    public static string Of(MeasureWish wish) => Of(wish.Context.Delivery, wish.Plan.Name, wish.Ordinal, Identity(wish));

    /// <summary>Readable as far as there is room, and then told apart by 64 bits of a hash of <paramref name="identity"/>.</summary>
    public static string Of(string delivery, string check, int ordinal, string identity)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..HashLetters];
        var words = string.Create(CultureInfo.InvariantCulture, $"{delivery}-{check}-{ordinal}").Replace('.', '-');
        var room = Longest - HashLetters - 1;
        return $"{(words.Length > room ? words[..room] : words).TrimEnd('-')}-{hash}";
    }
}
