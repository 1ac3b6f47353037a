using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Kube;

namespace Slipway.Cli.Cluster;

/// <summary>Which cluster and namespace, by kubectl's flags.</summary>
internal sealed class ClusterFlags
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "path of a kubeconfig; default: KUBECONFIG, ~/.kube/config, the pod's service account",
        HelpName = "file",
    };
    private readonly Option<string?> _context = new("--context")
    {
        Description = "default: the kubeconfig's current one",
        HelpName = "name",
    };
    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "default: the context's",
        HelpName = "name",
    };
    private readonly Option<bool>? _all;

    public ClusterFlags(Command command, bool acrossNamespaces = false)
    {
        command.Add(_namespace);
        if (acrossNamespaces)
        {
            _all = new Option<bool>("--all-namespaces", "-A") { Description = "those of every namespace" };
            command.Add(_all);
        }

        command.Add(_context);
        command.Add(_kubeconfig);
    }

    public bool All(ParseResult parse) => _all is not null && parse.GetValue(_all);

    public ClusterSession Open(ParseResult parse, Surroundings surroundings)
    {
        var connection = surroundings.Connect(new ConnectionOptions
        {
            Kubeconfig = parse.GetValue(_kubeconfig),
            Context = parse.GetValue(_context),
            Version = ProductVersion.Text,
            Time = surroundings.Time,
        });
        return new ClusterSession(connection, parse.GetValue(_namespace) is { Length: > 0 } named ? named : connection.Namespace);
    }
}
