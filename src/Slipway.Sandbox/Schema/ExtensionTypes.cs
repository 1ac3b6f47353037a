namespace Slipway.Sandbox.Schema;

/// <summary>apiextensions.k8s.io/v1. Schemas within schemas are taken as they come: they are checked when they are read.</summary>
internal static class ExtensionTypes
{
    public const string Text =
        """
        CustomResourceDefinition+: spec CustomResourceDefinitionSpec status CustomResourceDefinitionStatus
        CustomResourceDefinitionSpec: group s names CustomResourceDefinitionNames scope s versions [CustomResourceDefinitionVersion] conversion j
          preserveUnknownFields b
        CustomResourceDefinitionNames: plural s singular s shortNames [s] kind s listKind s categories [s]
        CustomResourceDefinitionVersion: name s served b storage b deprecated b deprecationWarning s schema CustomResourceValidation
          subresources CustomResourceSubresources additionalPrinterColumns [ColumnDefinition] selectableFields [j]
        CustomResourceValidation: openAPIV3Schema j
        CustomResourceSubresources: status j scale CustomResourceScale
        CustomResourceScale: specReplicasPath s statusReplicasPath s labelSelectorPath s
        ColumnDefinition: name s type s format s description s priority i jsonPath s
        CustomResourceDefinitionStatus: conditions [DefinitionCondition/type] acceptedNames CustomResourceDefinitionNames storedVersions [s]
          observedGeneration i
        DefinitionCondition: type s status s lastTransitionTime s reason s message s observedGeneration i
        """;
}
