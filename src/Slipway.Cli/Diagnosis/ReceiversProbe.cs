using Slipway.Cli.Install;
using Slipway.Configuration;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>
/// Whether registries can tell of pushes: which receivers the controller was given, and what leads to it. What lies between a registry outside and the
/// cluster cannot be seen from here, and that is said.
/// </summary>
internal static class ReceiversProbe
{
    private const string Subject = "receivers";

    public static async Task<IReadOnlyList<Finding>> LookAsync(Examination examination, CancellationToken cancellationToken)
    {
        if (await examination.ControllerAsync(cancellationToken) is not { } controller)
        {
            return [new Finding(Subject, Verdict.Unknown, "as there is no Deployment of the controller, nothing tells what it receives")];
        }

        List<Finding> findings = [];
        string[] names = [.. await ConfiguredAsync(examination.Connection, controller, findings, cancellationToken), .. await DefaultAsync(examination.Connection, controller, findings, cancellationToken)];
        findings.Add(names.Length == 0
            ? new Finding(Subject, Verdict.Ok, "none has a credential: polling finds each push, at the latest after its spec.source.interval", "to ship at once, give one a token: slipway install --help")
            : new Finding(Subject, Verdict.Ok, $"the controller takes {string.Join(", ", names.Distinct().Select(name => $"/webhooks/{name}"))}"));
        findings.AddRange(await WaysAsync(examination.Connection, controller, names.Length > 0, cancellationToken));
        return findings;
    }

    private static async Task<IEnumerable<string>> ConfiguredAsync(ClusterConnection connection, ControllerSight controller, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (controller.ConfigMap is not { } map)
        {
            return [];
        }

        var key = new ObjectKey(controller.Key.Namespace, map);
        var text = await AskAsync(findings, async () => (await new ResourceClient<string>(connection, ResourceTypes.ConfigMaps, json => json.Property("data")?.Text("slipway.yaml") ?? "").GetAsync(key, cancellationToken))?.Value);
        try
        {
            return text is { Length: > 0 } ? (ConfigurationFile.Parse($"ConfigMap {key}", text).Receivers ?? []).Select(receiver => receiver.Name ?? "") : [];
        }
        catch (ConfigurationException e)
        {
            findings.Add(new Finding(Subject, Verdict.Problem, $"the controller cannot start with its configuration: {e.Message}", "correct the file, then: slipway install --config FILE | kubectl apply -f -"));
            return [];
        }
    }

    // The route exists when the token does, by the environment of the pod.
    private static async Task<IEnumerable<string>> DefaultAsync(ClusterConnection connection, ControllerSight controller, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (controller.TokenSecret is not var (name, entry))
        {
            return [];
        }

        // Only whether it is there: the token itself stays where it is.
        var secrets = new ResourceClient<object>(connection, ResourceTypes.Secrets, json => (object)(json.Property("data")?.Text(entry) is not null));
        var there = await AskAsync(findings, async () => (await secrets.GetAsync(new ObjectKey(controller.Key.Namespace, name), cancellationToken))?.Value);
        return there is true ? ["distribution"] : [];
    }

    private static async Task<T?> AskAsync<T>(List<Finding> findings, Func<Task<T?>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            findings.Add(Doctor.Unknown(Subject, e));
            return null;
        }
    }

    private static async Task<IReadOnlyList<Finding>> WaysAsync(ClusterConnection connection, ControllerSight controller, bool matters, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(controller.Key.Namespace, Installation.Name);
        var service = await new ResourceClient<string>(connection, ResourceTypes.Services, json => json.Property("spec")?.Text("type") ?? "ClusterIP").GetAsync(key, cancellationToken);
        if (service is null)
        {
            return [new Finding(Subject, matters ? Verdict.Problem : Verdict.Warning, $"there is no Service {key}: nothing in the cluster reaches the controller", "slipway install | kubectl apply -f -")];
        }

        List<Finding> ways = [await ThroughServerAsync(connection, key, cancellationToken)];
        if (matters)
        {
            var hosts = await HostsAsync(connection, key, cancellationToken);
            ways.Add(hosts.Count > 0 || service.Value == "LoadBalancer"
                ? new Finding(Subject, Verdict.Ok, hosts.Count > 0 ? $"an Ingress leads from {string.Join(", ", hosts)} to it" : $"Service {key} is a LoadBalancer")
                : new Finding(Subject, Verdict.Unknown, $"no Ingress in {key.Namespace} leads to it and it is no LoadBalancer; whether a registry outside gets through another way cannot be seen from here", $"from the registry's side: curl -i -X POST https://YOUR-HOST/webhooks/NAME   (401 means that it got through)"));
        }

        return ways;
    }

    // The one way into the cluster's network that every user of kubectl has ("Access Services Running on Clusters", proxy URLs).
    private static async Task<Finding> ThroughServerAsync(ClusterConnection connection, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.ReadAsync($"readiness of Service {key}", $"/api/v1/namespaces/{key.Namespace}/services/http:{key.Name}:http/proxy/readyz", cancellationToken);
            return new Finding(Subject, Verdict.Ok, $"Service {key} answers, through the API server: {answer.Text.Trim()}");
        }
        catch (KubeException e)
        {
            return e.Code == 503
                ? new Finding(Subject, Verdict.Warning, $"Service {key} does not answer through the API server: {e.Message}", $"kubectl get endpointslices -n {key.Namespace} -l kubernetes.io/service-name={key.Name}")
                : new Finding(Subject, Verdict.Unknown, $"whether Service {key} answers could not be tried through the API server: {e.Message}", $"kubectl port-forward -n {key.Namespace} service/{key.Name} 8080:80, then: curl localhost:8080/readyz");
        }
    }

    private static async Task<IReadOnlyList<string>> HostsAsync(ClusterConnection connection, ObjectKey service, CancellationToken cancellationToken)
    {
        var ingresses = new ResourceClient<string[]>(connection, ResourceTypes.Ingresses, ingress => [.. (ingress.Property("spec") ?? default).Elements("rules")
            .Where(rule => (rule.Property("http") ?? default).Elements("paths").Any(path => path.Property("backend")?.Property("service")?.Text("name") == service.Name))
            .Select(rule => rule.Text("host") ?? "every host")]);
        try
        {
            return [.. (await ingresses.ListAsync(new ListScope(service.Namespace), cancellationToken)).Items.SelectMany(item => item.Value).Distinct()];
        }
        catch (KubeException e) when (e.IsForbidden || e.IsNotFound)
        {
            return [];
        }
    }
}
