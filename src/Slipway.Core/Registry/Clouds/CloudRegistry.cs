using System.Text.RegularExpressions;

namespace Slipway.Registry;

/// <summary>A registry of a cloud that gives credentials for it to workloads by their identity.</summary>
public abstract partial record CloudRegistry
{
    private CloudRegistry() { }

    /// <summary>A private registry of Amazon ECR (ECR user guide, "Private registry authentication").</summary>
    /// <param name="Suffix">Of the API's host in the same partition: <c>amazonaws.com.cn</c>.</param>
    public sealed record Ecr(string AccountId, string Region, string Suffix, bool Fips) : CloudRegistry;

    /// <summary>public.ecr.aws, whose tokens come from us-east-1 alone (ECR Public user guide, "Registry authentication").</summary>
    public sealed record EcrPublic : CloudRegistry
    {
        public const string Host = "public.ecr.aws";
    }

    /// <summary>Azure Container Registry.</summary>
    /// <param name="Host">foo.azurecr.io</param>
    /// <param name="Name">foo</param>
    public sealed record Acr(string Host, string Name) : CloudRegistry;

    /// <summary>Google Artifact Registry or Container Registry.</summary>
    public sealed record Google(string Host) : CloudRegistry;

    // Suffixes of Azure's public and national clouds; 'azurecr.de' is closed and costs nothing.
    private static readonly string[] AzureSuffixes = ["azurecr.io", "azurecr.cn", "azurecr.de", "azurecr.us"];

    /// <summary>The host of an image, of a repository or of a login server: what stands before the first slash.</summary>
    public static string HostOf(string image) => image.Split('/', 2)[0];

    /// <summary>Null where it is no host of ECR. Whoever owns one of these names is Amazon: a token of ours can be sent there.</summary>
    public static CloudRegistry? OfAmazon(string image) => (HostOf(image), EcrHost.Match(HostOf(image))) switch
    {
        (EcrPublic.Host, _) => new EcrPublic(),
        (_, { Success: true } host) => new Ecr(host.Groups["account"].Value, host.Groups["region"].Value, host.Groups["suffix"].Value, host.Groups["fips"].Success),
        _ => null,
    };

    /// <param name="customSuffix">Of a cloud of its own, such as Azure Stack (<c>containerRegistryDNSSuffix</c> of its environment); null for none.</param>
    public static Acr? OfAzure(string image, string? customSuffix = null)
    {
        var host = HostOf(image);
        var suffix = AzureSuffixes.Append(customSuffix).FirstOrDefault(known => known is { Length: > 0 } && host.EndsWith($".{known}", StringComparison.OrdinalIgnoreCase));
        return suffix is null || AcrName.Match(host[..^(suffix.Length + 1)]) is not { Success: true, Value: var name } ? null : new Acr(host, name);
    }

    /// <summary>gcr.io, its regions, the regions of pkg.dev, and the sovereign cloud of S3NS.</summary>
    public static Google? OfGoogle(string image) => HostOf(image) is var host && GoogleHost.IsMatch(host) ? new Google(host) : null;

    [GeneratedRegex(@"^(?<account>[0-9]{12})\.dkr[.-]ecr(?<fips>-fips)?\.(?<region>[a-z0-9][a-z0-9-]{0,40})\.(?<suffix>amazonaws\.(com(\.cn)?|eu)|on\.(aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex EcrHost { get; }

    // Of the resource; with the dash before a hash where its domain name label has one.
    [GeneratedRegex(@"^[a-zA-Z0-9](-?[a-zA-Z0-9]){0,80}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AcrName { get; }

    [GeneratedRegex(@"^(([a-z0-9][a-z0-9-]{0,40}\.)?gcr\.io|[a-z0-9][a-z0-9-]{0,40}-docker\.pkg\.dev|docker\.s3nsregistry\.fr)\z", RegexOptions.CultureInvariant)]
    private static partial Regex GoogleHost { get; }
}
