using System.Collections.Immutable;
using System.Globalization;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;

namespace Slipway.Bench;

/// <summary>Objects as a cluster of ten thousand Deliveries has them: two to a repository, twenty to a namespace.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"shop-{index}");

    public static string Namespace(int index) => string.Create(CultureInfo.InvariantCulture, $"team-{index / 20}");

    public static string Uid(int index) => string.Create(CultureInfo.InvariantCulture, $"6f0c7b1e-2f0a-4d4e-9a51-{index:x12}");

    public static Delivery Delivery(int index, int rejections) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = Name(index),
            Namespace = Namespace(index),
            Uid = Uid(index),
            ResourceVersion = $"{10_000_000 + index}",
            Generation = 3,
            CreationTimestamp = Noon,
            Labels = ImmutableDictionary<string, string>.Empty.Add("app.kubernetes.io/name", Name(index)),
        },
        Spec = new DeliverySpec
        {
            Targets = [new Target { ApiVersion = "apps/v1", Kind = "Deployment", Name = Name(index) }],
            Source = new Source { Repository = Repository(index), Follow = new Follow { Semver = new(Range: ">=1.4 <2") }, Interval = "1m" },
            Strategy = new Strategy(new RollingStrategy("30s")),
        },
        Status = new DeliveryStatus
        {
            ObservedGeneration = 3,
            Candidate = new CandidateStatus("1.9.3", Digest(index, 3), Noon, "1.9.3 is the highest of 214 tags in >=1.4 <2; 12 others do not match"),
            Current = new ReleasedImage("1.9.3", Digest(index, 3), 42),
            LastRelease = 42,
            Rejected = [.. Enumerable.Range(0, rejections).Select(number => new Rejection(
                "1.9.2", Digest(index, 100 + number), 41, "CrashLoopBackOff", "pod shop-7c9 container web: back-off 10s restarting failed container", "v1:0123456789abcdef"))],
            Conditions =
            [
                new Condition(DeliveryConditions.Ready, "True", Reasons.UpToDate, "1.9.3 runs", Noon, 3),
                new Condition(DeliveryConditions.SourceReady, "True", Reasons.Found, $"{Repository(index)}: 1.9.3", Noon, 3),
            ],
        },
    };

    public static Release Release(int index) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = ReleaseName.For(Name(index), Uid(index), 42, Digest(index, 3)),
            Namespace = Namespace(index),
            Uid = Uid(index + 1_000_000),
            ResourceVersion = $"{10_000_000 + index}",
            Generation = 1,
            CreationTimestamp = Noon,
            Labels = ImmutableDictionary<string, string>.Empty.Add(ApiNames.DeliveryLabel, Name(index)),
            OwnerReferences = [new OwnerReference(ApiNames.ApiVersion, ApiNames.DeliveryKind, Name(index), Uid(index), Controller: true)],
        },
        Spec = new ReleaseSpec
        {
            Delivery = Name(index),
            Number = 42,
            Repository = Repository(index),
            Tag = "1.9.3",
            Digest = Digest(index, 3),
            Previous = new ReleasedImage("1.9.1", Digest(index, 1), 40),
            Cause = Causes.NewImage,
            StartedAt = Noon,
        },
        Status = new ReleaseStatus { Outcome = Outcomes.Succeeded, Reason = Reasons.Succeeded, Message = "1.9.3 is healthy on every target", FinishedAt = Noon.AddMinutes(1) },
    };

    /// <summary>As <c>kubectl apply</c> leaves it, with managedFields.</summary>
    public static string Deployment(int index) => DeploymentTemplate
        .Replace("NAMESPACE", Namespace(index), StringComparison.Ordinal)
        .Replace("NAME", Name(index), StringComparison.Ordinal)
        .Replace("UID", Uid(index), StringComparison.Ordinal)
        .Replace("VERSION", $"{10_000_000 + index}", StringComparison.Ordinal)
        .Replace("IMAGE", $"{Repository(index)}:1.9.3@{Digest(index, 3)}", StringComparison.Ordinal);

    private const string DeploymentTemplate =
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"NAME","namespace":"NAMESPACE","uid":"UID","resourceVersion":"VERSION",
        "generation":7,"creationTimestamp":"2026-01-01T12:00:00Z","labels":{"app.kubernetes.io/name":"NAME","app.kubernetes.io/part-of":"store"},
        "annotations":{"deployment.kubernetes.io/revision":"7","slipway.dev/release":"42","slipway.dev/version":"1.9.3"},
        "managedFields":[
        {"manager":"slipway","operation":"Apply","apiVersion":"apps/v1","time":"2026-01-01T12:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{"f:slipway.dev/release":{},"f:slipway.dev/version":{}}},"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:name":{}}}}}}}},
        {"manager":"kubectl-client-side-apply","operation":"Update","apiVersion":"apps/v1","time":"2026-01-01T12:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app.kubernetes.io/name":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:imagePullPolicy":{},"f:name":{},"f:ports":{},"f:readinessProbe":{},"f:resources":{}}}}}}}},
        {"manager":"kube-controller-manager","operation":"Update","apiVersion":"apps/v1","time":"2026-01-01T12:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{"f:deployment.kubernetes.io/revision":{}}},"f:status":{"f:availableReplicas":{},"f:conditions":{},"f:observedGeneration":{},"f:readyReplicas":{},"f:replicas":{},"f:updatedReplicas":{}}}}]},
        "spec":{"replicas":3,"selector":{"matchLabels":{"app":"NAME"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}},"revisionHistoryLimit":10,"progressDeadlineSeconds":600,
        "template":{"metadata":{"labels":{"app":"NAME"}},"spec":{"containers":[{"name":"web","image":"IMAGE","ports":[{"containerPort":8080}],
        "resources":{"requests":{"cpu":"100m","memory":"128Mi"}},"readinessProbe":{"httpGet":{"path":"/ready","port":8080}},"imagePullPolicy":"IfNotPresent"}],"serviceAccountName":"default","imagePullSecrets":[{"name":"regcred"}],
        "nodeSelector":{"kubernetes.io/os":"linux"},"tolerations":[{"key":"spot","operator":"Exists","effect":"NoSchedule"}]}}},
        "status":{"observedGeneration":7,"replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":3,"conditions":[{"type":"Available","status":"True","reason":"MinimumReplicasAvailable","message":"Deployment has minimum availability."},{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable","message":"ReplicaSet has successfully progressed."}]}}
        """;

    private static string Repository(int index) => string.Create(CultureInfo.InvariantCulture, $"registry.example/store/shop-{index / 2}");

    private static string Digest(int index, int version) => string.Create(CultureInfo.InvariantCulture, $"sha256:{index:x32}{version:x32}");
}
