namespace Slipway.Api;

/// <summary>One field of a spec that cannot be read. It is a condition on one Delivery and waits for an edit; nothing retries it.</summary>
/// <param name="Field">The path as a user would look for it: <c>spec.source.follow.semver.range</c>.</param>
/// <param name="Message">The reason and the way out, in a sentence without the field's name.</param>
public sealed record SpecProblem(string Field, string Message)
{
    public override string ToString() => $"{Field}: {Message}";
}
