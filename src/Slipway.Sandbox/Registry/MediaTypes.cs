namespace Slipway.Sandbox.Registry;

/// <summary>From the OCI image spec ("OCI Image Media Types") and Docker's "Image Manifest V 2, Schema 2".</summary>
public static class MediaTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar+gzip";

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>Schema 1, which docker-registry 2.x still makes up for a client that does not say it knows better.</summary>
    public const string DockerManifestV1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>What a client sends that understands every manifest of today.</summary>
    public static readonly string AcceptAll = string.Join(", ", OciManifest, OciIndex, DockerManifest, DockerManifestList);

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerManifestList;

    public static bool IsManifest(string mediaType) => IsIndex(mediaType) || mediaType is OciManifest or DockerManifest;
}
