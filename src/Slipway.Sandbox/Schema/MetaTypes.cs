namespace Slipway.Sandbox.Schema;

/// <summary>meta/v1, and small types that many kinds share.</summary>
internal static class MetaTypes
{
    public const string Text =
        """
        ObjectMeta: name s generateName s namespace s selfLink s uid s resourceVersion s generation i creationTimestamp s deletionTimestamp s
          deletionGracePeriodSeconds i labels {s} annotations {s} ownerReferences [OwnerReference/uid] finalizers [s]* clusterName s
          managedFields [ManagedFieldsEntry]
        OwnerReference: apiVersion s kind s name s uid s controller b blockOwnerDeletion b
        ManagedFieldsEntry: manager s operation s apiVersion s time s fieldsType s fieldsV1 j subresource s
        LabelSelector: matchLabels {s} matchExpressions [LabelSelectorRequirement]
        LabelSelectorRequirement: key s operator s values [s]
        Condition: type s status s observedGeneration i lastTransitionTime s reason s message s
        ObjectReference: kind s namespace s name s uid s apiVersion s resourceVersion s fieldPath s
        LocalObjectReference: name s
        TypedLocalObjectReference: apiGroup s kind s name s
        SecretReference: name s namespace s
        """;
}
