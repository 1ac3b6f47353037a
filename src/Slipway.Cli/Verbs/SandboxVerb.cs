using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Cli.Playground;
using Slipway.Sandbox;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway sandbox</c></summary>
internal static class SandboxVerb
{
    private const string Lesson =
        """
        An API server that kubectl understands, workloads that start and fail as Kubernetes' do, and an
        OCI registry: all of it in memory, on loopback, gone with the process. Containers do not really
        run; how one behaves is said by labels of its image (sandbox.slipway.dev/crash: "exit 1").

        Examples:
          slipway sandbox --kubeconfig sandbox.yaml
          KUBECONFIG=sandbox.yaml kubectl get nodes
          slipway sandbox --cronjobs v1beta1 --fault conflict=0.1 --fault watch-closed=0.05 --seed 7
        """;

    public static Command Create(Surroundings surroundings)
    {
        var kubeconfig = new Option<string>("--kubeconfig")
        {
            Description = "where to write the kubeconfig",
            HelpName = "file",
            DefaultValueFactory = _ => "sandbox.kubeconfig",
        };
        var api = new Option<int>("--listen")
        {
            Description = "port of the API server on loopback; 0 takes a free one",
            HelpName = "port",
        };
        var registry = new Option<int>("--registry-listen")
        {
            Description = "port of the registry on loopback; 0 takes a free one",
            HelpName = "port",
        };
        var cronJobs = new Option<string>("--cronjobs")
        {
            Description = "v1beta1 is a server of Kubernetes 1.20",
            HelpName = "v1|v1beta1",
            DefaultValueFactory = _ => "v1",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "of names and of faults: the same seed makes the same trouble",
            HelpName = "number",
            DefaultValueFactory = _ => 1,
        };
        cronJobs.AcceptOnlyFromAmong("v1", "v1beta1");
        var command = new Verb("sandbox", "Run a cluster and a registry in this process, to try things out.", Lesson)
        {
            kubeconfig, api, registry, cronJobs, seed,
        };
        var faults = new FaultFlag(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var number = parse.GetValue(seed);
            await using var cluster = await SandboxCluster.StartAsync(
                new SandboxClusterOptions
                {
                    Time = surroundings.Time,
                    Api = new ApiServerOptions
                    {
                        Port = parse.GetValue(api),
                        Seed = number,
                        Release = parse.GetValue(cronJobs) == "v1beta1" ? KubernetesRelease.OneTwenty : KubernetesRelease.Current,
                    },
                    Registry = new SandboxRegistryOptions { Port = parse.GetValue(registry), Seed = number },
                },
                cancellationToken);
            using var file = KubeconfigFile.Write(cluster, parse.GetValue(kubeconfig)!);

            // Faults begin when there is somebody to hit.
            cluster.Api.Faults = faults.Read(parse, number);
            Welcome(surroundings, cluster, file);
            await Surroundings.StopAsync(cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Welcome(Surroundings surroundings, SandboxCluster cluster, KubeconfigFile file) => surroundings.Out.WriteLine(
        $"""
        {surroundings.Palette.Paint("A sandbox runs until Ctrl-C.", Tone.Strong)}
          API server   {cluster.Api.Url.GetLeftPart(UriPartial.Authority)}
          registry     {cluster.Registry.Address}   (plain HTTP, no login)
          kubeconfig   {file.FullPath}

        Try next, in another terminal:
          export KUBECONFIG={file.FullPath}
          kubectl get nodes
          slipway crds | kubectl apply -f -
          slipway run --listen http://127.0.0.1:0 &
          docker tag shop:1.0.0 {cluster.Registry.Address}/shop:1.0.0 && docker push {cluster.Registry.Address}/shop:1.0.0
          kubectl create deployment shop --image {cluster.Registry.Address}/shop:1.0.0
        """);
}
