namespace Slipway.Sandbox.Schema;

/// <summary>Pods, their templates and their containers (core/v1).</summary>
internal static class PodTypes
{
    public const string Text =
        """
        Pod+: spec PodSpec status PodStatus
        PodTemplateSpec: metadata ObjectMeta spec PodSpec
        PodSpec: volumes [Volume/name] initContainers [Container/name] containers [Container/name] ephemeralContainers [EphemeralContainer/name]
          restartPolicy s=Always terminationGracePeriodSeconds i=30 activeDeadlineSeconds i dnsPolicy s=ClusterFirst nodeSelector {s}! serviceAccountName s
          serviceAccount s
          automountServiceAccountToken b nodeName s hostNetwork b hostPID b hostIPC b shareProcessNamespace b securityContext PodSecurityContext={}
          imagePullSecrets [LocalObjectReference!/name] hostname s subdomain s affinity Affinity schedulerName s=default-scheduler tolerations [Toleration]
          hostAliases [HostAlias/ip]
          priorityClassName s priority i dnsConfig PodDNSConfig readinessGates [PodReadinessGate] runtimeClassName s enableServiceLinks b preemptionPolicy s
          overhead {x} topologySpreadConstraints [TopologySpreadConstraint/topologyKey+whenUnsatisfiable] setHostnameAsFQDN b os PodOS hostUsers b
          schedulingGates [PodSchedulingGate/name] resourceClaims [PodResourceClaim/name] resources ResourceRequirements hostnameOverride s workloadRef j
        PodOS: name s
        PodSchedulingGate: name s
        PodResourceClaim: name s resourceClaimName s resourceClaimTemplateName s
        PodReadinessGate: conditionType s
        HostAlias: ip s hostnames [s]
        PodDNSConfig: nameservers [s] searches [s] options [PodDNSConfigOption]
        PodDNSConfigOption: name s value s
        Toleration: key s operator s value s effect s tolerationSeconds i
        TopologySpreadConstraint: maxSkew i topologyKey s whenUnsatisfiable s labelSelector LabelSelector! minDomains i nodeAffinityPolicy s nodeTaintsPolicy s
          matchLabelKeys [s]
        Affinity: nodeAffinity NodeAffinity podAffinity PodAffinity podAntiAffinity PodAffinity
        NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution NodeSelector! preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm]
        NodeSelector: nodeSelectorTerms [NodeSelectorTerm]
        NodeSelectorTerm: matchExpressions [LabelSelectorRequirement] matchFields [LabelSelectorRequirement]
        PreferredSchedulingTerm: weight i preference NodeSelectorTerm!
        PodAffinity: requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
        WeightedPodAffinityTerm: weight i podAffinityTerm PodAffinityTerm
        PodAffinityTerm: labelSelector LabelSelector! namespaces [s] topologyKey s namespaceSelector LabelSelector! matchLabelKeys [s] mismatchLabelKeys [s]
        PodSecurityContext: seLinuxOptions SELinuxOptions windowsOptions WindowsOptions runAsUser i runAsGroup i runAsNonRoot b supplementalGroups [i] fsGroup i
          sysctls [Sysctl] fsGroupChangePolicy s seccompProfile SeccompProfile appArmorProfile SeccompProfile supplementalGroupsPolicy s seLinuxChangePolicy s
        SELinuxOptions: user s role s type s level s
        WindowsOptions: gmsaCredentialSpecName s gmsaCredentialSpec s runAsUserName s hostProcess b
        SeccompProfile: type s localhostProfile s
        Sysctl: name s value s
        Container: name s image s command [s] args [s] workingDir s ports [ContainerPort/containerPort+protocol] envFrom [EnvFromSource] env [EnvVar/name]
          resources ResourceRequirements={} resizePolicy [ContainerResizePolicy] restartPolicy s restartPolicyRules [j] volumeMounts [VolumeMount/mountPath]
          volumeDevices [VolumeDevice/devicePath] livenessProbe Probe readinessProbe Probe startupProbe Probe lifecycle Lifecycle
          terminationMessagePath s=/dev/termination-log
          terminationMessagePolicy s=File imagePullPolicy s securityContext SecurityContext stdin b stdinOnce b tty b
        EphemeralContainer: name s image s command [s] args [s] workingDir s ports [ContainerPort/containerPort+protocol] envFrom [EnvFromSource]
          env [EnvVar/name]
          resources ResourceRequirements={} resizePolicy [ContainerResizePolicy] restartPolicy s restartPolicyRules [j] volumeMounts [VolumeMount/mountPath]
          volumeDevices [VolumeDevice/devicePath] livenessProbe Probe readinessProbe Probe startupProbe Probe lifecycle Lifecycle
          terminationMessagePath s=/dev/termination-log
          terminationMessagePolicy s=File imagePullPolicy s securityContext SecurityContext stdin b stdinOnce b tty b targetContainerName s
        ContainerResizePolicy: resourceName s restartPolicy s
        ContainerPort: name s hostPort i containerPort i protocol s=TCP hostIP s
        EnvFromSource: prefix s configMapRef OptionalReference secretRef OptionalReference
        OptionalReference: name s optional b
        EnvVar: name s value s valueFrom EnvVarSource
        EnvVarSource: fieldRef ObjectFieldSelector! resourceFieldRef ResourceFieldSelector! configMapKeyRef KeySelector! secretKeyRef KeySelector! fileKeyRef j
        ObjectFieldSelector: apiVersion s=v1 fieldPath s
        ResourceFieldSelector: containerName s resource s divisor x
        KeySelector: name s key s optional b
        ResourceRequirements: limits {x} requests {x} claims [ResourceClaim/name]
        ResourceClaim: name s request s
        VolumeMount: name s readOnly b recursiveReadOnly s mountPath s subPath s mountPropagation s subPathExpr s
        VolumeDevice: name s devicePath s
        Probe: exec ExecAction httpGet HTTPGetAction tcpSocket TCPSocketAction grpc GRPCAction initialDelaySeconds i timeoutSeconds i=1 periodSeconds i=10
          successThreshold i=1 failureThreshold i=3 terminationGracePeriodSeconds i
        ExecAction: command [s]
        HTTPGetAction: path s=/ port x host s scheme s=HTTP httpHeaders [HTTPHeader]
        HTTPHeader: name s value s
        TCPSocketAction: port x host s
        GRPCAction: port i service s
        Lifecycle: postStart LifecycleHandler preStop LifecycleHandler stopSignal s
        LifecycleHandler: exec ExecAction httpGet HTTPGetAction tcpSocket TCPSocketAction sleep SleepAction
        SleepAction: seconds i
        SecurityContext: capabilities Capabilities privileged b seLinuxOptions SELinuxOptions windowsOptions WindowsOptions runAsUser i runAsGroup i
          runAsNonRoot b readOnlyRootFilesystem b allowPrivilegeEscalation b procMount s seccompProfile SeccompProfile appArmorProfile SeccompProfile
        Capabilities: add [s] drop [s]
        PodStatus: phase s observedGeneration i conditions [PodCondition/type] message s reason s nominatedNodeName s hostIP s hostIPs [HostIP] podIP s
          podIPs [PodIP/ip] startTime s initContainerStatuses [ContainerStatus] containerStatuses [ContainerStatus] qosClass s
          ephemeralContainerStatuses [ContainerStatus] resize s resourceClaimStatuses [j] allocatedResources {x} resources ResourceRequirements
          extendedResourceClaimStatus j
        PodCondition: type s observedGeneration i status s lastProbeTime s lastTransitionTime s reason s message s
        PodIP: ip s
        HostIP: ip s
        ContainerStatus: name s state ContainerState lastState ContainerState ready b restartCount i image s imageID s containerID s started b
          allocatedResources {x} resources ResourceRequirements volumeMounts [j] user j allocatedResourcesStatus [j] stopSignal s
        ContainerState: waiting ContainerStateWaiting running ContainerStateRunning terminated ContainerStateTerminated
        ContainerStateWaiting: reason s message s
        ContainerStateRunning: startedAt s
        ContainerStateTerminated: exitCode i signal i reason s message s startedAt s finishedAt s containerID s
        """;
}
