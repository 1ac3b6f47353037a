using System.Diagnostics.CodeAnalysis;

namespace Slipway.Images;

/// <summary>A repository in its canonical form: <c>docker.io</c> and <c>library/nginx</c>, <c>ghcr.io</c> and <c>acme/shop</c>.</summary>
/// <param name="Domain">Host, with its port where one was given.</param>
public sealed record RepositoryName(string Domain, string Path)
{
    internal const string DockerHub = "docker.io";

    internal const string OfficialImages = "library/";

    /// <summary>Where the registry's API answers: Docker Hub serves it on another host than the one in its images' names.</summary>
    public string ApiHost => Domain == DockerHub ? "registry-1.docker.io" : Domain;

    /// <summary>The shortest name that means the same: <c>nginx</c>, <c>acme/shop</c>, <c>ghcr.io/acme/shop</c>.</summary>
    public string Familiar =>
        Domain != DockerHub ? ToString()
        : Path.StartsWith(OfficialImages, StringComparison.Ordinal) && Path.IndexOf('/', OfficialImages.Length) < 0 ? Path[OfficialImages.Length..]
        : Path;

    /// <summary>Reads a field that must name a repository; the error says what to write instead.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RepositoryName? repository, out string error)
    {
        repository = null;
        if (text?.IndexOf("://", StringComparison.Ordinal) is { } scheme and >= 0)
        {
            error = $"{UntrustedText.Quote(text)} has a scheme; a repository is named without one: {UntrustedText.Quote(text.AsSpan(scheme + 3))}";
            return false;
        }

        if (!ImageReference.TryParse(text, out var reference, out error))
        {
            return false;
        }

        if (reference.Tag is not null || reference.Digest is not null)
        {
            var surplus = reference.Tag is { } tag ? $"the tag '{tag}'" : "a digest";
            error = $"{UntrustedText.Quote(text)} has {surplus}; a repository is named without: '{reference.WrittenName}'";
            return false;
        }

        repository = reference.Repository;
        return true;
    }

    public override string ToString() => $"{Domain}/{Path}";
}
