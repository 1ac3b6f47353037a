using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Tags;
using Slipway.Explanations;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway tags add|move|remove</c></summary>
internal static class TagWriteVerbs
{
    private const int MostLookedAt = 500;

    private const string AddLesson =
        """
        The manifest is put again, byte for byte, so that the digest stays. A tag that is on another image is
        left alone and is an error: 'slipway tags move' takes it. Nothing is pulled or pushed.

        Examples:
          slipway tags add ghcr.io/acme/shop 1.5.0 1.5 stable
          slipway tags add ghcr.io/acme/shop sha256:4f1c...e2 1.5.0
        """;

    private const string MoveLesson =
        """
        A deployment is a tag that is moved: a Delivery that follows the tag ships what it is on. The
        manifest is put again, byte for byte, so that the digest stays, and the tag is looked at afterwards.
        With --wait, and with it only, a cluster is asked; it needs the right to get and watch Deliveries.

        Examples:
          slipway tags move ghcr.io/acme/shop 1.5.0 prod
          slipway tags move ghcr.io/acme/shop 1.5.0 prod --from sha256:9b2d...07
          slipway tags move ghcr.io/acme/shop 1.5.0 prod --wait shop -n prod --timeout 15m
          echo "$TOKEN" | slipway tags move ghcr.io/acme/shop 1.5.0 prod --username ci --password-stdin
        """;

    private const string RemoveLesson =
        """
        Not every registry removes single tags, and many have deletion switched off; then exit code 7, and
        the message says what to do there. --digest removes an image with all tags that are on it.

        Examples:
          slipway tags remove ghcr.io/acme/shop pr-311
          slipway tags remove ghcr.io/acme/shop --digest sha256:4f1c...e2
        """;

    public static Command Add(Surroundings surroundings) =>
        Put(surroundings, new Verb("add", "Put further tags on an image that has one.", AddLesson), moves: false);

    public static Command Move(Surroundings surroundings) =>
        Put(surroundings, new Verb("move", "Move tags to another image, or make them.", MoveLesson), moves: true);

    private static Verb Put(Surroundings surroundings, Verb command, bool moves)
    {
        var registry = new RegistryFlags(command);
        var source = TagArguments.Reference("image", "the image: a tag that is on it, or its digest");
        var tags = TagArguments.Tags("the tags that it gets");
        var from = TagArguments.Digest("--from", "only if the tag is on this image now");
        command.Add(source);
        command.Add(tags);
        if (moves)
        {
            command.Add(from);
        }

        var wait = new ArrivalWait(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var manifest = default(Registry.StoredManifest)!;
            using (var session = await registry.OpenAsync(parse, surroundings, cancellationToken))
            {
                manifest = await session.ReadAsync(parse.GetValue(source)!, cancellationToken);
                foreach (var tag in parse.GetValue(tags)!.Distinct(StringComparer.Ordinal))
                {
                    var before = await session.FindAsync(tag, cancellationToken);
                    Allow(session, tag, before, manifest.Digest, moves, moves ? parse.GetValue(from) : null);
                    if (before == manifest.Digest)
                    {
                        surroundings.Out.WriteLine($"{session.Repository}:{tag} is on {manifest.Digest} already");
                        continue;
                    }

                    await session.PutAsync(tag, manifest, cancellationToken);
                    surroundings.Out.WriteLine($"{session.Repository}:{tag} is on {manifest.Digest}{(before is null ? "" : $", was on {Words.ShortDigest(before)}")}");
                }
            }

            await wait.StayAsync(parse, surroundings, manifest.Digest, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Allow(TagSession session, string tag, string? before, string after, bool moves, string? from)
    {
        // Done already is done, whoever did it: CI repeats its steps.
        if (before == after)
        {
            return;
        }

        if (!moves && before is not null)
        {
            throw new VerbException(ExitCode.Failed, $"{session.Repository}:{tag} is on {before} already; 'slipway tags move' takes it from there");
        }

        if (from is not null && before != from)
        {
            throw new VerbException(
                ExitCode.Failed,
                $"{session.Repository}:{tag} {(before is null ? "does not exist" : $"is on {before}")} and not on {from}, from where it was to be moved; somebody was faster: look at it again");
        }
    }

    // For the log of the job, where somebody will look for it. Beyond so many the question costs more than its answer is worth.
    private static async Task<string> CompanyAsync(TagSession session, string image, CancellationToken cancellationToken)
    {
        var tags = await session.ListAsync(cancellationToken);
        var digests = await session.DigestsAsync(TagTable.InOrder(tags).Take(MostLookedAt), cancellationToken);
        var found = digests.Where(pair => pair.Value == image).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToArray();
        var rest = tags.Count > MostLookedAt ? $", and perhaps some of {tags.Count - MostLookedAt} tags that were not looked at" : "";
        return (found.Length == 0 ? "none" : string.Join(", ", found)) + rest;
    }

    public static Command Remove(Surroundings surroundings)
    {
        var command = new Verb("remove", "Remove tags, or an image with all of its tags.", RemoveLesson);
        var registry = new RegistryFlags(command);
        var tags = TagArguments.Tags("the tags to remove");
        tags.Arity = ArgumentArity.ZeroOrMore;
        var digest = TagArguments.Digest("--digest", "remove this image, and all tags that are on it");
        command.Add(tags);
        command.Add(digest);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (names, image) = (parse.GetValue(tags) ?? [], parse.GetValue(digest));
            if (names.Length == 0 == image is null)
            {
                throw new VerbException(ExitCode.Usage, "name either tags or --digest: what is to be removed?");
            }

            using var session = await registry.OpenAsync(parse, surroundings, cancellationToken);
            if (image is not null)
            {
                surroundings.Error.WriteLine($"slipway: every tag that is on {Words.ShortDigest(image)} goes with it: {await CompanyAsync(session, image, cancellationToken)}");
                await session.RemoveAsync(image, cancellationToken);
                surroundings.Out.WriteLine($"{session.Repository}@{image} is removed");
                return ExitCode.Ok;
            }

            foreach (var tag in names)
            {
                await session.RemoveAsync(tag, cancellationToken);
                surroundings.Out.WriteLine($"{session.Repository}:{tag} is removed");
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
