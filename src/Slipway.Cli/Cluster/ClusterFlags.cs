using System.CommandLine;
using System.CommandLine.Parsing;
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
        Description = "default: the kubeconfig's current one; also --cluster, --user, --server, --token, --as, --as-group, as kubectl has them",
        HelpName = "name",
    };
    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "default: the context's",
        HelpName = "name",
    };
    private readonly Option<string?> _cluster = Rare("--cluster", "name");
    private readonly Option<string?> _user = Rare("--user", "name");
    private readonly Option<string?> _server = Rare("--server", "url", "-s");
    private readonly Option<string?> _token = Rare("--token", "token");
    private readonly Option<string?> _as = Rare("--as", "user");
    private readonly Option<string[]> _asGroups = new("--as-group") { HelpName = "group", Hidden = true };
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
        foreach (var option in new Option[] { _cluster, _user, _server, _token, _as, _asGroups })
        {
            command.Add(option);
        }

        _server.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)))
            {
                result.AddError("--server: write a URL such as https://cluster.example:6443");
            }
        });

        // They become headers, in which a line break would begin another one.
        _as.Validators.Add(NoControls);
        _asGroups.Validators.Add(NoControls);
        _token.Validators.Add(NoControls);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_asGroups) is not null && result.GetResult(_as) is null)
            {
                result.AddError("--as-group says in which groups --as acts: give --as too");
            }
        });
    }

    private static Option<string?> Rare(string name, string value, params string[] aliases) => new(name, aliases) { HelpName = value, Hidden = true };

    private static void NoControls(OptionResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0 || token.Value.Any(letter => letter is < ' ' or > '~')))
        {
            result.AddError($"{result.IdentifierToken?.Value}: it is empty, or has letters that cannot be sent");
        }
    }

    public bool All(ParseResult parse) => _all is not null && parse.GetValue(_all);

    public ClusterSession Open(ParseResult parse, Surroundings surroundings)
    {
        var connection = surroundings.Connect(new ConnectionOptions
        {
            Kubeconfig = parse.GetValue(_kubeconfig),
            Context = parse.GetValue(_context),
            Overrides = new ConnectionOverrides(
                parse.GetValue(_cluster), parse.GetValue(_user), parse.GetValue(_server) is { } url ? new Uri(url) : null, parse.GetValue(_token), parse.GetValue(_as))
            {
                AsGroups = parse.GetValue(_asGroups) ?? [],
            },
            Environment = surroundings.Environment,
            Version = ProductVersion.Text,
            Time = surroundings.Time,
        });
        return new ClusterSession(connection, parse.GetValue(_namespace) is { Length: > 0 } named ? named : connection.Namespace);
    }
}
