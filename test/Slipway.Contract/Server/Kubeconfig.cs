using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Slipway.Contract.Server;

/// <summary>The current context of a kubeconfig: where the server is, and who we are there.</summary>
internal sealed record Kubeconfig(string Path, Uri Server, string? Token, string? Authority, string? Certificate, string? Key, bool SkipsVerification)
{
    public static Kubeconfig Read(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(path)));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var context = Named(root, "contexts", "context", Text(root, "current-context")!);
        var cluster = Named(root, "clusters", "cluster", Text(context, "cluster")!);
        var user = Named(root, "users", "user", Text(context, "user")!);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return new(
            path,
            new(Text(cluster, "server")!),
            Text(user, "token"),
            Pem(cluster, "certificate-authority", folder),
            Pem(user, "client-certificate", folder),
            Pem(user, "client-key", folder),
            Text(cluster, "insecure-skip-tls-verify") == "true");
    }

    public HttpClient Connect()
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false };
        if (Certificate is not null && Key is not null)
        {
            // A certificate with an ephemeral key cannot be used by every TLS stack; by way of PKCS#12 it can.
            using var pair = X509Certificate2.CreateFromPem(Certificate, Key);
            handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null)];
        }
        if (SkipsVerification || Authority is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => SkipsVerification || IsSignedByAuthority(certificate);
        }
        var client = new HttpClient(handler) { BaseAddress = Server, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("contract/1.0");
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        if (Token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }
        return client;
    }

    private bool IsSignedByAuthority(X509Certificate? certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(Authority);
        return certificate is not null && chain.Build(new(certificate));
    }

    private static YamlMappingNode Named(YamlMappingNode root, string list, string field, string name) =>
        (YamlMappingNode)((YamlSequenceNode)root[list]).Cast<YamlMappingNode>().Single(item => Text(item, "name") == name)[field];

    private static string? Text(YamlMappingNode node, string field) =>
        node.Children.TryGetValue(field, out var value) && value is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    private static string? Pem(YamlMappingNode node, string field, string folder) =>
        Text(node, field + "-data") is { } inline ? Encoding.UTF8.GetString(Convert.FromBase64String(inline))
        : Text(node, field) is { } file ? File.ReadAllText(System.IO.Path.Combine(folder, file))
        : null;
}
