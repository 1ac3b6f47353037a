using System.Text;
using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Kube;

/// <param name="TokenFiles">Of users that name one, by the user's name.</param>
internal sealed record Kubeconfig(K8SConfiguration Merged, IReadOnlyDictionary<string, string> TokenFiles);

/// <summary>
/// Finds and merges kubeconfig files by kubectl's rules ("Organizing cluster access using kubeconfig files"): an explicit file, else the list
/// in KUBECONFIG, else ~/.kube/config; the first file that sets a value wins, and relative paths start at the file that names them.
/// </summary>
internal static class KubeconfigFiles
{
    private const string Ways = "set KUBECONFIG or pass --kubeconfig";

    /// <summary>Null when no file was named and none is at the default place.</summary>
    public static (Kubeconfig Config, string Origin)? Find(ConnectionOptions options)
    {
        if (options.Kubeconfig is { Length: > 0 } named)
        {
            return File.Exists(named) ? (Load([named]), named) : throw new ConnectionException($"no kubeconfig at {named}; {Ways}");
        }

        if (options.Environment("KUBECONFIG") is { Length: > 0 } list)
        {
            // kubectl skips files that do not exist, so that one list can serve several machines.
            string[] files = [.. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(File.Exists)];
            return files.Length > 0 ? (Load(files), string.Join(Path.PathSeparator, files)) : throw new ConnectionException($"KUBECONFIG names {list}, and no such file exists; {Ways}");
        }

        var usual = DefaultPath(options);
        return File.Exists(usual) ? (Load([usual]), usual) : null;
    }

    public static string DefaultPath(ConnectionOptions options) =>
        Path.Combine(options.Environment(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? "/", ".kube", "config");

    private static Kubeconfig Load(IReadOnlyList<string> files)
    {
        var merged = new K8SConfiguration { Clusters = [], Contexts = [], Users = [] };
        Dictionary<string, string> tokenFiles = [];
        foreach (var file in files)
        {
            var next = Read(file);
            foreach (var (user, path) in TokenFiles(file).Where(entry => merged.Users.All(known => known.Name != entry.User)))
            {
                tokenFiles.TryAdd(user, path);
            }

            merged.CurrentContext = string.IsNullOrEmpty(merged.CurrentContext) ? next.CurrentContext : merged.CurrentContext;
            merged.Clusters = [.. merged.Clusters.Concat(next.Clusters ?? []).DistinctBy(cluster => cluster.Name)];
            merged.Contexts = [.. merged.Contexts.Concat(next.Contexts ?? []).DistinctBy(context => context.Name)];
            merged.Users = [.. merged.Users.Concat(next.Users ?? []).DistinctBy(user => user.Name)];
        }

        return new Kubeconfig(merged, tokenFiles);
    }

    private static K8SConfiguration Read(string file)
    {
        try
        {
            // Nothing at all is what an empty file gives.
            using var stream = File.OpenRead(file);
            var config = KubernetesClientConfiguration.LoadKubeConfig(stream) ?? new K8SConfiguration();
            RootPaths(config, Path.GetDirectoryName(Path.GetFullPath(file))!);
            return config;
        }
        catch (Exception e) when (e is YamlException or KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException($"cannot read kubeconfig {file}: {e.Message}", e);
        }
    }

    // The client library's model has no tokenFile, and would take a user who has nothing else for one without credentials.
    private static IEnumerable<(string User, string Path)> TokenFiles(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(file)));
        var users = (yaml.Documents.Count > 0 ? Child(yaml.Documents[0].RootNode, "users") : null) as YamlSequenceNode;
        foreach (var user in users?.Children ?? [])
        {
            if (Child(user, "name") is YamlScalarNode { Value: { } name } && Child(Child(user, "user"), "tokenFile") is YamlScalarNode { Value: { Length: > 0 } path })
            {
                yield return (name, Rooted(path, Path.GetDirectoryName(Path.GetFullPath(file))!)!);
            }
        }
    }

    private static YamlNode? Child(YamlNode? node, string name) => node is YamlMappingNode map && map.Children.TryGetValue(name, out var child) ? child : null;

    // The client library resolves relative paths against one file for all, which is wrong for every file but the first of a list.
    private static void RootPaths(K8SConfiguration config, string folder)
    {
        foreach (var cluster in (config.Clusters ?? []).Select(cluster => cluster.ClusterEndpoint).OfType<ClusterEndpoint>())
        {
            cluster.CertificateAuthority = Rooted(cluster.CertificateAuthority, folder);
        }

        foreach (var user in (config.Users ?? []).Select(user => user.UserCredentials).OfType<UserCredentials>())
        {
            user.ClientCertificate = Rooted(user.ClientCertificate, folder);
            user.ClientKey = Rooted(user.ClientKey, folder);
            if (user.ExternalExecution is { } plugin)
            {
                // A bare name is looked up in PATH; a path starts at the file, as all do.
                plugin.Command = plugin.Command?.Contains('/') == true ? Rooted(plugin.Command, folder) : plugin.Command;
                plugin.Arguments = plugin.Arguments?.Select(Quoted).ToList();
            }
        }
    }

    // The library joins the arguments with blanks, and the runtime takes them apart again at blanks outside of quotes. There a
    // backslash is itself unless it stands, with others, before a quote.
    private static string Quoted(string argument)
    {
        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var letter in argument)
        {
            quoted.Append('\\', letter == '"' ? backslashes + 1 : 0).Append(letter);
            backslashes = letter == '\\' ? backslashes + 1 : 0;
        }

        return quoted.Append('\\', backslashes).Append('"').ToString();
    }

    private static string? Rooted(string? path, string folder) => string.IsNullOrEmpty(path) ? path : Path.Combine(folder, path);
}
