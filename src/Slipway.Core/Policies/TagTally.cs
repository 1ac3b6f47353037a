using Slipway.Images;

namespace Slipway.Policies;

/// <summary>What became of the tags of a list, for the sentence that explains a pick. Every tag is counted once.</summary>
internal sealed class TagTally(int total)
{
    public int Total { get; } = total;

    public int Malformed { get; set; }

    public int Artifacts { get; set; }

    public int Unmatched { get; set; }

    public int Excluded { get; set; }

    /// <summary>Kept by the filter, and no key of the rule.</summary>
    public int Unread { get; set; }

    public string? FirstUnread { get; set; }

    /// <summary>A key of the rule that the rule does not take: a version that is not in the range.</summary>
    public int Outside { get; set; }

    public int Eligible { get; set; }

    public void Drop(TagVerdict verdict)
    {
        Malformed += verdict == TagVerdict.Malformed ? 1 : 0;
        Artifacts += verdict == TagVerdict.Artifact ? 1 : 0;
        Unmatched += verdict == TagVerdict.Unmatched ? 1 : 0;
        Excluded += verdict == TagVerdict.Excluded ? 1 : 0;
    }

    public void DropUnread(string tag)
    {
        FirstUnread ??= tag;
        Unread++;
    }

    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    /// <summary>Behind the pick; empty when there are no others.</summary>
    public string Others => OthersBut(0);

    /// <param name="told">How many of the others have a sentence of their own.</param>
    public string OthersBut(int told) => (Total - Eligible - told) switch
    {
        0 => "",
        1 => "; 1 other does not match",
        var others => $"; {others} others do not match",
    };

    /// <summary>That there is nothing, and where the tags went.</summary>
    /// <param name="wanted">What none of them is: <c>in &gt;=1.4</c>, <c>a number</c>.</param>
    /// <param name="noun">What those without a key are not: <c>version</c>.</param>
    /// <param name="closest">Said first, where there is anything near.</param>
    public string Nothing(string wanted, string noun, TagFilter filter, string? closest = null)
    {
        if (Total == 0)
        {
            return "the repository has no tags";
        }

        string[] parts =
        [
            closest ?? "",
            Part(Unmatched, $"does not match the filter {UntrustedText.Quote(filter.Pattern?.Text)}", $"do not match the filter {UntrustedText.Quote(filter.Pattern?.Text)}"),
            Part(Excluded, "is excluded", "are excluded"),
            Part(Unread, $"is no {noun}", $"are no {noun}s"),
            Part(Artifacts, "is a signature or the like", "are signatures and the like"),
            Part(Malformed, "is no tag", "are no tags"),
        ];
        return $"none of {Count(Total, "tag")} is {wanted}: {string.Join("; ", parts.Where(part => part.Length > 0))}";
    }

    private static string Part(int number, string one, string many) => number switch
    {
        0 => "",
        1 => $"1 {one}",
        _ => $"{number} {many}",
    };
}
