using System.Text.RegularExpressions;

namespace Slipway.Sandbox.Schema;

/// <summary>The grammars of names ("Object Names and IDs" and "Labels and Selectors" of the Kubernetes documentation).</summary>
internal static partial class Names
{
    public const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    public const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
        + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    public const string LabelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public const string QualifiedNameRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const int MaxLabel = 63;
    private const int MaxSubdomain = 253;

    public static bool IsLabel(string name) => name.Length <= MaxLabel && Label.IsMatch(name);

    public static bool IsSubdomain(string name) => name.Length <= MaxSubdomain && Subdomain.IsMatch(name);

    /// <summary>A name that can be a part of a path; those of roles may be no more than that.</summary>
    public static bool IsPathSegment(string name) =>
        name is not ("" or "." or "..") && !name.Contains('/', StringComparison.Ordinal) && !name.Contains('%', StringComparison.Ordinal);

    public static bool IsLabelValue(string value) => value.Length <= MaxLabel && (value.Length == 0 || Word.IsMatch(value));

    /// <summary>The key of a label or an annotation: a word, perhaps with a domain before it.</summary>
    public static bool IsQualifiedName(string name)
    {
        var parts = name.Split('/');
        return parts.Length <= 2
            && parts[^1].Length <= MaxLabel
            && Word.IsMatch(parts[^1])
            && (parts.Length == 1 || IsSubdomain(parts[0]));
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label { get; }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain { get; }

    [GeneratedRegex("^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$")]
    private static partial Regex Word { get; }
}
