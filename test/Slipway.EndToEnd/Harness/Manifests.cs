namespace Slipway.EndToEnd.Harness;

/// <summary>Workloads and Deliveries as a user writes them.</summary>
internal static class Manifests
{
    public static string Deployment(string ns, string image, int replicas = 1, string name = "shop") =>
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}, namespace: {{{ns}}}}
        spec:
          replicas: {{{replicas}}}
          selector: {matchLabels: {app: {{{name}}}}}
          template: {{{Template(name, image)}}}
        ---

        """;

    public static string StatefulSet(string ns, string image, int replicas = 2, string name = "shop") =>
        $$$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: {{{name}}}, namespace: {{{ns}}}}
        spec:
          replicas: {{{replicas}}}
          serviceName: {{{name}}}
          selector: {matchLabels: {app: {{{name}}}}}
          template: {{{Template(name, image)}}}
        ---

        """;

    public static string DaemonSet(string ns, string image, string name = "shop") =>
        $$$"""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: {{{name}}}, namespace: {{{ns}}}}
        spec:
          selector: {matchLabels: {app: {{{name}}}}}
          template: {{{Template(name, image)}}}
        ---

        """;

    /// <summary>Of a month's first minute: none of its jobs runs while a test does.</summary>
    public static string CronJob(string ns, string image, string apiVersion, string name = "shop") =>
        $$$"""
        apiVersion: {{{apiVersion}}}
        kind: CronJob
        metadata: {name: {{{name}}}, namespace: {{{ns}}}}
        spec:
          schedule: "0 0 1 1 *"
          suspend: true
          jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: "{{{image}}}"}] } } } }
        ---

        """;

    public static string Delivery(string ns, string targets, string source, string more = "", string name = "shop") =>
        $$$"""
        apiVersion: slipway.dev/v1alpha1
        kind: Delivery
        metadata: {name: {{{name}}}, namespace: {{{ns}}}}
        spec:
          targets: [{{{targets}}}]
          source: { {{{source}}} }
          {{{more}}}
        ---

        """;

    // A readiness probe of one second, and no long goodbye: a rollout takes seconds.
    private static string Template(string name, string image) =>
        $$$"""{metadata: {labels: {app: {{{name}}}}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: web, image: "{{{image}}}", readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]}}""";
}
