using System.Text.RegularExpressions;

namespace Slipway.Sandbox.Registry;

/// <summary>What a request is about, for counting and for faults.</summary>
public enum RequestKind
{
    Ping,
    Token,
    Catalog,
    Tags,
    Manifest,
    Blob,
    Upload,
    Referrers,
    Unknown,
}

/// <summary>A path of the OCI distribution spec 1.1 ("Endpoints"), taken apart. Names hold slashes, so it is read from its end.</summary>
public abstract partial record RegistryRoute(RequestKind Kind, string? Repository = null)
{
    public sealed record Ping() : RegistryRoute(RequestKind.Ping);

    public sealed record Token() : RegistryRoute(RequestKind.Token);

    public sealed record Catalog() : RegistryRoute(RequestKind.Catalog);

    public sealed record Tags(string Name) : RegistryRoute(RequestKind.Tags, Name);

    /// <param name="Reference">A tag or a digest.</param>
    public sealed record Manifest(string Name, string Reference) : RegistryRoute(RequestKind.Manifest, Name);

    public sealed record Blob(string Name, string Digest) : RegistryRoute(RequestKind.Blob, Name);

    /// <param name="Session">Null for the request that opens one.</param>
    public sealed record Upload(string Name, string? Session) : RegistryRoute(RequestKind.Upload, Name);

    public sealed record Referrers(string Name, string Digest) : RegistryRoute(RequestKind.Referrers, Name);

    public sealed record Unknown() : RegistryRoute(RequestKind.Unknown);

    public static RegistryRoute Parse(string path) => path switch
    {
        "/v2" or "/v2/" => new Ping(),
        "/token" => new Token(),
        "/v2/_catalog" => new Catalog(),
        _ when path.StartsWith("/v2/", StringComparison.Ordinal) => ParseNamed(path["/v2/".Length..]),
        _ => new Unknown(),
    };

    private static RegistryRoute ParseNamed(string rest)
    {
        if (rest.EndsWith("/blobs/uploads", StringComparison.Ordinal))
        {
            return new Upload(rest[..^"/blobs/uploads".Length], null);
        }

        var slash = rest.LastIndexOf('/');
        if (slash < 0)
        {
            return new Unknown();
        }

        var (head, tail) = (rest[..slash], rest[(slash + 1)..]);
        return head.LastIndexOf('/') is var before and > 0 ? ParseTail(head[..before], head[(before + 1)..], tail) : new Unknown();
    }

    private static RegistryRoute ParseTail(string name, string what, string tail) => what switch
    {
        "tags" when tail == "list" => new Tags(name),
        "manifests" when tail != "" => new Manifest(name, tail),
        "referrers" when tail != "" => new Referrers(name, tail),
        "uploads" when name.EndsWith("/blobs", StringComparison.Ordinal) => new Upload(name[..^"/blobs".Length], tail == "" ? null : tail),
        "blobs" when tail != "" => new Blob(name, tail),
        _ => new Unknown(),
    };

    /// <summary>The grammar of repository names (OCI distribution spec 1.1, "Pulling manifests").</summary>
    public static bool IsName(string name) => name.Length <= 255 && NamePattern.IsMatch(name);

    /// <summary>The grammar of tags (same place).</summary>
    public static bool IsTag(string tag) => TagPattern.IsMatch(tag);

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex NamePattern { get; }

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z")]
    private static partial Regex TagPattern { get; }
}
