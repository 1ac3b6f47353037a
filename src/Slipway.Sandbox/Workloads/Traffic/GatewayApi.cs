namespace Slipway.Sandbox.Workloads.Traffic;

/// <summary>
/// The kind of Gateway API that the sandbox's gateway understands, as a CRD for <c>kubectl apply</c>: written for the tests, with the fields that rollouts and
/// their checks touch, of the same names and meanings as in gateway.networking.k8s.io/v1. Its objects work on a real cluster as well, which has a
/// schema of its own for them.
/// </summary>
public static class GatewayApi
{
    public const string HttpRouteDefinition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: httproutes.gateway.networking.k8s.io
          annotations: {api-approved.kubernetes.io: "unapproved, made for tests"}
        spec:
          group: gateway.networking.k8s.io
          scope: Namespaced
          names: {plural: httproutes, singular: httproute, kind: HTTPRoute, listKind: HTTPRouteList}
          versions:
            - name: v1
              served: true
              storage: true
              subresources: {status: {} }
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      properties:
                        parentRefs: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true} }
                        hostnames: {type: array, items: {type: string} }
                        rules:
                          type: array
                          items:
                            type: object
                            properties:
                              name: {type: string}
                              matches: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true} }
                              filters: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true} }
                              timeouts: {type: object, x-kubernetes-preserve-unknown-fields: true}
                              backendRefs:
                                type: array
                                items:
                                  type: object
                                  required: [name]
                                  properties:
                                    group: {type: string, default: ""}
                                    kind: {type: string, default: Service}
                                    name: {type: string}
                                    namespace: {type: string}
                                    port: {type: integer}
                                    weight: {type: integer, minimum: 0, maximum: 1000000, default: 1}
                                    filters: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true} }
                    status: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """;
}
