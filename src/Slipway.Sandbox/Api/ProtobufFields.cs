using System.Collections.Frozen;

namespace Slipway.Sandbox.Api;

/// <summary>One field of a message: how JSON names it, and what it holds.</summary>
/// <param name="IsPointer">Its zero is a value; the zero of any other field is as good as absent.</param>
internal sealed record ProtobufField(string Name, string Type, bool IsList, bool IsMap, bool IsPointer);

/// <summary>
/// The numbers of the fields that kubectl sends when it creates objects from flags: it does so in protobuf, and takes no other
/// answer to whether the server reads it. They are those of the generated.proto files of k8s.io/api. What is not here is refused.
/// </summary>
internal static class ProtobufFields
{
    // TYPE: number name type. Types: s text, i whole number, b flag, y bytes, x number or text, q quantity, t time, - not read.
    // [] is a list, {} a map, ? a pointer. An indented line goes on with the one before.
    private const string Text =
        """
        ObjectMeta: 1 name s 2 generateName s 3 namespace s 4 selfLink s 5 uid s 6 resourceVersion s 7 generation i 8 creationTimestamp -
          9 deletionTimestamp - 11 labels {s} 12 annotations {s} 13 ownerReferences [OwnerReference] 14 finalizers [s] 17 managedFields -
        OwnerReference: 1 kind s 3 name s 4 uid s 5 apiVersion s 6 controller ?b 7 blockOwnerDeletion ?b
        Namespace: 1 metadata ObjectMeta 2 spec - 3 status -
        ConfigMap: 1 metadata ObjectMeta 2 data {s} 3 binaryData {y} 4 immutable ?b
        Secret: 1 metadata ObjectMeta 2 data {y} 3 type s 4 stringData {s} 5 immutable ?b
        ServiceAccount: 1 metadata ObjectMeta 2 secrets [ObjectReference] 3 imagePullSecrets [LocalObjectReference] 4 automountServiceAccountToken ?b
        ObjectReference: 1 kind s 2 namespace s 3 name s 4 uid s 5 apiVersion s 6 resourceVersion s 7 fieldPath s
        LocalObjectReference: 1 name s
        Service: 1 metadata ObjectMeta 2 spec ServiceSpec 3 status -
        ServiceSpec: 1 ports [ServicePort] 2 selector {s} 3 clusterIP s 4 type s 5 externalIPs [s] 7 sessionAffinity s 8 loadBalancerIP s
          9 loadBalancerSourceRanges [s] 10 externalName s 11 externalTrafficPolicy s 12 healthCheckNodePort i 13 publishNotReadyAddresses b
          17 ipFamilyPolicy ?s 18 clusterIPs [s] 19 ipFamilies [s] 22 internalTrafficPolicy ?s
        ServicePort: 1 name s 2 protocol s 3 port i 4 targetPort x 5 nodePort i 6 appProtocol ?s
        Deployment: 1 metadata ObjectMeta 2 spec DeploymentSpec 3 status -
        DeploymentSpec: 1 replicas ?i 2 selector LabelSelector 3 template PodTemplateSpec 4 strategy DeploymentStrategy 5 minReadySeconds i
          6 revisionHistoryLimit ?i 7 paused b 9 progressDeadlineSeconds ?i
        DeploymentStrategy: 1 type s 2 rollingUpdate RollingUpdate
        RollingUpdate: 1 maxUnavailable x 2 maxSurge x
        LabelSelector: 1 matchLabels {s} 2 matchExpressions [LabelSelectorRequirement]
        LabelSelectorRequirement: 1 key s 2 operator s 3 values [s]
        PodTemplateSpec: 1 metadata ObjectMeta 2 spec PodSpec
        Pod: 1 metadata ObjectMeta 2 spec PodSpec 3 status -
        PodSpec: 2 containers [Container] 3 restartPolicy s 4 terminationGracePeriodSeconds ?i 5 activeDeadlineSeconds ?i 6 dnsPolicy s 7 nodeSelector {s}
          8 serviceAccountName s 9 serviceAccount s 10 nodeName s 11 hostNetwork b 12 hostPID b 13 hostIPC b 15 imagePullSecrets [LocalObjectReference]
          16 hostname s 17 subdomain s 19 schedulerName s 20 initContainers [Container] 21 automountServiceAccountToken ?b 24 priorityClassName s
        Container: 1 name s 2 image s 3 command [s] 4 args [s] 5 workingDir s 6 ports [ContainerPort] 7 env [EnvVar] 8 resources Resources
          13 terminationMessagePath s 14 imagePullPolicy s 16 stdin b 17 stdinOnce b 18 tty b 20 terminationMessagePolicy s
        ContainerPort: 1 name s 2 hostPort i 3 containerPort i 4 protocol s 5 hostIP s
        EnvVar: 1 name s 2 value s
        Resources: 1 limits {q} 2 requests {q}
        Job: 1 metadata ObjectMeta 2 spec JobSpec 3 status -
        JobSpec: 1 parallelism ?i 2 completions ?i 3 activeDeadlineSeconds ?i 4 selector LabelSelector 5 manualSelector ?b 6 template PodTemplateSpec
          7 backoffLimit ?i 8 ttlSecondsAfterFinished ?i 9 completionMode ?s 10 suspend ?b
        CronJob: 1 metadata ObjectMeta 2 spec CronJobSpec 3 status -
        CronJobSpec: 1 schedule s 2 startingDeadlineSeconds ?i 3 concurrencyPolicy s 4 suspend ?b 5 jobTemplate JobTemplateSpec
          6 successfulJobsHistoryLimit ?i 7 failedJobsHistoryLimit ?i 8 timeZone ?s
        JobTemplateSpec: 1 metadata ObjectMeta 2 spec JobSpec
        Role: 1 metadata ObjectMeta 2 rules [PolicyRule]
        ClusterRole: 1 metadata ObjectMeta 2 rules [PolicyRule]
        PolicyRule: 1 verbs [s] 2 apiGroups [s] 3 resources [s] 4 resourceNames [s] 5 nonResourceURLs [s]
        RoleBinding: 1 metadata ObjectMeta 2 subjects [Subject] 3 roleRef RoleRef
        ClusterRoleBinding: 1 metadata ObjectMeta 2 subjects [Subject] 3 roleRef RoleRef
        Subject: 1 kind s 2 apiGroup s 3 name s 4 namespace s
        RoleRef: 1 apiGroup s 2 kind s 3 name s
        SelfSubjectAccessReview: 1 metadata ObjectMeta 2 spec SelfSubjectAccessReviewSpec 3 status -
        SelfSubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes 2 nonResourceAttributes NonResourceAttributes
        ResourceAttributes: 1 namespace s 2 verb s 3 group s 4 version s 5 resource s 6 subresource s 7 name s
        NonResourceAttributes: 1 path s 2 verb s
        TokenRequest: 1 metadata ObjectMeta 2 spec TokenRequestSpec 3 status -
        TokenRequestSpec: 1 audiences [s] 3 boundObjectRef ObjectReference 4 expirationSeconds ?i
        DeleteOptions: 1 gracePeriodSeconds ?i 2 preconditions Preconditions 3 orphanDependents ?b 4 propagationPolicy ?s 5 dryRun [s]
        Preconditions: 1 uid ?s 2 resourceVersion ?s
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<int, ProtobufField>> ByType = Text
        .Replace("\n ", " ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(':', 2))
        .ToFrozenDictionary(line => line[0], line => Fields(line[1]));

    /// <returns>Null when the message is not one that is read.</returns>
    public static FrozenDictionary<int, ProtobufField>? Of(string type) => ByType.GetValueOrDefault(type);

    private static FrozenDictionary<int, ProtobufField> Fields(string words) => words
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Chunk(3)
        .ToFrozenDictionary(field => int.Parse(field[0], System.Globalization.CultureInfo.InvariantCulture), field => Field(field[1], field[2]));

    private static ProtobufField Field(string name, string type) => type[0] switch
    {
        '[' => new(name, type[1..^1], IsList: true, IsMap: false, IsPointer: false),
        '{' => new(name, type[1..^1], IsList: false, IsMap: true, IsPointer: false),
        '?' => new(name, type[1..], IsList: false, IsMap: false, IsPointer: true),
        _ => new(name, type, IsList: false, IsMap: false, IsPointer: false),
    };
}
