using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace Slipway.Kube;

/// <summary>A cluster that was found: where it is, how it proves itself, and as whom we come.</summary>
/// <param name="Authorities">Trusted instead of the machine's own; null for those.</param>
/// <param name="Origin">Where the settings came from: for messages.</param>
internal sealed record ClusterAddress(
    Uri Server, string Namespace, X509Certificate2Collection? Authorities, KubernetesClientConfiguration Identity, string Origin)
{
    /// <summary>The kubeconfig's name for who we are; null where it names nobody.</summary>
    public string? User { get; init; }

    public static ClusterAddress Find(ConnectionOptions options)
    {
        if (KubeconfigFiles.Find(options) is var (config, origin))
        {
            return FromKubeconfig(config, origin, options.Context, options.Overrides);
        }

        // As kubectl, that needs no kubeconfig where an address is given.
        if (options.Overrides is { Server: { } server } given)
        {
            return new ClusterAddress(server, "default", null, new KubernetesClientConfiguration { Host = server.AbsoluteUri, AccessToken = given.Token }, server.AbsoluteUri) { User = given.As };
        }

        return KubernetesClientConfiguration.IsInCluster()
            ? FromPod()
            : throw new ConnectionException($"no kubeconfig at {KubeconfigFiles.DefaultPath(options)}, and this is not a pod; set KUBECONFIG or pass --kubeconfig");
    }

    private static ClusterAddress FromKubeconfig(Kubeconfig kubeconfig, string origin, string? wanted, ConnectionOverrides overrides)
    {
        var config = kubeconfig.Merged;
        var name = string.IsNullOrEmpty(wanted) ? config.CurrentContext : wanted;
        var known = string.Join(", ", config.Contexts.Select(context => context.Name));
        if (string.IsNullOrEmpty(name))
        {
            throw new ConnectionException($"kubeconfig {origin} has no current context; pass --context (there is: {known})");
        }

        if (config.Contexts.FirstOrDefault(context => context.Name == name) is not { ContextDetails: { } details })
        {
            throw new ConnectionException($"kubeconfig {origin} has no context \"{name}\"; pass --context (there is: {known})");
        }

        details.Cluster = Known(config.Clusters.Select(cluster => cluster.Name), overrides.Cluster, "cluster", origin) ?? details.Cluster;
        details.User = Known(config.Users.Select(user => user.Name), overrides.User, "user", origin) ?? details.User;
        if (overrides.Server is not null && config.Clusters.FirstOrDefault(cluster => cluster.Name == details.Cluster)?.ClusterEndpoint is { } endpoint)
        {
            endpoint.Server = overrides.Server.AbsoluteUri;
        }

        var user = details.User;

        // A user without credentials is anonymous to kubectl and an error to the client library.
        details.User = HasCredentials(config, details.User) ? details.User : null;
        try
        {
            var identity = KubernetesClientConfiguration.BuildConfigFromConfigObject(config, name);
            if (user is not null && kubeconfig.TokenFiles.TryGetValue(user, out var tokenFile))
            {
                identity.TokenProvider = new TokenFileAuth(tokenFile);
            }

            if (overrides.Token is { } token)
            {
                (identity.AccessToken, identity.TokenProvider, identity.Username, identity.Password) = (token, null, null, null);
            }

            var cluster = config.Clusters.FirstOrDefault(cluster => cluster.Name == details.Cluster)?.ClusterEndpoint;
            var authorities = Authority(cluster) is { } pem ? FromPem(pem) : identity.SslCaCerts;
            return new ClusterAddress(new Uri(identity.Host), NamespaceOr(identity.Namespace), authorities, identity, $"context {name} of {origin}") 
            {
                // Whose a token is that was given, the kubeconfig does not know.
                User = overrides.As ?? (overrides.Token is null ? details.User : null),
            };
        }
        catch (Exception e) when (e is KubeConfigException or CryptographicException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException($"context \"{name}\" of kubeconfig {origin} cannot be used: {e.Message}", e);
        }
    }

    private static ClusterAddress FromPod()
    {
        var identity = KubernetesClientConfiguration.InClusterConfig();
        return new ClusterAddress(new Uri(identity.Host), NamespaceOr(identity.Namespace), identity.SslCaCerts, identity, "the pod's service account");
    }

    private static string? Known(IEnumerable<string> names, string? wanted, string what, string origin) =>
        wanted is null || names.Contains(wanted) ? wanted
        : throw new ConnectionException($"kubeconfig {origin} has no {what} \"{wanted}\"; pass --{what} (there is: {string.Join(", ", names)})");

    private static bool HasCredentials(K8SConfiguration config, string? user) =>
        config.Users.FirstOrDefault(candidate => candidate.Name == user)?.UserCredentials is { } credentials
        && (!string.IsNullOrEmpty(credentials.Token) || !string.IsNullOrEmpty(credentials.UserName)
            || !string.IsNullOrEmpty(credentials.ClientCertificate) || !string.IsNullOrEmpty(credentials.ClientCertificateData)
            || credentials.AuthProvider is not null || credentials.ExternalExecution is not null);

    // Read here and not by the library, which keeps only the first certificate of a bundle.
    private static string? Authority(ClusterEndpoint? cluster) => cluster switch
    {
        { CertificateAuthorityData.Length: > 0 } => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(cluster.CertificateAuthorityData)),
        { CertificateAuthority.Length: > 0 } => File.ReadAllText(cluster.CertificateAuthority),
        _ => null,
    };

    private static X509Certificate2Collection? FromPem(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities.Count > 0 ? authorities : throw new FormatException("its certificate authority holds no PEM certificate");
    }

    private static string NamespaceOr(string? ns) => string.IsNullOrWhiteSpace(ns) ? "default" : ns.Trim();
}
