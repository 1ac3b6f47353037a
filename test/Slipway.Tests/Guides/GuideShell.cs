using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Api;
using Slipway.Cli.Migration;
using Slipway.Conditions;
using Slipway.Controller;
using Slipway.Controller.Options;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Sandbox;
using Slipway.Sandbox.Workloads.Nodes;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Guides;

/// <summary>
/// The terminal of a guide's reader: slipway is ours; of kubectl and docker there is what the pages use of them, on the sandbox's API server and registry.
/// The controller runs, as the service account that was installed, while it is installed. What a reader does slowly is waited for.
/// </summary>
internal sealed class GuideShell : IAsyncDisposable
{
    private const string Account = "system:serviceaccount:slipway-system:slipway";

    // What did not come by then will not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-guide").FullName;
    private readonly ILookup<string, string> _files;
    private readonly Dictionary<string, int> _versions = [];
    private readonly SandboxCluster _cluster;
    private readonly ClusterConnection _admin;
    private CancellationTokenSource _installed = new();
    private Task _controller = Task.CompletedTask;
    private string? _pushed;
    private bool _frozen;

    private GuideShell(SandboxCluster cluster, ILookup<string, string> files)
    {
        (_cluster, _files) = (cluster, files);
        cluster.WriteKubeconfig(Kubeconfig);
        _admin = ClusterConnection.Open(new() { Kubeconfig = Kubeconfig });
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public static async Task<GuideShell> OpenAsync(ILookup<string, string> files)
    {
        var cluster = await SandboxCluster.StartAsync(cancellationToken: Stop);
        await cluster.PushAsync("slipway-dev/slipway", "0.1.0", Stop);
        return new GuideShell(cluster, files);
    }

    /// <summary>Runs one line of the page; the output is told in the page's names.</summary>
    public async Task<string> RunAsync(string line)
    {
        var (command, remark) = line.Split(" # ") is [var before, var after] ? (before.TrimEnd(), after) : (line, "");
        var output = "";
        foreach (var stage in command.Split(" | "))
        {
            output = Words(stage) switch
            {
                ["slipway", .. var args] => await SlipwayAsync(args),
                ["kubectl", "apply", "-f", var file] => await ApplyAsync(file == "-" ? output : Next(file)),
                ["kubectl", "delete", "-f", var file] => await DeleteAsync(file == "-" ? output : Next(file)),
                ["kubectl", "rollout", "status", var workload] => await RolledOutAsync(workload.Split('/')[1]),
                ["kubectl", "get", "deployment", var name, "-o", var path] => (await Any("apps/v1", "Deployment").GetAsync(new("default", name), Stop))!.Value is var found
                    ? Slipway.Cli.JsonPaths.JsonPathTemplate.Parse(path["jsonpath=".Length..]).Render(found) + "\n" : "",
                ["docker", "push", "-q", var image] => await PushAsync(image, remark),
                _ => throw new InvalidOperationException($"the shell of the guides has no '{stage}'"),
            };
        }

        return ToPage(output);
    }

    public async ValueTask DisposeAsync()
    {
        await UninstallAsync();
        _installed.Dispose();
        _admin.Dispose();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string ToPage(string text) => text
        .Replace($"{_cluster.Registry.Address}/slipway-dev/", "ghcr.io/slipway-dev/", StringComparison.Ordinal)
        .Replace($"{_cluster.Registry.Address}", "registry.example", StringComparison.Ordinal)
        .Replace(_cluster.Api.Url.GetLeftPart(UriPartial.Authority), "https://cluster.example:6443", StringComparison.Ordinal)
        .Replace(Kubeconfig, "/home/ada/.kube/config", StringComparison.Ordinal);

    private string FromPage(string text) => text
        .Replace("ghcr.io/slipway-dev/", $"{_cluster.Registry.Address}/slipway-dev/", StringComparison.Ordinal)
        .Replace("registry.example/", $"{_cluster.Registry.Address}/", StringComparison.Ordinal);

    // A file of the page by its name; it has its next version each time that it is used.
    private string Next(string file) => _files[file].ElementAt(_versions[file] = _versions.GetValueOrDefault(file, -1) + 1);

    private async Task<string> SlipwayAsync(string[] args)
    {
        await (args[0] switch
        {
            "watch" => UntilAsync(delivery => delivery?.Status?.Candidate?.Tag == _pushed, "the push is seen"),
            "approve" => UntilAsync(delivery => delivery?.Status?.Held?.Reason == Reasons.AwaitingApproval, "a person is waited for"),
            "get" or "why" or "history" or "describe" or "doctor" => UntilAsync(IsCalm, "nothing is under way"),
            _ => Task.CompletedTask,
        });
        // A machine that is busy with other tests is no cluster that does not answer.
        string[] patiently = args is ["doctor", ..] ? [.. args, "--timeout", "2m"] : args;
        _frozen = args[0] switch { "freeze" => true, "unfreeze" => false, _ => _frozen };
        var run = await CliRun.OfAsync(patiently, connect: options => ClusterConnection.Open(options with { Kubeconfig = Kubeconfig }), time: TimeProvider.System);
        return run.Code == 0 ? run.Out : run.Out + run.Error;
    }

    private bool IsCalm(Delivery? delivery) =>
        delivery is null
        || (delivery.Status is { } status && status.ObservedGeneration >= delivery.Metadata.Generation && (status.Candidate?.Tag == _pushed || _pushed is null)
            && status.Rollout is null or RolloutState.Idle or RolloutState.Held
            && status.Conditions?.Any(condition => condition.Type == DeliveryConditions.Reconciling) != true
            && (status.Candidate?.Digest == status.Current?.Digest || (status.Held is { } held && held.Reason == Reasons.Frozen == _frozen)));

    private async Task UntilAsync(Func<Delivery?, bool> so, string what)
    {
        var client = new ResourceClient<Delivery>(_admin, ResourceTypes.Deliveries, ApiJson.Default.Delivery);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        Delivery? last = null;
        while (!patience.IsCancellationRequested)
        {
            try
            {
                last = (await client.GetAsync(new("default", "shop"), Stop))?.Value;
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                last = null;
            }

            if (so(last))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        Assert.Fail($"it did not come about that {what}: {last?.Status}");
    }

    private async Task<string> PushAsync(string image, string remark)
    {
        var (repository, tag) = image.Split('/')[^1].Split(':') is [var name, var version] ? (name, version) : throw new InvalidOperationException(image);
        (string, string)[] behaviour = remark.Contains("ends at once", StringComparison.Ordinal) ? [(ImageBehaviour.CrashLabel, "exit 1")] : [];
        await _cluster.PushAsync(repository, tag, Stop, [(ImageBehaviour.ReadyAfterLabel, "300ms"), .. behaviour]);
        _pushed = tag;
        return $"{image}\n";
    }

    private async Task<string> ApplyAsync(string yaml)
    {
        var lines = new List<string>();
        foreach (var (manifest, key) in Manifests(yaml))
        {
            var client = Any((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
            var before = await client.GetAsync(key, Stop);
            var after = await client.ApplyAsync(key, manifest, null, Stop, manager: "kubectl");
            lines.Add($"{Named(manifest)} {(before is null ? "created" : before.ResourceVersion == after.ResourceVersion ? "unchanged" : "configured")}\n");
        }

        if (yaml.Contains("ServiceAccount", StringComparison.Ordinal))
        {
            await InstalledAsync();
        }

        return string.Concat(lines);
    }

    private async Task<string> DeleteAsync(string yaml)
    {
        await UninstallAsync();
        var lines = new List<string>();
        foreach (var (manifest, key) in Manifests(yaml))
        {
            if (await Any((string)manifest["apiVersion"]!, (string)manifest["kind"]!).DeleteAsync(key, new DeleteTerms(), Stop))
            {
                lines.Add($"{Named(manifest).Replace("/", " \"", StringComparison.Ordinal)}\" deleted\n");
            }
        }

        return string.Concat(lines);
    }

    private async Task<string> RolledOutAsync(string name)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!patience.IsCancellationRequested)
        {
            var ns = name == "slipway" ? "slipway-system" : "default";
            var found = (await Any("apps/v1", "Deployment").GetAsync(new(ns, name), Stop))?.Value;
            if ((int?)found?["status"]?["availableReplicas"] == (int?)found?["spec"]?["replicas"])
            {
                return $"deployment \"{name}\" successfully rolled out\n";
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        throw new InvalidOperationException($"Deployment {name} did not become available");
    }

    // As the pod would: with the rights of the service account, and its Lease beside it.
    private async Task InstalledAsync()
    {
        var kubeconfig = Path.Combine(_folder, "controller");
        _cluster.Api.WriteKubeconfig(kubeconfig, _cluster.Api.AddUser(Account));
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _controller = ControllerHost.RunAsync(
            new ControllerOptions { Kubeconfig = kubeconfig, Listen = "http://127.0.0.1:0", Identity = "slipway-6d5f8b9c7-x2k4q", LeaseNamespace = "slipway-system", Logs = LogFormat.Quiet, Listening = listening.SetResult },
            _installed.Token);
        await await Task.WhenAny(listening.Task, _controller);
        var leases = Any("coordination.k8s.io/v1", "Lease");
        while (await leases.GetAsync(new("slipway-system", "slipway-controller"), Stop) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        await RolledOutAsync("slipway");
    }

    private async Task UninstallAsync()
    {
        await _installed.CancelAsync();
        await _controller.ContinueWith(_ => { }, TaskScheduler.Default);
        _installed.Dispose();
        _installed = new();
    }

    private IEnumerable<(JsonObject Manifest, ObjectKey Key)> Manifests(string yaml) => ManifestReader.Read(new StringReader(FromPage(yaml))).Select(manifest =>
    {
        var json = manifest.Root;
        var type = TypeOf((string)json["apiVersion"]!, (string)json["kind"]!);
        return (json, new ObjectKey(type.Namespaced ? (string?)json["metadata"]!["namespace"] ?? "default" : "", (string)json["metadata"]!["name"]!));
    });

    private static string Named(JsonObject manifest)
    {
        var group = ((string)manifest["apiVersion"]!).Split('/') is [var named, _] ? $".{named}" : "";
        return $"{((string)manifest["kind"]!).ToLowerInvariant()}{group}/{manifest["metadata"]!["name"]}";
    }

    private ResourceClient<JsonObject> Any(string apiVersion, string kind) => new(_admin, TypeOf(apiVersion, kind), element => JsonObject.Create(element.Clone()));

    private static ResourceType TypeOf(string apiVersion, string kind)
    {
        var (group, version) = apiVersion.Split('/') is [var named, var of] ? (named, of) : ("", apiVersion);
        var plural = kind.ToLowerInvariant() switch { var word when word.EndsWith('y') => $"{word[..^1]}ies", var word => $"{word}s" };
        return new ResourceType(group, version, plural, kind, kind is not ("Namespace" or "CustomResourceDefinition" or "ClusterRole" or "ClusterRoleBinding" or "Freeze" or "ClusterCheck"));
    }

    private static string[] Words(string stage) => [.. Regex.Matches(stage, "'([^']*)'|[^ ']+(?:'[^']*'[^ ']*)*").Select(match => match.Value.Replace("'", "", StringComparison.Ordinal))];
}
