namespace Slipway.Sandbox.Schema;

/// <summary>The kinds of core/v1 besides pods, events in both forms, and leases.</summary>
internal static class CoreTypes
{
    public const string Text =
        """
        Namespace+: spec NamespaceSpec status NamespaceStatus
        NamespaceSpec: finalizers [s]
        NamespaceStatus: phase s conditions [NamespaceCondition/type]
        NamespaceCondition: type s status s lastTransitionTime s reason s message s
        Node+: spec NodeSpec status NodeStatus
        NodeSpec: podCIDR s podCIDRs [s]* providerID s unschedulable b taints [Taint] configSource j externalID s
        Taint: key s value s effect s timeAdded s
        NodeStatus: capacity {x} allocatable {x} phase s conditions [NodeCondition/type] addresses [NodeAddress/type] daemonEndpoints DaemonEndpoints
          nodeInfo NodeSystem images [ContainerImage] volumesInUse [s] volumesAttached [j] config j runtimeHandlers [j] features j declaredFeatures [s]
        NodeCondition: type s status s lastHeartbeatTime s lastTransitionTime s reason s message s
        NodeAddress: type s address s
        DaemonEndpoints: kubeletEndpoint DaemonEndpoint
        DaemonEndpoint: Port i
        NodeSystem: machineID s systemUUID s bootID s kernelVersion s osImage s containerRuntimeVersion s kubeletVersion s kubeProxyVersion s operatingSystem s
          architecture s swap j
        ContainerImage: names [s] sizeBytes i
        Service+: spec ServiceSpec status ServiceStatus
        ServiceSpec: ports [ServicePort/port+protocol] selector {s}! clusterIP s clusterIPs [s] type s=ClusterIP externalIPs [s] sessionAffinity s=None
          loadBalancerIP s
          loadBalancerSourceRanges [s] externalName s externalTrafficPolicy s healthCheckNodePort i publishNotReadyAddresses b
          sessionAffinityConfig SessionAffinityConfig topologyKeys [s] ipFamilies [s] ipFamilyPolicy s allocateLoadBalancerNodePorts b loadBalancerClass s
          internalTrafficPolicy s trafficDistribution s
        ServicePort: name s protocol s=TCP appProtocol s port i targetPort x nodePort i
        SessionAffinityConfig: clientIP ClientIPConfig
        ClientIPConfig: timeoutSeconds i
        ServiceStatus: loadBalancer LoadBalancerStatus conditions [Condition/type]
        LoadBalancerStatus: ingress [LoadBalancerIngress]
        LoadBalancerIngress: ip s hostname s ipMode s ports [PortStatus]
        PortStatus: port i protocol s error s
        Endpoints+: subsets [EndpointSubset]
        EndpointSubset: addresses [EndpointAddress] notReadyAddresses [EndpointAddress] ports [EndpointPort]
        EndpointAddress: ip s hostname s nodeName s targetRef ObjectReference!
        EndpointPort: name s port i protocol s=TCP appProtocol s
        ConfigMap+: immutable b data {s} binaryData {s}
        Secret+: immutable b data {s} stringData {s} type s=Opaque
        ServiceAccount+: secrets [ObjectReference/name] imagePullSecrets [LocalObjectReference] automountServiceAccountToken b
        Event+: involvedObject ObjectReference reason s message s source EventSource firstTimestamp s lastTimestamp s count i type s eventTime s
          series EventSeries action s related ObjectReference reportingComponent s reportingInstance s
        EventSource: component s host s
        EventSeries: count i lastObservedTime s
        NewEvent+: eventTime s series EventSeries reportingController s reportingInstance s action s reason s regarding ObjectReference related ObjectReference
          note s type s deprecatedSource EventSource deprecatedFirstTimestamp s deprecatedLastTimestamp s deprecatedCount i
        Lease+: spec LeaseSpec
        LeaseSpec: holderIdentity s leaseDurationSeconds i acquireTime s renewTime s leaseTransitions i strategy s preferredHolder s
        """;
}
