namespace Slipway.Images;

/// <summary>A repository in its canonical form: <c>docker.io</c> and <c>library/nginx</c>, <c>ghcr.io</c> and <c>acme/shop</c>.</summary>
/// <param name="Domain">Host, with its port where one was given.</param>
public sealed record RepositoryName(string Domain, string Path)
{
    public override string ToString() => $"{Domain}/{Path}";
}
