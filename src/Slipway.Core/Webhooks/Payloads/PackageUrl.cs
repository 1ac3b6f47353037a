using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>A package URL of an image (package-url/purl-spec, types oci and docker); of another type, none.</summary>
internal static class PackageUrl
{
    /// <summary>Null where it is of another type or names no registry.</summary>
    public static RegistryHint? ToHint(string text)
    {
        var (rest, qualifiers) = Cut(text, '?');
        var (name, version) = Cut(rest, '@');
        var query = Qualifiers(Cut(qualifiers, '#').Before);
        var repository = query.GetValueOrDefault("repository_url");
        version = Uri.UnescapeDataString(version);
        return name.Split('/') switch
        {
            // The repository_url of an oci package is the whole name of the repository; its version is a digest.
            ["pkg:oci", _] when repository is not null => Hint(repository, query.GetValueOrDefault("tag"), version),

            // That of a docker package is the registry alone; its version is a tag or a digest.
            ["pkg:docker", .. var path] when path.Length > 0 => Hint(
                $"{repository ?? RepositoryName.DockerHub}/{Uri.UnescapeDataString(string.Join('/', path))}", HintText.Tag(version), HintText.Tag(version) is null ? version : null),
            _ => null,
        };
    }

    private static RegistryHint? Hint(string name, string? tag, string? digest) =>
        RepositoryName.TryParse(name, out var repository, out _) && name.StartsWith($"{repository.Domain}/", StringComparison.Ordinal)
            ? new RegistryHint(repository, HintText.Tag(tag), HintText.Digest(digest))
            : null;

    private static (string Before, string Behind) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var place ? (text[..place], text[(place + 1)..]) : (text, "");

    private static Dictionary<string, string> Qualifiers(string text)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            found.TryAdd(name, Uri.UnescapeDataString(value));
        }

        return found;
    }
}
