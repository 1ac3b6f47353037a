namespace Slipway.Sandbox.Schema;

/// <summary>
/// Volumes of pods (core/v1). Those of clouds and storage vendors, which nothing here reads, are taken as they come.
/// </summary>
internal static class VolumeTypes
{
    public const string Text =
        """
        Volume: name s hostPath HostPathVolume emptyDir EmptyDirVolume secret SecretVolume configMap ConfigMapVolume projected ProjectedVolume
          downwardAPI DownwardAPIVolume persistentVolumeClaim ClaimVolume nfs NFSVolume csi CSIVolume ephemeral EphemeralVolume image ImageVolume
          gcePersistentDisk j awsElasticBlockStore j gitRepo j iscsi j glusterfs j rbd j flexVolume j cinder j cephfs j flocker j fc j azureFile j
          vsphereVolume j quobyte j azureDisk j photonPersistentDisk j portworxVolume j scaleIO j storageos j
        HostPathVolume: path s type s
        EmptyDirVolume: medium s sizeLimit x
        SecretVolume: secretName s items [KeyToPath] defaultMode i=420 optional b
        ConfigMapVolume: name s items [KeyToPath] defaultMode i=420 optional b
        KeyToPath: key s path s mode i
        ProjectedVolume: sources [VolumeProjection] defaultMode i=420
        VolumeProjection: secret SecretProjection downwardAPI DownwardAPIProjection configMap SecretProjection serviceAccountToken TokenProjection
          clusterTrustBundle j podCertificate j
        SecretProjection: name s items [KeyToPath] optional b
        DownwardAPIProjection: items [DownwardAPIFile]
        TokenProjection: audience s expirationSeconds i path s
        DownwardAPIVolume: items [DownwardAPIFile] defaultMode i
        DownwardAPIFile: path s fieldRef ObjectFieldSelector! resourceFieldRef ResourceFieldSelector! mode i
        ClaimVolume: claimName s readOnly b
        NFSVolume: server s path s readOnly b
        CSIVolume: driver s readOnly b fsType s volumeAttributes {s} nodePublishSecretRef LocalObjectReference
        EphemeralVolume: volumeClaimTemplate ClaimTemplate readOnly b
        ImageVolume: reference s pullPolicy s
        ClaimTemplate: metadata ObjectMeta spec ClaimSpec
        PersistentVolumeClaim+: spec ClaimSpec status ClaimStatus
        ClaimSpec: accessModes [s] selector LabelSelector! resources ResourceRequirements volumeName s storageClassName s volumeMode s
          dataSource TypedLocalObjectReference! dataSourceRef j volumeAttributesClassName s
        ClaimStatus: phase s accessModes [s] capacity {x} conditions [ClaimCondition/type] allocatedResources {x} resizeStatus s allocatedResourceStatuses {s}!
          currentVolumeAttributesClassName s modifyVolumeStatus j
        ClaimCondition: type s status s lastProbeTime s lastTransitionTime s reason s message s
        """;
}
