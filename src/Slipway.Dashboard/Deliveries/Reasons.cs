using System.Text;

namespace Slipway.Dashboard.Deliveries;

/// <summary>Reasons as people read them.</summary>
public static class Reasons
{
    /// <summary><c>AwaitingApproval</c> becomes <c>Awaiting approval</c>.</summary>
    public static string Spaced(string reason)
    {
        var text = new StringBuilder(reason.Length + 4);
        foreach (var (index, letter) in reason.Index())
        {
            // A run of capitals is a word of its own, such as OCI.
            var begins = index > 0 && char.IsUpper(letter) && (!char.IsUpper(reason[index - 1]) || (index + 1 < reason.Length && char.IsLower(reason[index + 1])));
            text.Append(begins ? " " : "").Append(begins && index + 1 < reason.Length && char.IsLower(reason[index + 1]) ? char.ToLowerInvariant(letter) : letter);
        }

        return text.ToString();
    }
}
