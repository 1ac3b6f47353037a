using System.Diagnostics;
using Slipway.Policies;
using Slipway.Sources;

namespace Slipway.Registry;

/// <summary>What a feed keeps between two looks: the digests of the tags that are picked or run now, and nothing of the others.</summary>
/// <param name="builds">Where build times outlive the process; null: nowhere.</param>
internal sealed class FeedMemory(BuildFile? builds = null)
{
    /// <summary>Version tags are taken not to move: pushed again, they are noticed at a hint or on request, not while polling.</summary>
    public Dictionary<string, string> Digests { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Where the moving tags were that somebody follows, with what the server gave to tell that they are there still.</summary>
    public Dictionary<string, TagTarget> Moving { get; } = new(StringComparer.Ordinal);

    /// <summary>Of all tags, while a policy goes by that.</summary>
    public TagBuilds Builds { get; } = new(builds);
}

/// <summary>
/// One look at a repository on behalf of all its subscribers. What several of them need is asked once: an answer, also a bad one, is for
/// the whole look, and after a problem of the host nothing more is sent.
/// </summary>
/// <param name="known">The list that all subscribers have judged already; null where one has not.</param>
/// <param name="hinted">What may have changed: the digests of these tags are asked for again.</param>
internal sealed partial class FeedLook(RepositorySession session, FeedMemory memory, TagFingerprint? known, HintedTags hinted, CancellationToken cancellationToken)
{
    /// <summary>Questions after the version on a digest; then it is called by its label or by the moving tag.</summary>
    private const int MaxVersionQuestions = 50;

    private readonly Dictionary<string, RegistryAnswer<string>> _resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Digest, bool WithLabels), RegistryAnswer<ImageFacts>> _facts = [];

    // Tags that are on another digest than they were, as far as this was looked at.
    private readonly HashSet<string> _moved = new(StringComparer.Ordinal);
    private RegistryAnswer<TagList>? _tags;

    private bool IsHinted => !hinted.IsEmpty;

    /// <summary>Why the host as a whole could not be asked; the rest of the look was cut short by it.</summary>
    public RegistryProblem? HostProblem { get; private set; }

    /// <summary>Whether any subscriber was told of a problem.</summary>
    public bool HasProblem { get; private set; }

    /// <summary>What the hints spoke of and this look did not see: a registry may tell of a push before it can be read.</summary>
    public HintedTags Unseen { get; private set; } = hinted.Anything ? HintedTags.Something : HintedTags.None;

    public async Task<SourceView> AnswerAsync(FeedSubscription subscription)
    {
        var answer = subscription.Request.Question switch
        {
            FollowQuestion.AmongTags question => await AmongTagsAsync(question, subscription),
            FollowQuestion.NewestBuild question => await NewestBuildAsync(question, subscription),
            FollowQuestion.MovingTag question => await MovingTagAsync(question, subscription),
            _ => throw new UnreachableException($"unknown question {subscription.Request.Question}"),
        };
        var running = await RunningDigestAsync(subscription.Request);
        Unseen = hinted.Tags.Where(tag => !HasSeen(tag, subscription)).Aggregate(Unseen, (unseen, tag) => unseen.And(tag));
        var rested = await RestedAsync(subscription);
        if (answer.IsOk(out var sighting, out var problem))
        {
            subscription.LastSeen = sighting as Sighting.Seen ?? subscription.LastSeen;
            return new SourceView(sighting, running) { Rested = rested };
        }

        HasProblem = true;

        // The words of the request that failed are better than those of the requests that were not sent after it; and words that change
        // to and fro would be writes of status.
        return problem.Spared && subscription.View.Sighting is Sighting.Problem told && told.Reason == problem.Kind.ToString()
            ? new SourceView(told, running) { Rested = rested }
            : new SourceView(new Sighting.Problem(problem.Kind.ToString(), problem.Message), running) { Rested = rested };
    }

    /// <summary>Keeps what was learnt, and forgets what is known of tags that nobody picks or follows any longer.</summary>
    public void Remember()
    {
        memory.Builds.Save();
        if (!HasProblem)
        {
            memory.Digests = _used;
            foreach (var tag in memory.Moving.Keys.Where(tag => !_resolved.ContainsKey(tag)).ToList())
            {
                memory.Moving.Remove(tag);
            }
        }
    }

    private async Task<RegistryAnswer<Sighting>> AmongTagsAsync(FollowQuestion.AmongTags question, FeedSubscription subscription)
    {
        // Whether a tag of which a hint spoke is there yet is seen in the list alone.
        if (!(await TagsAsync(wanted: subscription.Judged is null || subscription.Judged != known || !hinted.Tags.IsEmpty)).IsOk(out var list, out var problem))
        {
            return problem;
        }

        if (subscription.Judged != list.Fingerprint)
        {
            subscription.Selection = question.Choose(list.Tags!);
            subscription.Judged = list.Fingerprint;
        }

        return subscription.Selection switch
        {
            Selection.None none => new Sighting.NoMatch(none.Why),
            Selection.Picked picked => await PickedAsync(picked, subscription),
            _ => throw new UnreachableException($"unknown selection {subscription.Selection}"),
        };
    }

    private async Task<RegistryAnswer<Sighting>> PickedAsync(Selection.Picked picked, FeedSubscription subscription)
    {
        if (!(await DigestOfAsync(picked.Tag, subscription.Request.Known, withFacts: true)).IsOk(out var digest, out var problem))
        {
            return problem;
        }

        if (subscription.LastSeen is { } last && last.Tag == picked.Tag && last.Digest == digest)
        {
            return last with { Why = picked.Why };
        }

        if (subscription.Request.Known == new KnownImage(picked.Tag, digest))
        {
            return new Sighting.Seen(picked.Tag, digest, picked.Why, Images.PlatformSet.Unknown);
        }

        return (await FactsAsync(digest, withLabels: false)).IsOk(out var facts, out problem)
            ? new Sighting.Seen(picked.Tag, digest, picked.Why, facts.Platforms)
            : problem;
    }

    private async Task<RegistryAnswer<Sighting>> MovingTagAsync(FollowQuestion.MovingTag question, FeedSubscription subscription)
    {
        // Where nothing is known, the image is wanted whatever the digest is; else a HEAD tells whether it is.
        var known = subscription.LastSeen?.Digest ?? subscription.Request.Known?.Digest;
        if (!(await (known is null ? ReadTagAsync(question.Name, withLabels: true) : ResolveAsync(question.Name, isFollowed: true))).IsOk(out var digest, out var problem))
        {
            return problem;
        }

        Compare(question.Name, known, digest);

        // A version tag that comes after the moving tag is noticed at the hint of its own push.
        if (subscription.LastSeen is { } last && last.Digest == digest && (subscription.HasVersion || hinted.IsEmpty))
        {
            return last;
        }

        if (subscription.LastSeen is null && hinted.IsEmpty && subscription.Request.Known is { } deployed && deployed.Digest == digest)
        {
            subscription.HasVersion = deployed.Tag != question.Name;
            return new Sighting.Seen(deployed.Tag, digest, $"{question.Name} is on the image that runs", Images.PlatformSet.Unknown);
        }

        if (!(await FactsAsync(digest, withLabels: true)).IsOk(out var facts, out problem)
            || !(await VersionAsync(question, digest, facts.Labels)).IsOk(out var version, out problem))
        {
            return problem;
        }

        subscription.HasVersion = version.Tag is not null;
        var label = new[] { facts.Labels.Version, facts.Labels.Revision }.FirstOrDefault(text => Images.ReferenceGrammar.IsTag(text));
        return (version.Tag, label) switch
        {
            ({ } tag, _) => new Sighting.Seen(tag, digest, $"{question.Name} is on the same image as {tag}", facts.Platforms),
            (null, { } text) => new Sighting.Seen(text, digest, $"{question.Name} is on an image that calls itself {text}", facts.Platforms),
            _ => new Sighting.Seen(question.Name, digest, $"{question.Name} is on an image that has no other name", facts.Platforms),
        };
    }

    private async Task<RegistryAnswer<VersionTag>> VersionAsync(FollowQuestion.MovingTag question, string digest, ImageLabels labels)
    {
        if (question.Candidates is null)
        {
            return new VersionTag(null);
        }

        if (!(await TagsAsync(wanted: true)).IsOk(out var list, out var problem))
        {
            return problem;
        }

        foreach (var tag in VersionTagOrder.LikelyFirst(question.Candidates(list.Tags!), labels).Take(MaxVersionQuestions))
        {
            var answer = await ResolveAsync(tag);
            if (answer.IsOk(out var found, out problem) && found == digest)
            {
                return new VersionTag(tag);
            }

            // A tag may well be deleted while a list is gone through.
            if (problem is { Kind: not RegistryProblemKind.TagNotFound })
            {
                return problem;
            }
        }

        return new VersionTag(null);
    }

    private async Task<string?> RunningDigestAsync(FeedRequest request)
    {
        if (request.RunningTag is not { } tag)
        {
            return null;
        }

        // A tag that is gone is no problem of the Delivery's: what runs then simply has no digest that could be known.
        var answer = _resolved.TryGetValue(tag, out var fresh) ? fresh : await DigestOfAsync(tag, request.Known, withFacts: false);
        return answer.IsOk(out var digest, out _) ? digest : null;
    }

    // Asked for with its image, where that is wanted and neither is known: one request, not two.
    private async Task<RegistryAnswer<string>> DigestOfAsync(string tag, KnownImage? deployed, bool withFacts)
    {
        var remembered = memory.Digests.GetValueOrDefault(tag) ?? (deployed?.Tag == tag ? deployed.Digest : null);
        var answer = remembered is not null && !hinted.Doubts(tag) ? remembered
            : remembered is null && withFacts ? await ReadTagAsync(tag, withLabels: false)
            : await ResolveAsync(tag);
        if (answer.IsOk(out var digest, out _))
        {
            Compare(tag, remembered, digest);
            _used[tag] = digest;
            memory.Digests[tag] = digest;
        }

        return answer;
    }

    private void Compare(string tag, string? before, string now)
    {
        if (before != now)
        {
            _moved.Add(tag);
        }
    }

    // The tag is there as the hint said; and where it is one that we hold, it is on another image than it was.
    private bool HasSeen(string tag, FeedSubscription subscription) => !subscription.Request.Question.Concerns(tag) || subscription.Request.Question switch
    {
        FollowQuestion.MovingTag question when tag == question.Name => _moved.Contains(tag),
        FollowQuestion.MovingTag => subscription.HasVersion || IsListed(tag),
        _ => IsListed(tag) && ((subscription.Selection as Selection.Picked)?.Tag != tag || _moved.Contains(tag)),
    };

    private bool IsListed(string tag) => _tags is RegistryAnswer<TagList>.Ok { Value.Tags: { } tags } && tags.Contains(tag);

    private async Task<RegistryAnswer<TagList>> TagsAsync(bool wanted)
    {
        if (_tags is null || (wanted && _tags is RegistryAnswer<TagList>.Ok { Value.Tags: null }))
        {
            _tags = HostProblem ?? Noted(await session.ListTagsAsync(wanted ? null : known, cancellationToken));
        }

        return _tags;
    }

    private async Task<RegistryAnswer<string>> ResolveAsync(string tag, bool isFollowed = false)
    {
        if (_resolved.TryGetValue(tag, out var known) || HostProblem is not null)
        {
            return known ?? HostProblem!;
        }

        var answer = Noted(await session.ResolveAsync(tag, isFollowed ? memory.Moving.GetValueOrDefault(tag) : null, cancellationToken));
        if (answer.IsOk(out var target, out var problem) && isFollowed && target.Validator is not null)
        {
            memory.Moving[tag] = target;
        }

        return _resolved[tag] = problem is null ? target!.Digest : problem;
    }

    private async Task<RegistryAnswer<string>> ReadTagAsync(string tag, bool withLabels)
    {
        if (_resolved.TryGetValue(tag, out var known) || HostProblem is not null)
        {
            return known ?? HostProblem!;
        }

        var answer = Noted(await session.ReadTagAsync(tag, withLabels, cancellationToken));
        if (answer.IsOk(out var image, out var problem))
        {
            _facts[(image.Digest, withLabels)] = Noted(image.Facts);
        }

        return _resolved[tag] = problem is null ? image!.Digest : problem;
    }

    private async Task<RegistryAnswer<ImageFacts>> FactsAsync(string digest, bool withLabels)
    {
        if (!_facts.TryGetValue((digest, withLabels), out var answer))
        {
            answer = HostProblem ?? Noted(await session.ReadFactsAsync(digest, withLabels, cancellationToken));
            _facts[(digest, withLabels)] = answer;
        }

        return answer;
    }

    private RegistryAnswer<T> Noted<T>(RegistryAnswer<T> answer)
    {
        HostProblem ??= answer is RegistryAnswer<T>.Failed { Problem: { ConcernsHost: true } problem } ? problem : null;
        return answer;
    }

    /// <param name="Tag">Null where no tag is on the digest.</param>
    private readonly record struct VersionTag(string? Tag);
}
