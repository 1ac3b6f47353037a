namespace Slipway.Registry;

/// <summary>Validators of answers, by which a server tells that nothing has changed since (RFC 9110 §8.8.3, §13.1.2). They are sent back as they came.</summary>
public static class EntityTag
{
    // Of a digest it is 73. What is much longer is something else.
    private const int Longest = 200;

    private const string WeakPrefix = "W/";

    /// <summary>The text where it is a validator that can be sent back; else null.</summary>
    public static string? Of(string? header)
    {
        var opaque = header is not null && header.StartsWith(WeakPrefix, StringComparison.Ordinal) ? header.AsSpan(WeakPrefix.Length) : header;
        return opaque.Length is > 2 and <= Longest && opaque[0] == '"' && opaque[^1] == '"' && !opaque[1..^1].ContainsAnyExceptInRange('!', '~') && !opaque[1..^1].Contains('"')
            ? header
            : null;
    }

    /// <summary>The same, where it stands for the bytes and not only for what they mean.</summary>
    public static string? StrongOf(string? header) => header is not null && header.StartsWith(WeakPrefix, StringComparison.Ordinal) ? null : Of(header);
}
