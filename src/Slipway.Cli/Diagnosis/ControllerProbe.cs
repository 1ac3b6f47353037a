using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Install;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>The controller: that it is there, ready, and of this version.</summary>
internal static class ControllerProbe
{
    private const string Subject = "controller";

    public static async Task<IReadOnlyList<Finding>> LookAsync(Examination examination, CancellationToken cancellationToken)
    {
        if (await examination.ControllerAsync(cancellationToken) is not { } controller)
        {
            return [new Finding(Subject, Verdict.Warning, "there is no Deployment of it that you may see; it may run elsewhere ('slipway run'): whether one leads is told below", "slipway install | kubectl apply -f -")];
        }

        var findings = new List<Finding> { Readiness(controller) };
        if (controller.Ready < controller.Wanted)
        {
            findings.AddRange(await ComplaintsAsync(examination.Connection, controller, cancellationToken));
        }

        if (controller.Version is { } version && version.TrimStart('v') != ProductVersion.Text)
        {
            findings.Add(new Finding(Subject, Verdict.Warning, $"it is version {version}, and this program is {ProductVersion.Text}", "use the slipway of the controller's version, or install this one's: slipway install | kubectl apply -f -"));
        }

        if (examination.Namespace is { } ns && controller.Watched is { } watched && watched != ns)
        {
            findings.Add(new Finding(Subject, Verdict.Problem, $"it looks after namespace {watched} only, and nobody after {ns}", $"slipway install --watch-namespace {ns}, or without it for all"));
        }

        return findings;
    }

    private static Finding Readiness(ControllerSight controller)
    {
        var said = $"Deployment {controller.Key}: {controller.Ready} of {controller.Wanted} pods are ready, {controller.Image}";
        return controller switch
        {
            { Wanted: 0 } => new Finding(Subject, Verdict.Problem, $"{said}: it is scaled to nothing", $"kubectl scale deployment {controller.Key.Name} -n {controller.Key.Namespace} --replicas=1"),
            { Ready: 0 } => new Finding(Subject, Verdict.Problem, said, $"kubectl logs -n {controller.Key.Namespace} deployment/{controller.Key.Name}"),
            _ when controller.Ready < controller.Wanted => new Finding(Subject, Verdict.Warning, said, $"kubectl get pods -n {controller.Key.Namespace}"),
            _ => new Finding(Subject, Verdict.Ok, said),
        };
    }

    private static async Task<IEnumerable<Finding>> ComplaintsAsync(ClusterConnection connection, ControllerSight controller, CancellationToken cancellationToken)
    {
        var pods = new ResourceClient<string>(connection, ResourceTypes.Pods, Complaint);
        var page = await pods.ListAsync(new ListScope(controller.Key.Namespace, $"app.kubernetes.io/name={Installation.Name}"), cancellationToken);
        return page.Items.Where(item => item.Value.Length > 0).Select(item => new Finding(Subject, Verdict.Problem, $"pod {item.Key.Name}: {item.Value}", $"kubectl describe pod -n {item.Key.Namespace} {item.Key.Name}"));
    }

    // Empty: it does not complain.
    private static string Complaint(JsonElement pod)
    {
        var status = pod.Property("status") ?? default;
        var waiting = status.Elements("containerStatuses").Select(container => container.Property("state")?.Property("waiting")).FirstOrDefault(state => state is not null) ?? default;
        var unscheduled = status.Elements("conditions").FirstOrDefault(condition => condition.Text("type") == "PodScheduled" && condition.Text("status") == "False");
        return string.Join(": ", new[] { waiting.Text("reason") ?? unscheduled.Text("reason"), waiting.Text("message") ?? unscheduled.Text("message") }.OfType<string>());
    }
}
