using Slipway.Api;

namespace Slipway.Cli.Migration;

/// <summary>"Whatever was built last", which peers have under several names.</summary>
internal static class NewestBuild
{
    /// <param name="tag">What the manifest runs.</param>
    public static void Choose(Draft draft, string field, string value, string tag)
    {
        draft.Source = draft.Source with { Follow = new Follow { Tag = new TagPolicy(tag) } };
        draft.Note(field, value, $"whatever was built last is not followed; the tag {tag} is, which the manifest names", "let CI move that tag: 'slipway tags move'");
    }
}
