using System.Text.RegularExpressions;

namespace Slipway.Webhooks.Receivers;

/// <summary>A pattern over the whole of a name: <c>*</c> is anything within one part between slashes, <c>**</c> anything. It takes time linear in the name.</summary>
public sealed class NameGlob(string text) : IEquatable<NameGlob>
{
    private readonly Regex _pattern = new(
        $@"\A{Regex.Escape(text).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>False for null.</summary>
    public bool Matches(string? name) => name is not null && _pattern.IsMatch(name);

    public bool Equals(NameGlob? other) => other is not null && other.ToString() == text;

    public override bool Equals(object? obj) => Equals(obj as NameGlob);

    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;
}
