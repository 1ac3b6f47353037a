namespace Slipway.Tests.Tidy;

/// <summary>
/// A rule with the offences that were there when it came. A new one fails, and so does one on the list that is mended: the list only shrinks.
/// </summary>
internal static class Ratchet
{
    /// <param name="advice">What to do instead.</param>
    public static void Check(string advice, IEnumerable<string> offences, params string[] known)
    {
        var found = offences.Distinct().Order(StringComparer.Ordinal).ToArray();
        var added = found.Except(known).ToArray();
        Assert.True(added.Length == 0, $"{advice}:\n  {string.Join("\n  ", added)}");
        var mended = known.Except(found).ToArray();
        Assert.True(mended.Length == 0, $"mended, so take them off the list of this test:\n  {string.Join("\n  ", mended)}");
    }
}
