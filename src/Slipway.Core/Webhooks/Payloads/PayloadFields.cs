using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>Reads fields of a body that may have any shape: what is not there, or of another kind, or too long, is null.</summary>
internal static class PayloadFields
{
    // Longer than any host, path, tag or digest.
    private const int MaxText = 512;

    /// <summary>What stands at the end of the path; null where it ends before, and for a JSON null.</summary>
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind is JsonValueKind.Null ? null : element;
    }

    /// <summary>Never empty.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= MaxText } text ? text : null;
}

/// <summary>Makes hints of names that a stranger wrote.</summary>
internal static class HintText
{
    /// <summary>Of a list in a body; a registry batches far fewer. A longer one is refused whole, so that nobody believes it was read.</summary>
    public const int MaxEvents = 512;

    private const int LongestDigest = 256;

    /// <summary>Null, with the reason, where host and path name no repository.</summary>
    /// <param name="host">As images are named: <c>ghcr.io</c>, <c>registry:5000</c>. A bare word such as <c>registry</c> is no host to the grammar of images.</param>
    public static RegistryHint? TryMake(string? host, string? path, string? tag, string? digest, out string why)
    {
        why = host is null ? "it does not say which registry it is of"
            : path is null ? "it does not say which repository it is of"
            : "";
        if (why.Length > 0)
        {
            return null;
        }

        // What is taken for a path on Docker Hub has grown by "library/": then the host was none.
        if (!RepositoryName.TryParse($"{host}/{path}", out var repository, out why) || repository.Path.Length > path!.Length)
        {
            why = why.Length > 0 ? why : $"{UntrustedText.Quote(host)} is no registry's host as images name it; it needs a dot or a port";
            return null;
        }

        return new RegistryHint(repository, Tag(tag), Digest(digest));
    }

    /// <summary>One event, which must name its image.</summary>
    public static PayloadReading One(string? host, string? path, string? tag, string? digest) =>
        Tag(tag) is null && Digest(digest) is null ? new PayloadReading.Refused("it names no tag")
        : TryMake(host, path, tag, digest, out var why) is { } hint ? Of(hint)
        : new PayloadReading.Refused(why);

    public static PayloadReading Of(params ImmutableArray<RegistryHint> hints) => new PayloadReading.Hints([.. hints.Distinct()]);

    /// <summary>What of a list can be read; the first reason, where nothing can.</summary>
    public static PayloadReading OfAll(IEnumerable<PayloadReading> readings, string empty)
    {
        var all = readings.ToList();
        var hints = all.OfType<PayloadReading.Hints>().SelectMany(reading => reading.Events).ToImmutableArray();
        return hints.Length > 0 ? Of(hints) : all.Count > 0 ? all[0] : new PayloadReading.Ignored(empty);
    }

    public static PayloadReading TooMany(int count) => new PayloadReading.Refused($"it tells of {count} things at once; at most {MaxEvents} are taken");

    /// <summary>A tag, and not a digest in its place, as some vendors fill the field.</summary>
    public static string? Tag(string? text) => text is not null && ReferenceGrammar.IsTag(text) ? text : null;

    /// <summary>In the shape of a digest, whatever its length: samples of vendors shorten theirs, and nothing is decided by it.</summary>
    public static string? Digest(string? text) =>
        text is { Length: <= LongestDigest } && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon < text.Length - 1
        && !text.AsSpan(0, colon).ContainsAnyExcept(Letters) && !text.AsSpan(colon + 1).ContainsAnyExcept(Letters) ? text : null;

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+._-=");
}
