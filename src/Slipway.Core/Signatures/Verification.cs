namespace Slipway.Signatures;

/// <summary>What is known of the signatures of one image, as far as one Delivery requires them.</summary>
public abstract record Verification
{
    private Verification() { }

    /// <summary>Nobody requires a signature.</summary>
    public sealed record NotRequired : Verification;

    /// <summary>It is being looked for.</summary>
    public sealed record Pending : Verification;

    /// <summary>All that is required of this image is there.</summary>
    public sealed record Verified(string Digest) : Verification;

    /// <param name="Reason">CamelCase: SignatureMissing, SignatureInvalid, ….</param>
    /// <param name="Message">A sentence, with the way out.</param>
    public sealed record Refused(string Digest, string Reason, string Message) : Verification;
}
