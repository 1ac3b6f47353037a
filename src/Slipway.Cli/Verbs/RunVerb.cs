using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Controller.Options;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway run</c></summary>
internal static class RunVerb
{
    private const string Lesson =
        """
        This is what 'slipway install' runs in the cluster. On a developer's machine it works as well,
        with the rights of the kubeconfig; of several controllers on one cluster, one acts.

        What is not said here is taken from the environment: SLIPWAY_WATCH_NAMESPACE, SLIPWAY_LISTEN,
        SLIPWAY_LEASE_NAMESPACE, SLIPWAY_SHARDS, SLIPWAY_PLAIN_HTTP_REGISTRIES, SLIPWAY_CONFIG,
        SLIPWAY_DASHBOARD, SLIPWAY_LOG_FORMAT. The token that a registry must send to the webhook comes
        from there only, for command lines are seen by others: SLIPWAY_WEBHOOK_TOKEN.

        Examples:
          slipway run
          slipway run --context staging --namespace shop --listen http://127.0.0.1:8080
        """;

    public static Command Create(Surroundings surroundings)
    {
        var kubeconfig = Text("file", "path of a kubeconfig; default: KUBECONFIG, ~/.kube/config, the pod's service account", "--kubeconfig");
        var context = Text("name", "default: the kubeconfig's current one", "--context");
        var ns = Text("name", "look after the Deliveries of this namespace only; default: all", "--namespace", "-n");
        var listen = Text("url", "where health and the registry's webhook are; default: http://127.0.0.1:8080", "--listen");
        var lease = Text("name", "where the Lease is by which one of several leads; default: --namespace, else the context's", "--lease-namespace");
        var shards = new Option<int?>("--shards")
        {
            Description = "divide the namespaces into so many parts, each led by one of the replicas; the same in all of them; default: 1",
            HelpName = "number",
        };
        shards.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > ControllerOptions.MostShards)
            {
                result.AddError($"--shards must be a number from 1 to {ControllerOptions.MostShards}");
            }
        });
        var plain = new Option<string[]>("--plain-http-registry")
        {
            Description = "host and port of a registry without TLS; may be repeated; loopback needs no mention",
            HelpName = "host",
        };
        var cache = Text("directory", "a directory for what is dear to ask registries for again after a restart", "--cache-dir");
        var config = Text("file", "path of the configuration file (registries, receivers, image policies)", "--config");
        var dashboard = Text("directory", "the published dashboard; default: 'dashboard' beside this program, where there is one", "--dashboard");
        var logs = Text("line|json", "line for people (default), json for log stores", "--log-format");
        logs.AcceptOnlyFromAmong("line", "json");
        listen.Validators.Add(ListenUrl.Check);
        var command = new Verb("run", "Run the controller until Ctrl-C or SIGTERM.", Lesson) { ns, listen, lease, shards, context, kubeconfig, plain, config, cache, dashboard, logs };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var environment = surroundings.Environment;
            var given = EnvironmentOptions.Read(environment);
            var registries = parse.GetValue(plain) ?? [];
            await surroundings.Run(
                given with
                {
                    Kubeconfig = parse.GetValue(kubeconfig),
                    Context = parse.GetValue(context),
                    Namespace = parse.GetValue(ns) ?? given.Namespace,

                    // A developer's machine does not open a port to its network unless it is told to.
                    Listen = parse.GetValue(listen) ?? (string.IsNullOrEmpty(environment("SLIPWAY_LISTEN")) ? "http://127.0.0.1:8080" : given.Listen),
                    LeaseNamespace = parse.GetValue(lease) ?? given.LeaseNamespace,
                    Shards = parse.GetValue(shards) ?? given.Shards,
                    PlainHttpRegistries = registries.Length > 0 ? registries : given.PlainHttpRegistries,
                    Config = parse.GetValue(config) ?? given.Config,
                    CacheDirectory = parse.GetValue(cache) ?? given.CacheDirectory,
                    Dashboard = parse.GetValue(dashboard) ?? given.Dashboard,
                    Logs = (parse.GetValue(logs) ?? environment("SLIPWAY_LOG_FORMAT")) == "json" ? LogFormat.Json : LogFormat.Line,
                },
                cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Option<string?> Text(string value, string description, string name, params string[] aliases) => new(name, aliases) { Description = description, HelpName = value };
}
