using Slipway.Sources;

namespace Slipway.Registry;

// A candidate that has rested while a newer one has not: one HEAD when its time has come, and nothing before.
internal sealed partial class FeedLook
{
    private async Task<RestedView?> RestedAsync(FeedSubscription subscription)
    {
        if (subscription.Request.Rested is not { } asked)
        {
            return null;
        }

        if (!IsHinted && subscription.View.Rested is { Seen: not null } known && known.Digest == asked.Digest)
        {
            return known;
        }

        if (!(await ResolveAsync(asked.Tag)).IsOk(out var digest, out var problem))
        {
            return Gone(asked, problem);
        }

        // Pushed again under the same name: what rested is what nobody means any longer.
        if (digest != asked.Digest)
        {
            return new RestedView(asked.Digest, null);
        }

        return (await FactsAsync(digest, withLabels: false)).IsOk(out var facts, out problem)
            ? new RestedView(digest, new Sighting.Seen(asked.Tag, digest, $"{asked.Tag} has rested", facts.Platforms))
            : Gone(asked, problem);
    }

    private RestedView? Gone(KnownImage asked, RegistryProblem problem)
    {
        var isGone = problem.Kind is RegistryProblemKind.TagNotFound;
        HasProblem |= !isGone;
        return isGone ? new RestedView(asked.Digest, null) : null;
    }
}
