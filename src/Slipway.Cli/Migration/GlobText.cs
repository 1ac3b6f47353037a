using System.Text;

namespace Slipway.Cli.Migration;

/// <summary>A shell pattern as a regular expression from end to end: <c>*</c>, <c>?</c> and <c>[…]</c>, as Go's path.Match and the glob libraries of the peers read them.</summary>
internal static class GlobText
{
    public static string ToRegex(string glob)
    {
        var regex = new StringBuilder("^");
        for (var at = 0; at < glob.Length; at++)
        {
            var close = glob[at] == '[' ? glob.IndexOf(']', at + 1) : -1;
            if (close > at)
            {
                regex.Append('[').Append(glob[at + 1] == '!' ? "^" + glob[(at + 2)..close] : glob[(at + 1)..close]).Append(']');
                at = close;
                continue;
            }

            regex.Append(glob[at] switch { '*' => ".*", '?' => ".", '.' or '+' or '(' or ')' or '[' or ']' or '{' or '}' or '^' or '$' or '|' or '\\' => $"\\{glob[at]}", var letter => $"{letter}" });
        }

        return regex.Append('$').ToString();
    }
}
