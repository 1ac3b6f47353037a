namespace Slipway.Sandbox.Schema;

/// <summary>discovery.k8s.io, networking.k8s.io and policy. A name that ends in Beta is the form of v1beta1, where that is another one.</summary>
internal static class NetworkTypes
{
    public const string Text =
        """
        EndpointSlice+: addressType s endpoints [Endpoint] ports [SlicePort]
        Endpoint: addresses [s]* conditions EndpointConditions hostname s targetRef ObjectReference! deprecatedTopology {s} nodeName s zone s hints j
        EndpointConditions: ready b serving b terminating b
        SlicePort: name s protocol s=TCP port i appProtocol s
        EndpointSliceBeta+: addressType s endpoints [EndpointBeta] ports [SlicePort]
        EndpointBeta: addresses [s]* conditions EndpointConditions hostname s targetRef ObjectReference! topology {s} nodeName s
        Ingress+: spec IngressSpec status IngressStatus
        IngressSpec: ingressClassName s defaultBackend IngressBackend tls [IngressTLS] rules [IngressRule]
        IngressBackend: service IngressService resource TypedLocalObjectReference!
        IngressService: name s port IngressPort
        IngressPort: name s number i
        IngressTLS: hosts [s] secretName s
        IngressRule: host s http IngressHttp
        IngressHttp: paths [IngressPath]
        IngressPath: path s pathType s backend IngressBackend
        IngressStatus: loadBalancer LoadBalancerStatus
        IngressBeta+: spec IngressSpecBeta status IngressStatus
        IngressSpecBeta: ingressClassName s backend IngressBackendBeta tls [IngressTLS] rules [IngressRuleBeta]
        IngressBackendBeta: serviceName s servicePort x resource TypedLocalObjectReference!
        IngressRuleBeta: host s http IngressHttpBeta
        IngressHttpBeta: paths [IngressPathBeta]
        IngressPathBeta: path s pathType s backend IngressBackendBeta
        NetworkPolicy+: spec NetworkPolicySpec status j
        NetworkPolicySpec: podSelector LabelSelector! ingress [NetworkIngress] egress [NetworkEgress] policyTypes [s]
        NetworkIngress: ports [NetworkPort] from [NetworkPeer]
        NetworkEgress: ports [NetworkPort] to [NetworkPeer]
        NetworkPort: protocol s=TCP port x endPort i
        NetworkPeer: podSelector LabelSelector! namespaceSelector LabelSelector! ipBlock NetworkBlock
        NetworkBlock: cidr s except [s]
        PodDisruptionBudget+: spec PodDisruptionBudgetSpec status PodDisruptionBudgetStatus
        PodDisruptionBudgetSpec: minAvailable x selector LabelSelector! maxUnavailable x unhealthyPodEvictionPolicy s
        PodDisruptionBudgetStatus: observedGeneration i disruptedPods {s} disruptionsAllowed i currentHealthy i desiredHealthy i expectedPods i
          conditions [Condition/type]
        """;
}
