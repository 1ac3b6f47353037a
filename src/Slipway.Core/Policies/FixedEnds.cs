namespace Slipway.Policies;

/// <summary>
/// Of a pattern such as <c>^v(.*)-alpine$</c>: before and behind its one group stand so many letters, whatever they are. In a text that
/// matches, the group's place follows from the length of the text, and nothing has to be captured.
/// </summary>
internal readonly record struct FixedEnds(int Before, int Behind)
{
    public static FixedEnds? Of(Re2Node pattern)
    {
        if (pattern is not Re2Node.Sequence { Parts: [Re2Node.Assertion { Kind: Re2Assertion.TextStart }, .. var inner, Re2Node.Assertion { Kind: Re2Assertion.TextEnd }] })
        {
            return null;
        }

        var before = 0;
        int? group = null;
        var width = 0;
        foreach (var part in inner)
        {
            if (part is Re2Node.Group { Number: not null } && group is null)
            {
                group = before = width;
                width = 0;
            }
            else if (Width(part) is { } letters)
            {
                width += letters;
            }
            else
            {
                return null;
            }
        }

        return group is null ? null : new FixedEnds(before, width);
    }

    private static int? Width(Re2Node part) => part switch
    {
        Re2Node.Letter => 1,
        Re2Node.Repeat { Inside: Re2Node.Letter } repeat when repeat.Least == repeat.Most => repeat.Least,
        _ => null,
    };
}
