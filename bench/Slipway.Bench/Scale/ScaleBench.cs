using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Schemas;
using Slipway.Kube;
using Slipway.Sandbox;
using Slipway.Sandbox.Registry;

namespace Slipway.Bench.Scale;

/// <summary>The whole controller beside fleets of growing size: what it takes when nothing happens, and how long it needs when much does.</summary>
internal static class ScaleBench
{
    private const int Pushes = 1_000;
    private const double MemoryBudget = 200.0 * 1024 * 1024;
    private const string StormVersion = "1.1.0";
    private const string LastVersion = "1.2.0";

    // Calls that are no watch; the lease is counted apart.
    private static readonly string[] Verbs = ["get", "list", "create", "update", "patch", "delete"];

    private static readonly ResourceType Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);

    /// <param name="Adopted">Seconds from the first start until every Delivery knows what runs.</param>
    /// <param name="Processor">Of one core, while nothing happens.</param>
    /// <param name="Api">Requests without watches and lease, while nothing happens; null where nobody counts.</param>
    /// <param name="Registry">Requests for each repository and interval.</param>
    /// <param name="Storm">Seconds to each patch, the shortest first.</param>
    /// <param name="StormProcessor">Of the controller, until all is recorded.</param>
    /// <param name="Ready">Seconds from a later start until it leads and follows.</param>
    /// <param name="FirstPatch">Seconds from a later start until a push that came then is patched.</param>
    private sealed record Run(
        int Size, double Adopted, double Processor, long Memory, long Peak, long? Api, double Registry, double[] Storm, TimeSpan StormProcessor, double Pushing, int Twice, double Ready, double FirstPatch);

    public static async Task<IReadOnlyList<(string What, Figure Figure)>> MeasureAsync(ScaleOptions options)
    {
        var runs = new List<Run>();
        foreach (var size in options.Sizes)
        {
            runs.Add(await MeasureAsync(options, size));
        }

        return [.. Rows([.. runs])];
    }

    private static async Task<Run> MeasureAsync(ScaleOptions options, int size)
    {
        await using var sandbox = await SandboxCluster.StartAsync();
        var folder = Directory.CreateTempSubdirectory("slipway-scale-");
        try
        {
            var own = Path.Combine(folder.FullName, "kubeconfig");
            sandbox.WriteKubeconfig(own);
            var kubeconfig = options.Kubeconfig ?? own;
            using var connection = ClusterConnection.Open(new ConnectionOptions { Kubeconfig = kubeconfig });
            await using var fleet = new Fleet(connection, sandbox.Registry, size);
            Say(size, "is made");
            foreach (var definition in CustomResources.All)
            {
                await new ResourceClient<JsonObject>(connection, Definitions, _ => []).ApplyAsync(new("", (string)definition["metadata"]!["name"]!), definition, null, CancellationToken.None, manager: "bench");
            }

            await fleet.MakeAsync();
            return await MeasureAsync(options, sandbox, fleet, kubeconfig, size);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Run> MeasureAsync(ScaleOptions options, SandboxCluster sandbox, Fleet fleet, string kubeconfig, int size)
    {
        var pushes = Math.Min(Pushes, fleet.Repositories);
        double adopted, processor, registry, pushing, ready, first;
        long memory, peak;
        long? api;
        double[] storm;
        TimeSpan spent;
        await using (var controller = MeasuredController.Start(options.Program, kubeconfig))
        {
            Notify(sandbox.Registry, controller);
            Say(size, "is adopted");
            await fleet.AdoptedAsync();
            adopted = controller.SecondsSinceStart;

            // What came of adopting has to be over before nothing happens.
            await Task.Delay(options.Idle / 2, TimeProvider.System);
            Say(size, "is idle");
            (processor, api, registry) = await IdleAsync(options, sandbox, controller, fleet);
            memory = controller.Memory;
            Say(size, "is pushed to");
            var before = controller.Processor;
            (storm, pushing) = await fleet.StormAsync(pushes, StormVersion);
            await fleet.RecordedAsync(pushes, StormVersion);
            spent = controller.Processor - before;
            peak = controller.Peak;
        }

        Say(size, "is started anew");
        await using (var controller = MeasuredController.Start(options.Program, kubeconfig))
        {
            Notify(sandbox.Registry, controller);
            ready = await controller.ReadyAsync();
            var before = controller.SecondsSinceStart;
            first = before + (await fleet.StormAsync(1, LastVersion)).Patched[0];
        }

        return new(size, adopted, processor, memory, peak, api, registry, storm, spent, pushing, fleet.WrittenTwice(repository => (repository < pushes ? 1 : 0) + (repository < 1 ? 1 : 0)), ready, first);
    }

    private static async Task<(double Processor, long? Api, double Registry)> IdleAsync(ScaleOptions options, SandboxCluster sandbox, MeasuredController controller, Fleet fleet)
    {
        sandbox.Registry.Log.Clear();
        var (began, spent, asked) = (TimeProvider.System.GetTimestamp(), controller.Processor, Asked(sandbox));
        await Task.Delay(options.Idle, TimeProvider.System);
        var lasted = TimeProvider.System.GetElapsedTime(began);
        return (
            (controller.Processor - spent) / lasted,
            options.Kubeconfig is null ? Asked(sandbox) - asked : null,
            sandbox.Registry.Log.Count() / (lasted.TotalMinutes * fleet.Repositories));
    }

    // The fleet itself watches, and asks for nothing while it waits.
    private static long Asked(SandboxCluster sandbox) => Verbs.Sum(verb => (long)sandbox.Api.Requests.Count(verb) - sandbox.Api.Requests.Count(verb, "leases"));

    private static void Notify(SandboxRegistry registry, MeasuredController controller)
    {
        var webhook = new NotificationEndpoint(new Uri(controller.Address, "/webhooks/distribution"));
        registry.Notify(webhook with { Headers = webhook.Headers.Add("Authorization", $"Bearer {MeasuredController.WebhookToken}"), Actions = ["push"] });
    }

    private static IEnumerable<(string What, Figure Figure)> Rows(ImmutableArray<Run> runs)
    {
        var most = runs[^1];
        yield return Row("idle: resident memory", runs, run => Report.Bytes(run.Memory), $"≤ {Report.Bytes(MemoryBudget)}", most.Memory <= MemoryBudget);
        yield return Row("the most resident memory, storm and all", runs, run => Report.Bytes(run.Peak), "", null);
        yield return Row("idle: of one core, interval 1 min", runs, run => Share(run.Processor), "≤ 5 %", most.Processor <= 0.05);
        yield return Row("idle: requests to the API server", runs, run => run.Api is { } api ? $"{api}" : "not counted", "0", most.Api is { } asked ? asked == 0 : null);
        yield return Row("idle: requests to a repository in an interval", runs, run => Number(run.Registry), "1", most.Registry <= 1.15);
        yield return Row("first start → all adopted", runs, run => Report.Duration(run.Adopted), "", null);
        yield return Row("later start → ready", runs, run => Report.Duration(run.Ready), "", null);
        yield return Row("later start → first patch", runs, run => Report.Duration(run.FirstPatch), "≤ 5 s", most.FirstPatch <= 5);
        yield return Row($"storm: pushes → last patch (up to {Pushes} pushes)", runs, run => Report.Duration(run.Storm[^1]), "≤ 10 s", most.Storm[^1] <= 10);
        yield return Row("storm: half of all patched after", runs, run => Report.Duration(run.Storm[run.Storm.Length / 2]), "", null);
        yield return Row("storm: the controller's processor time, all recorded", runs, run => Report.Duration(run.StormProcessor.TotalSeconds), "", null);
        yield return Row("storm: the pushes themselves", runs, run => Report.Duration(run.Pushing), "1 s", null);
        yield return Row("storm: patched twice", runs, run => $"{run.Twice}", "0", runs.All(run => run.Twice == 0));
    }

    private static (string What, Figure Figure) Row(string what, ImmutableArray<Run> runs, Func<Run, string> value, string budget, bool? kept) =>
        (what, new Figure(value(runs[^1]), budget, kept, string.Join(" · ", runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.Size:#,0}: {value(run)}")))));

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    private static string Number(double number) => string.Create(CultureInfo.InvariantCulture, $"{number:0.00}");

    private static void Say(int size, string what) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a fleet of {size:#,0} {what} …"));
}
