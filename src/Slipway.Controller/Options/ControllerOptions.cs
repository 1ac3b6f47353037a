namespace Slipway.Controller.Options;

/// <summary>How the controller runs. Everything has a default that suits a pod in the cluster.</summary>
public sealed record ControllerOptions
{
    /// <summary>Default: the files of <c>KUBECONFIG</c>, <c>~/.kube/config</c>, or the pod's service account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Default: the kubeconfig's current context.</summary>
    public string? Context { get; init; }

    /// <summary>The one namespace to look after; null: all.</summary>
    public string? Namespace { get; init; }

    /// <summary>Where health and the registry's webhook are; port 0 takes a free one.</summary>
    public string Listen { get; init; } = "http://0.0.0.0:8080";

    /// <summary>Where the Lease is by which one of several controllers leads. Default: the namespace looked after, else the connection's.</summary>
    public string? LeaseNamespace { get; init; }

    public string LeaseName { get; init; } = "slipway-controller";

    /// <summary>Into how many parts the namespaces are divided, each led by one of the replicas; the same in all of them. 1: one leads everything.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The most there may be: each is a Lease that is renewed every three seconds.</summary>
    public const int MostShards = 64;

    /// <summary>Unique for each process, also across restarts of one pod.</summary>
    public required string Identity { get; init; }

    /// <summary>Deliveries looked at at once.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>What a registry must send as <c>Authorization: Bearer</c> to <c>/webhooks/distribution</c>; null: there is no such route.</summary>
    public string? WebhookToken { get; init; }

    /// <summary>Registries, by host and port, that are asked without TLS; loopback needs no mention.</summary>
    public IReadOnlyList<string> PlainHttpRegistries { get; init; } = [];

    /// <summary>A directory for what is dear to ask registries for again after a restart; null: there is none.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Path of the configuration file; null: there is none.</summary>
    public string? Config { get; init; }

    /// <summary>Directory of the published dashboard; null: <c>dashboard</c> beside the program, where there is one.</summary>
    public string? Dashboard { get; init; }

    public LogFormat Logs { get; init; } = LogFormat.Line;

    /// <summary>Told the address once the controller listens.</summary>
    public Action<Uri>? Listening { get; init; }
}

public enum LogFormat
{
    /// <summary>A line each, for people.</summary>
    Line,

    /// <summary>A JSON object each, for log stores.</summary>
    Json,

    /// <summary>Nothing below warnings: something else tells the story.</summary>
    Quiet,
}
