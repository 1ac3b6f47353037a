namespace Slipway.Api;

/// <summary>Which signatures a candidate must have before it is deployed.</summary>
/// <param name="Keys">One of them must have signed; several while keys are being exchanged.</param>
/// <param name="Attestations">Each must be there, signed by one of the keys.</param>
/// <param name="SignedIdentity">The repository that the signature names; default: the one that is followed.</param>
public sealed record Verify(IReadOnlyList<VerificationKeySource>? Keys = null, IReadOnlyList<RequiredAttestation>? Attestations = null, string? SignedIdentity = null);

/// <summary>One or several public keys in PEM. Exactly one of the fields.</summary>
public sealed record VerificationKeySource(ObjectKeyReference? ConfigMapKeyRef = null, ObjectKeyReference? SecretKeyRef = null, string? Pem = null);

/// <summary>One entry of a ConfigMap or a Secret in the namespace of the Delivery.</summary>
public sealed record ObjectKeyReference(string? Name = null, string? Key = null);

/// <summary>A kind of in-toto statement, such as <c>https://slsa.dev/provenance/v1</c>.</summary>
public sealed record RequiredAttestation(string? PredicateType = null);
