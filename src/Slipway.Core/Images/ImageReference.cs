using System.Diagnostics.CodeAnalysis;

namespace Slipway.Images;

/// <summary>
/// An image as a container names it, read as Docker and Kubernetes read it: <c>nginx</c> is <c>docker.io/library/nginx</c>. Two references
/// are equal when they are the same in canonical form, however they were written.
/// </summary>
public sealed class ImageReference : IEquatable<ImageReference>
{
    /// <summary>What a reference without tag and digest means.</summary>
    public const string DefaultTag = "latest";

    private ImageReference(RepositoryName repository, string writtenName, string? tag, string? digest)
    {
        Repository = repository;
        WrittenName = writtenName;
        Tag = tag;
        Digest = digest;
    }

    public RepositoryName Repository { get; }

    /// <summary>The repository in the user's own spelling: what we write to a workload keeps it, so that a diff shows the version and nothing else.</summary>
    public string WrittenName { get; }

    public string? Tag { get; }

    /// <summary><c>sha256:</c> and 64 lower-case digits.</summary>
    public string? Digest { get; }

    /// <summary>In the spelling of <see cref="WrittenName"/>: what goes into the workload.</summary>
    public string Written => WrittenName + Version;

    /// <summary>The shortest form that means the same: <c>nginx:1.3</c>.</summary>
    public string Familiar => Repository.Familiar + Version;

    private string Version => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference, out string error)
    {
        reference = null;
        error = "an image has no name";
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        // 64 hexadecimal digits are an image's id to a container runtime, never a name it would pull.
        if (text.Length == 64 && Images.Digest.IsSha256(Images.Digest.Sha256Prefix + text))
        {
            error = $"{UntrustedText.Quote(text)} is an image id, not a name; write repository@sha256:{text}";
            return false;
        }

        var (domain, remainder) = SplitDomain(text);
        if (!ReferenceGrammar.TryParse($"{domain}/{remainder}", out var parts, out var fault) || parts.Domain != domain)
        {
            error = $"{UntrustedText.Quote(text)} is no image reference: {Reason(fault, text)}";
            return false;
        }

        var version = (parts.Tag?.Length + 1 ?? 0) + (parts.Digest?.Length + 1 ?? 0);
        reference = new ImageReference(new RepositoryName(domain, parts.Path), text[..^version], parts.Tag, parts.Digest);
        error = "";
        return true;
    }

    /// <summary>The same repository, as written, at another version.</summary>
    /// <exception cref="ArgumentException">The tag or the digest is none; check what comes from a registry with <see cref="ReferenceGrammar.IsTag"/> and <see cref="Images.Digest.IsSha256"/>.</exception>
    public ImageReference With(string? tag, string? digest)
    {
        if (tag is not null && !ReferenceGrammar.IsTag(tag))
        {
            throw new ArgumentException($"{UntrustedText.Quote(tag)} is no tag", nameof(tag));
        }

        if (digest is not null && !Images.Digest.IsSha256(digest))
        {
            throw new ArgumentException($"{UntrustedText.Quote(digest)} is no sha256 digest", nameof(digest));
        }

        return new ImageReference(Repository, WrittenName, tag, digest);
    }

    /// <summary>With <see cref="DefaultTag"/> where neither tag nor digest is given, as a container runtime would pull it.</summary>
    public ImageReference WithDefaultTag() => Tag is null && Digest is null ? With(DefaultTag, null) : this;

    public bool Equals(ImageReference? other) =>
        other is not null && Repository == other.Repository && Tag == other.Tag && Digest == other.Digest;

    public override bool Equals(object? obj) => Equals(obj as ImageReference);

    public override int GetHashCode() => HashCode.Combine(Repository, Tag, Digest);

    /// <summary>The canonical form: <c>docker.io/library/nginx:1.3@sha256:…</c>.</summary>
    public override string ToString() => Repository + Version;

    // distribution/reference, normalize.go: the first component is a host when it could be nothing else, that is with a dot, a colon or an
    // upper-case letter, or when it is localhost. Everything else is on Docker Hub, whose official images live under library/.
    private static (string Domain, string Remainder) SplitDomain(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        var isHost = first is "localhost" || first.AsSpan().ContainsAny('.', ':') || first.AsSpan().ContainsAnyInRange('A', 'Z');
        var domain = !isHost || first is "index.docker.io" ? RepositoryName.DockerHub : first;
        var remainder = isHost ? text[(slash + 1)..] : text;
        return (domain, domain == RepositoryName.DockerHub && !remainder.Contains('/', StringComparison.Ordinal) ? RepositoryName.OfficialImages + remainder : remainder);
    }

    private static string Reason(ReferenceFault fault, string text) => fault switch
    {
        ReferenceFault.NameUppercase => "the repository must be in lower case",
        ReferenceFault.NameTooLong => $"the repository's path is longer than {ReferenceGrammar.LongestPath} characters",
        ReferenceFault.DigestUnsupported => "the digest is not sha256, by which registries address images",
        ReferenceFault.DigestInvalidLength => "the digest must be sha256: and 64 lower-case hexadecimal digits",
        _ when text.Contains("://", StringComparison.Ordinal) => "it has a scheme; write the registry's host alone",
        _ when text.AsSpan().ContainsAny(' ', '\t', '\n') => "it has a space in it",
        _ => "write it as [host[:port]/]path[:tag][@sha256:digest]",
    };
}
