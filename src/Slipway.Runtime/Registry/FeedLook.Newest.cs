using System.Diagnostics;
using Slipway.Policies;
using Slipway.Sources;

namespace Slipway.Registry;

// The newest build: what no list of tags tells has to be asked for, tag by tag, and nothing is picked before all of it is known.
internal sealed partial class FeedLook
{
    /// <summary>Tags whose build time is read in one look; the next look goes on at once, and in between the other subscribers are answered.</summary>
    private const int MaxBuildsRead = 100;

    /// <summary>Tags that a thorough look asks for again: one that moved is most likely among the newest.</summary>
    private const int MaxBuildsAskedAgain = 20;

    /// <summary>Questions under way at once: a registry should not notice a Delivery's first look.</summary>
    private const int AtOnce = 4;

    private int _buildsRead;

    /// <summary>Whether another look at once would bring more.</summary>
    public bool IsUnfinished { get; private set; }

    private async Task<RegistryAnswer<Sighting>> NewestBuildAsync(FollowQuestion.NewestBuild question, FeedSubscription subscription)
    {
        if (!(await TagsAsync(wanted: IsHinted || subscription.Judged is null || subscription.Judged != known)).IsOk(out var list, out var problem))
        {
            return problem;
        }

        if (subscription.Judged != list.Fingerprint || (IsHinted && list.Tags is not null))
        {
            var considered = list.Tags!.Where(question.Considers).ToList();
            if (!(await ReadBuildsAsync(considered)).IsOk(out var unread, out problem))
            {
                return problem;
            }

            if (unread > 0)
            {
                (IsUnfinished, subscription.Judged) = (true, null);
                return new Sighting.Pending($"reading build times: {considered.Count - unread} of {considered.Count} tags");
            }

            memory.Builds.Prune(list.Tags!);
            subscription.Selection = question.Choose(list.Tags!, tag => memory.Builds.Find(tag)?.At);

            // What a list has and nobody can read yet may be the newest: it is asked for again at the next look, without a change of the list.
            subscription.Judged = considered.Exists(tag => memory.Builds.Find(tag) is { IsMissing: true }) ? null : list.Fingerprint;
        }

        return subscription.Selection switch
        {
            Selection.None none => new Sighting.NoMatch(none.Why),
            Selection.Picked picked => (await PickedAsync(picked, subscription)).IsOk(out var sighting, out problem)
                ? sighting is Sighting.Seen seen ? seen with { Built = picked.Built } : sighting
                : problem,
            _ => throw new UnreachableException($"unknown selection {subscription.Selection}"),
        };
    }

    /// <summary>How many are not known yet.</summary>
    private async Task<RegistryAnswer<int>> ReadBuildsAsync(List<string> considered)
    {
        string[] again = !IsHinted ? [] : [.. considered.Where(tag => hinted.Doubts(tag) && !_resolved.ContainsKey(tag)).OrderByDescending(tag => memory.Builds.Find(tag)?.At).Take(MaxBuildsAskedAgain)];
        var unknown = considered.Where(tag => memory.Builds.Find(tag) is null).ToList();
        var missing = considered.Where(tag => memory.Builds.Find(tag) is { IsMissing: true });
        var asked = again.Union(unknown.Concat(missing).Take(Math.Max(0, MaxBuildsRead - _buildsRead))).ToArray();
        _buildsRead += asked.Length;
        foreach (var few in asked.Chunk(AtOnce))
        {
            if (await ReadBuildsAsync(few) is { } problem)
            {
                return problem;
            }
        }

        return unknown.Count(tag => memory.Builds.Find(tag) is null);
    }

    private async Task<RegistryProblem?> ReadBuildsAsync(string[] few)
    {
        var (digests, fault) = (new Dictionary<string, string>(), (RegistryProblem?)null);
        foreach (var (tag, answer) in few.Zip(await Task.WhenAll(few.Select(tag => session.ResolveAsync(tag, cancellationToken)))))
        {
            if (Noted(answer).IsOk(out var digest, out var problem))
            {
                // Whatever else asks for this tag in this look has its answer.
                (_resolved[tag], digests[tag]) = (answer, digest);
            }
            else if (problem.Kind is RegistryProblemKind.TagNotFound)
            {
                memory.Builds.Keep(tag, BuiltAt.Missing);
            }
            else
            {
                fault ??= problem;
            }
        }

        if (fault is not null)
        {
            return fault;
        }

        var asked = digests.Values.Distinct().ToArray();
        var builds = asked.Zip(await Task.WhenAll(asked.Select(digest => session.ReadBuildAsync(digest, cancellationToken)))).ToDictionary();
        foreach (var (tag, digest) in digests)
        {
            if (Noted(builds[digest]).IsOk(out var built, out var problem))
            {
                memory.Builds.Keep(tag, built);
            }
            else
            {
                fault ??= problem;
            }
        }

        return fault;
    }
}
