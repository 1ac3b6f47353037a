using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Cli.Tags;
using Slipway.Images;
using Slipway.Policies;
using Slipway.Registry;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway tags</c>: those of its verbs that look.</summary>
internal static class TagsVerb
{
    // Each costs a request. Docker Hub does not count them, others may.
    private const int UsualLimit = 200;

    private const string ListLesson =
        """
        One request for the list, and one for each tag that is shown: nothing is pulled. Versions come
        first, the highest at the top. Signatures and the like are left out.

        Examples:
          slipway tags list ghcr.io/acme/shop
          slipway tags list ghcr.io/acme/shop --filter '^v1\.' --limit 20
          slipway tags list ghcr.io/acme/shop -o json | jq -r '.tags[] | select(.sameAs | index("prod")).tag'
        """;

    private const string GetLesson =
        """
        The platforms are those of the index, the labels and the time those of its first image. The other
        tags are looked for among the first --limit tags, as 'slipway tags list' shows them.

        Examples:
          slipway tags get ghcr.io/acme/shop prod
          slipway tags get ghcr.io/acme/shop 1.5.0 -o json | jq -r .digest
        """;

    public static Command Create(Surroundings surroundings) => new("tags", "Look at the tags of a repository, and move them: for CI, on any registry.")
    {
        List(surroundings),
        Get(surroundings),
        TagWriteVerbs.Add(surroundings),
        TagWriteVerbs.Move(surroundings),
        TagWriteVerbs.Remove(surroundings),
    };

    private static Verb List(Surroundings surroundings)
    {
        var command = new Verb("list", "List tags with their digests, and which of them are the same image.", ListLesson);
        var registry = new RegistryFlags(command);
        var filter = new Option<string?>("--filter") { Description = "only the tags that match (RE2)", HelpName = "pattern" };
        command.Add(filter);
        var limit = Limit(command);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var pattern = Pattern(parse.GetValue(filter));
            using var session = await registry.OpenAsync(parse, surroundings, cancellationToken);
            var found = (await session.ListAsync(cancellationToken)).Where(tag => !TagFilter.IsArtifact(tag) && pattern?.IsMatch(tag) != false).ToArray();
            var shown = Shown(found, parse.GetValue(limit), surroundings, "are not shown");
            var table = new TagTable(session.Repository, shown, await session.DigestsAsync(shown, cancellationToken));
            if (shown.Length == 0 && output.IsTable(parse))
            {
                surroundings.Error.WriteLine($"There are no such tags in {session.Repository}.");
                return ExitCode.Ok;
            }

            output.Print(parse, surroundings, table.ToJson, writer => table.Write(writer, surroundings.Palette));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Verb Get(Surroundings surroundings)
    {
        var command = new Verb("get", "Tell what one tag or digest is: digest, platforms, labels, other tags on it.", GetLesson);
        var registry = new RegistryFlags(command);
        var reference = TagArguments.Reference("tag", "a tag, or a digest");
        command.Add(reference);
        var limit = Limit(command);
        var output = new OutputFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var wanted = parse.GetValue(reference)!;
            using var session = await registry.OpenAsync(parse, surroundings, cancellationToken);
            var manifest = await session.ReadAsync(wanted, cancellationToken);
            var (platforms, origin) = await OriginAsync(session, manifest, cancellationToken);
            var tags = (await session.ListAsync(cancellationToken)).Where(tag => tag != wanted && !TagFilter.IsArtifact(tag)).ToArray();
            var looked = Shown(tags, parse.GetValue(limit), surroundings, "were not compared");
            var digests = await session.DigestsAsync(looked, cancellationToken);
            var card = new ImageCard(session.Repository, wanted, manifest, platforms, origin, [.. looked.Where(tag => digests.GetValueOrDefault(tag) == manifest.Digest)]);
            output.Print(parse, surroundings, card.ToJson, card.Write);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<(PlatformSet Platforms, ImageOrigin Origin)> OriginAsync(TagSession session, StoredManifest manifest, CancellationToken cancellationToken)
    {
        switch (ImageManifest.TryParse(manifest.Bytes, out _))
        {
            case ImageManifest.OnePlatform image:
                var config = await session.BlobAsync(image.ConfigDigest, cancellationToken);
                return (new PlatformSet(ImageConfig.TryParse(config)?.Platform is { } platform ? [platform] : []), ImageOrigin.Of(config));

            case ImageManifest.Index { Images: [var first, ..] } index:
                var (_, origin) = await OriginAsync(session, await session.ReadAsync(first, cancellationToken), cancellationToken);
                return (index.Platforms, origin);

            default:
                return (PlatformSet.Unknown, ImageOrigin.Unknown);
        }
    }

    private static Option<int> Limit(Command command)
    {
        var limit = new Option<int>("--limit") { Description = "at most so many tags are looked at", HelpName = "number", DefaultValueFactory = _ => UsualLimit };
        limit.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--limit: write a number from 1 on");
            }
        });
        command.Add(limit);
        return limit;
    }

    private static string[] Shown(string[] tags, int limit, Surroundings surroundings, string fate)
    {
        if (tags.Length > limit)
        {
            surroundings.Error.WriteLine($"slipway: {tags.Length - limit} of {tags.Length} tags {fate}; narrow them with --filter, or raise --limit");
        }

        return [.. TagTable.InOrder(tags).Take(limit)];
    }

    private static TagPattern? Pattern(string? text) =>
        text is null ? null : TagPattern.TryParse(text, out var pattern, out var error) ? pattern : throw new VerbException(ExitCode.Usage, $"--filter: {error}");
}
