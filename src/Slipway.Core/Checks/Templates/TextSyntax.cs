namespace Slipway.Checks.Templates;

/// <summary>What a text with placeholders is written in: by it values are escaped.</summary>
public enum TextSyntax
{
    /// <summary>PromQL: in a string by its quotes, after <c>=~</c> as a regular expression too, elsewhere only words and numbers.</summary>
    PromQl,

    /// <summary>Percent-encoded (RFC 3986, section 2.1); in the host only letters of host names.</summary>
    Url,

    /// <summary>As the inside of a JSON string (RFC 8259, section 7).</summary>
    Json,

    /// <summary>As it is, on one line: headers, arguments of programs.</summary>
    Plain,
}

/// <summary>A place in a text where a value goes.</summary>
/// <param name="Name">Such as candidate.pods.</param>
/// <param name="Quote">Of PromQL, the quote of the string that it is in; NUL outside of strings.</param>
/// <param name="InPattern">Of PromQL, whether that string is a regular expression.</param>
/// <param name="InHost">Of a URL, whether it is in its authority.</param>
internal readonly record struct Placeholder(string Name, char Quote = '\0', bool InPattern = false, bool InHost = false)
{
    /// <summary>The value is a regular expression by itself.</summary>
    public bool IsPattern => Name.EndsWith(".pods", StringComparison.Ordinal);
}
