using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.History;

/// <summary>
/// A Release is named by its cause: Delivery, number and digest. Creating it again finds the same name, so a crash between the
/// intent and the write can neither lose it nor double it (I29).
/// </summary>
public static class ReleaseName
{
    // A label value, which the name also becomes, has at most 63 characters.
    private const int MaxLength = 63;
    private const int SuffixLength = 8;

    /// <summary>The value of the label that ties a Release to its Delivery: the name, or what fits of it and a hash.</summary>
    public static string LabelFor(string delivery) =>
        delivery.Length <= MaxLength ? delivery : $"{delivery[..(MaxLength - SuffixLength - 1)].TrimEnd('-', '.')}-{Hash(delivery)}";

    public static string For(string delivery, string uid, long number, string digest)
    {
        var cause = string.Create(CultureInfo.InvariantCulture, $"{uid}\n{number}\n{digest}");
        var suffix = Hash(cause);
        var tail = string.Create(CultureInfo.InvariantCulture, $"-{number}-{suffix}");
        var head = delivery.Length + tail.Length <= MaxLength ? delivery : delivery[..(MaxLength - tail.Length)].TrimEnd('-', '.');
        return head + tail;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..SuffixLength];
}
