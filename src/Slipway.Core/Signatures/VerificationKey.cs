using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Slipway.Signatures;

/// <summary>The kind of a key, and with it the only signatures that it can verify: what a signature says of itself is not asked.</summary>
public enum KeyKind
{
    /// <summary>ECDSA on P-256, over SHA-256: what <c>cosign generate-key-pair</c> makes.</summary>
    EcdsaP256,

    /// <summary>ECDSA on P-384, over SHA-256 (cosign to version 2) or SHA-384 (since then).</summary>
    EcdsaP384,

    /// <summary>RFC 8032, over the message itself.</summary>
    Ed25519,

    /// <summary>PKCS #1 v1.5, or PSS with a salt as long as the hash, as key services make it (RFC 8017), over SHA-256.</summary>
    Rsa,
}

/// <summary>A public key that signatures are verified with. Two are the same when their fingerprints are.</summary>
public sealed class VerificationKey : IEquatable<VerificationKey>
{
    // RFC 5480 (elliptic curves), RFC 8017 (RSA), RFC 8410 (Ed25519): the algorithm of a SubjectPublicKeyInfo, and the curve.
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string EdwardsCurve25519 = "1.3.101.112";

    // Below, a signature can be forged for money (NIST SP 800-57, "Security Strengths"); above, one verification takes as long as a thousand.
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;

    private readonly ImmutableArray<byte> _info;
    private readonly ImmutableArray<byte> _point;

    private VerificationKey(KeyKind kind, ImmutableArray<byte> info, ImmutableArray<byte> point)
    {
        (Kind, _info, _point) = (kind, info, point);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(info.AsSpan()));
    }

    public KeyKind Kind { get; }

    /// <summary>The SHA-256 of the SubjectPublicKeyInfo in hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>A SubjectPublicKeyInfo in DER (RFC 5280, section 4.1); null where it is of no use here, with the reason.</summary>
    public static VerificationKey? TryRead(byte[] info, out string why)
    {
        why = "it is not the DER of a public key (SubjectPublicKeyInfo)";
        try
        {
            var outer = new AsnReader(info, AsnEncodingRules.DER).ReadSequence();
            var algorithm = outer.ReadSequence();
            var name = algorithm.ReadObjectIdentifier();
            var curve = name == EcPublicKey && algorithm.HasData ? algorithm.ReadObjectIdentifier() : null;
            KeyKind? kind = (name, curve) switch
            {
                (EcPublicKey, P256) => KeyKind.EcdsaP256,
                (EcPublicKey, P384) => KeyKind.EcdsaP384,
                (RsaEncryption, _) => KeyKind.Rsa,
                (EdwardsCurve25519, _) => KeyKind.Ed25519,
                _ => null,
            };
            if (kind is null)
            {
                why = $"it is of a kind that is not verified here ({curve ?? name}); use ECDSA on P-256 or P-384, Ed25519, or RSA";
                return null;
            }

            var point = kind is KeyKind.Ed25519 ? outer.ReadBitString(out _) : [];
            why = Fault(kind.Value, info, point) ?? "";
            return why.Length == 0 ? new VerificationKey(kind.Value, [.. info], [.. point]) : null;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether the holder of the private half signed this message.</summary>
    /// <param name="signature">ECDSA: DER (RFC 3279); Ed25519 and RSA: the bytes as they are.</param>
    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            return Kind switch
            {
                KeyKind.Ed25519 => VerifiesEd25519(message, signature),
                KeyKind.Rsa => VerifiesRsa(message, signature),
                KeyKind.EcdsaP256 => VerifiesEcdsa(message, signature, HashAlgorithmName.SHA256),
                _ => VerifiesEcdsa(message, signature, HashAlgorithmName.SHA256) || VerifiesEcdsa(message, signature, HashAlgorithmName.SHA384),
            };
        }
        catch (CryptographicException)
        {
            // The bytes are not even the form of a signature.
            return false;
        }
    }

    public bool Equals(VerificationKey? other) => other is not null && Fingerprint == other.Fingerprint;

    public override bool Equals(object? obj) => Equals(obj as VerificationKey);

    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{Kind} {Fingerprint[..12]}";

    // The platform checks points and moduli when it imports them; trailing bytes, and what is too weak, are checked here.
    private static string? Fault(KeyKind kind, byte[] info, byte[] point)
    {
        if (kind is KeyKind.Ed25519)
        {
            return point.Length == Ed25519.PublicKeySize && Ed25519.ValidatePublicKeyFull(point, 0) ? null : "it is not a point that an Ed25519 key can be";
        }

        using AsymmetricAlgorithm key = kind is KeyKind.Rsa ? RSA.Create() : ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(info, out var read);
        return read != info.Length ? "there is more after the key"
            : kind is KeyKind.Rsa && key.KeySize is < LeastRsaBits or > MostRsaBits ? $"an RSA key of {key.KeySize} bits is not between {LeastRsaBits} and {MostRsaBits}"
            : null;
    }

    private bool VerifiesEcdsa(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, HashAlgorithmName hash)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_info.AsSpan(), out _);
        return key.VerifyData(message, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private bool VerifiesRsa(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(_info.AsSpan(), out _);
        return key.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            || key.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private bool VerifiesEd25519(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature.ToArray(), 0, [.. _point], 0, message.ToArray(), 0, message.Length);
}
