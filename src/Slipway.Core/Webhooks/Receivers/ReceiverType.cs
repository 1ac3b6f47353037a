using System.Collections.Frozen;
using Slipway.Webhooks.Payloads;

namespace Slipway.Webhooks.Receivers;

/// <summary>How a sender may prove who it is.</summary>
[Flags]
public enum ReceiverProofs
{
    None = 0,

    /// <summary>A shared secret, sent as it is.</summary>
    Token = 1,

    /// <summary>A signature of the body with a shared secret.</summary>
    Hmac = 2,

    /// <summary>RFC 7617.</summary>
    Basic = 4,

    /// <summary>A token of an issuer that is asked for its keys (OpenID Connect Core 1.0).</summary>
    Oidc = 8,
}

/// <summary>One kind of sender: how to read it, and what it is able to send as a proof of itself.</summary>
/// <param name="Vendor">Whose documentation describes the payload.</param>
/// <param name="TokenHeader">Where the vendor puts a token beside <c>Authorization</c>; null where there is no other place.</param>
/// <param name="TokenInQuery">Whether the vendor can send nothing but an address, so that the secret must stand in it, as <c>?secret=…</c>.</param>
/// <param name="Signature">Where a signature stands and how it is written; null where the vendor signs nothing.</param>
public sealed record ReceiverType(
    string Name, string Vendor, PayloadParser Parse, ReceiverProofs Proofs, string? TokenHeader = null, bool TokenInQuery = false, SignatureScheme? Signature = null)
{
    private const ReceiverProofs AnyHeader = ReceiverProofs.Token | ReceiverProofs.Basic;

    private const ReceiverProofs Any = AnyHeader | ReceiverProofs.Hmac | ReceiverProofs.Oidc;

    /// <summary>All of them, by name.</summary>
    public static readonly FrozenDictionary<string, ReceiverType> All = new ReceiverType[]
    {
        new("acr", "Azure Container Registry", AzurePayload.Parse, AnyHeader),
        new("aliyun", "Alibaba Cloud Container Registry", AliyunPayload.Parse, ReceiverProofs.Token, TokenInQuery: true),
        new("artifactory", "JFrog Artifactory", ArtifactoryPayload.Parse, AnyHeader | ReceiverProofs.Hmac, "X-JFrog-Event-Auth", Signature: SignatureScheme.Artifactory),
        new("cdevents", "CDEvents", CDEventsPayload.Parse, Any, Signature: SignatureScheme.Generic),
        new("cloudevents", "CloudEvents", CloudEventsPayload.Parse, Any, Signature: SignatureScheme.Generic),
        new("distribution", "distribution registry", DistributionPayload.Parse, AnyHeader),
        new("dockerhub", "Docker Hub", DockerHubPayload.Parse, ReceiverProofs.Token, TokenInQuery: true),
        new("ecr", "Amazon ECR by EventBridge", EcrPayload.Parse, AnyHeader | ReceiverProofs.Oidc, "X-Api-Key"),
        new("gcr", "Google Artifact Registry by Pub/Sub", PubSubPayload.Parse, ReceiverProofs.Oidc),
        new("generic", "Slipway", GenericPayload.Parse, Any, Signature: SignatureScheme.Generic),
        new("github", "GitHub", GitHubPayload.Parse, ReceiverProofs.Hmac, Signature: SignatureScheme.GitHub),
        new("gitlab", "GitLab", GitLabPayload.Parse, AnyHeader | ReceiverProofs.Oidc, "X-Gitlab-Token"),
        new("harbor", "Harbor", HarborPayload.Parse, AnyHeader),
        new("nexus", "Sonatype Nexus Repository", NexusPayload.Parse, ReceiverProofs.Hmac, Signature: SignatureScheme.Nexus),
        new("quay", "Quay", QuayPayload.Parse, ReceiverProofs.Token, TokenInQuery: true),
    }.ToFrozenDictionary(type => type.Name);
}
