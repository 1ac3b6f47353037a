using System.Text;
using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

public sealed class VerificationKeyTests
{
    private static readonly byte[] Message = "{\"critical\":{}}"u8.ToArray();

    // What fixed vectors sign: the payload that cosign 2 writes.
    private static readonly byte[] FixedPayload = Encoding.UTF8.GetBytes(
        $$"""{"critical":{"identity":{"docker-reference":"ghcr.io/acme/shop"},"image":{"docker-manifest-digest":"sha256:{{1:d64}}"},"type":"cosign container image signature"},"optional":null}""");

    private const string FixedP256 = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEytWy4dynCim/0Hqv3bEsCm/l+8uNbc0znQsyzzBrP6zqUilBAX1AX6VevJYwrALaD22ncNnLmttDjjUkE5N7bA==";

    private const string FixedP384 = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEwR+H6Raro9OM6rtD5L1D38Xs4oAxM8tRPRmP5+TJcN9McgLr1s9nQstMfzUk/TOS+nznKjqX+q6RH3x0A/2hOMyBuGCTx1fa7m7NINcLYqhNoP13+Cq2FIH7VaykHtG4";

    private const string FixedRsa = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAte2tYT1pdf1GYf+pmyd1iQJYeRozjPKpNGhIVEFpi+V9/n11UYtlK1BPCYdc5zJ9JhrNwxyGDBwbWrHQiv7N4Z6OyKduNmztarGj82Q4GB78W/0iTHlV4NBrHfQ+FWAJhsDmsjFFGweQ7gZiurFwNj6A9FuU7B0rNhUvKv8Gu1rB07GQsqV65rI9sm9yjhTWsMWVKUbOw5tOaql9HEitZog0jSSg+/JFbiFrj6vCRdxC63HfAoL4iAYwFu2BhSwdz13N8lFaHXy9pAvpZ5oSnOqmjdvuC6cqf1a/NAEAXasQuBChUsfgY/l+Ca58r05B+sXOja3JqZUkF59Cgv4c/QIDAQAB";

    private const string RsaPkcs1 = "smFWIK+ix+FL/J+AvnwwT9WvyrO/JxQnlB7zfCiPT2OHhpmwC0cfMm/ZJon3DkIx7shHtEoLzjLRnOXV28cNrqg/kxOAB1r4dJFrxKqmeRZBSxCwz4djcSlWBPZREwI8fRtm/fFo9jsSJ8haLjGEX2LDeVpzLZcn4d6GBcLys+DjPStjTxtZlgKLnN7u68DnujrfHth+Klew5JH894cYo7xNsaKWBCYwU8Bk5AvsIpAvTE6a6iOxp++PiLqlJP1L8Fa5KawHF1lx6TncEDZKTnkE/mio9uThmLw8rLS2dVY6Jolzi3SZIcNjOm31j7yxbU4af9J5b40PymCm0EhMpA==";

    private const string RsaPss = "kEQk9QJ+eIpEbxmTOikgIQZ5naDWJ24XiVAXab3S4H0yvTr66w2BKHmRqelGOJ/zamt+rsXnbJiEIXarVrV+ZjxaO86zwvjqIQjRyBzcYeaB2YrpI9G2YNPOI+RawWWkIKn4LUoQplpqdWIPMIqHQ7WrEnBae5fhCtdQ8aFNrsUSirkTrB1g50dRTtGiy7oByxuZmnFbJSTjSKMT9cbaITRQ9ngHYnOzxRnaxH1GOuX2h4eZC5APPvx0NfwSRq0n4fMXGSa1ROB9hnrfboPN8i+GwM8kWTVEi+Qe8HHM0mmAWpjZB/F8ev32OC454CK17KU+WeEOfdHaoG/S9I/CVw==";

    [Theory]
    [InlineData(KeyKind.EcdsaP256, FixedP256, "MEYCIQCT2AjFZp05vl60Y/7UG7cm7Ppa3hsuaz6lhFhWgpluiwIhAPUYw3ST6dcNrlLi121GJ75DIhuwNilIAKHApEaP29ic")]
    [InlineData(KeyKind.EcdsaP384, FixedP384, "MGQCMBeBmKOe0EQr1S+RRdPQj/RguHtmlXZMJurkAnpTaaBLySvQ1i6b6wo6l4Qd05rm3AIwBtKfTeFcffNEBMiF9v1trFUJ4NMsilDqlP65IcK6CFDLkwuQ93nlOp0lCxfJw22B")]
    [InlineData(KeyKind.EcdsaP384, FixedP384, "MGQCMEPXsmuU7X9HHpl8YiSOiBgpMp7YhsQb/muRIxVyOEQ/jvPZzL2pK8nJ+iOHuhDxtAIwc5DkMptJAN1MykbFrPASmHEg7fAghkdIfG3NGz5J1+npiU2xue+jBKkhJYX2Rygh")]
    [InlineData(KeyKind.Rsa, FixedRsa, RsaPkcs1)]
    [InlineData(KeyKind.Rsa, FixedRsa, RsaPss)]
    public void Signatures_that_were_made_elsewhere_once_are_verified(KeyKind kind, string key, string signature)
    {
        var read = VerificationKey.TryRead(Convert.FromBase64String(key), out var why);

        Assert.True(read is not null, why);
        Assert.Equal(kind, read.Kind);
        Assert.True(read.Verifies(FixedPayload, Convert.FromBase64String(signature)));
        Assert.False(read.Verifies([.. FixedPayload, (byte)' '], Convert.FromBase64String(signature)));
    }

    // RFC 8032, section 7.1, TEST 2.
    [Fact]
    public void The_vector_of_the_standard_for_Ed25519_is_verified()
    {
        var info = Convert.FromHexString("302a300506032b6570032100" + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        var signature = Convert.FromHexString(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

        var key = VerificationKey.TryRead(info, out var why);

        Assert.True(key is not null, why);
        Assert.True(key.Verifies([0x72], signature));
        Assert.False(key.Verifies([0x73], signature));
        Assert.False(key.Verifies([0x72], signature.AsSpan(0, 63)));
    }

    public static TheoryData<string, KeyKind, string[], string[]> Algorithms => new()
    {
        { "p256", KeyKind.EcdsaP256, SigningKey.Ec256, ["-sha256"] },
        { "p384", KeyKind.EcdsaP384, SigningKey.Ec384, ["-sha256"] },
        { "p384", KeyKind.EcdsaP384, SigningKey.Ec384, ["-sha384"] },
        { "ed25519", KeyKind.Ed25519, SigningKey.Ed25519, [] },
        { "rsa", KeyKind.Rsa, SigningKey.Rsa2048, ["-sha256"] },
        { "rsa", KeyKind.Rsa, SigningKey.Rsa2048, ["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"] },
    };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void What_openssl_signs_is_verified_by_that_key_and_no_other(string name, KeyKind kind, string[] algorithm, string[] options)
    {
        var (key, other) = (SigningKey.Named(name, algorithm), SigningKey.Named($"other {name}", algorithm));
        var signature = key.Sign(Message, options);

        Assert.Equal(kind, key.Public!.Kind);
        Assert.True(key.Public.Verifies(Message, signature));
        Assert.False(other.Public!.Verifies(Message, signature));
        Assert.False(key.Public.Verifies([.. Message, 0], signature));
        Assert.False(key.Public.Verifies(Message, signature.AsSpan(0, signature.Length - 1)));
        Assert.False(key.Public.Verifies(Message, []));
    }

    // The key says how it is verified; were it the signature, an attacker could choose.
    [Fact]
    public void A_signature_of_another_algorithm_than_the_keys_is_refused()
    {
        SigningKey[] keys = [SigningKey.Named("p256"), SigningKey.Named("p384", SigningKey.Ec384), SigningKey.Named("ed25519", SigningKey.Ed25519), SigningKey.Named("rsa", SigningKey.Rsa2048)];

        foreach (var signer in keys)
        {
            var signature = signer.Sign(Message);
            Assert.Equal([signer.Public], keys.Where(key => key.Public!.Verifies(Message, signature)).Select(key => key.Public));
        }
    }

    [Theory]
    [InlineData("-sha1")]
    [InlineData("-sha512")]
    public void A_hash_that_does_not_go_with_the_key_is_refused(string hash)
    {
        SigningKey[] keys = [SigningKey.Named("p256"), SigningKey.Named("rsa", SigningKey.Rsa2048)];

        foreach (var key in keys)
        {
            Assert.False(key.Public!.Verifies(Message, key.Sign(Message, hash)));
        }
    }

    public static TheoryData<string[], string> Unfit => new()
    {
        { ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "an RSA key of 1024 bits is not between 2048 and 8192" },
        { ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "it is of a kind that is not verified here (1.3.132.0.10); use ECDSA on P-256 or P-384, Ed25519, or RSA" },
        { ["-algorithm", "ED448"], "it is of a kind that is not verified here (1.3.101.113); use ECDSA on P-256 or P-384, Ed25519, or RSA" },
        { ["-algorithm", "X25519"], "it is of a kind that is not verified here (1.3.101.110); use ECDSA on P-256 or P-384, Ed25519, or RSA" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_key_that_is_weak_or_of_another_kind_is_refused_with_the_reason(string[] algorithm, string expected)
    {
        var keys = PemKeys.Read(SigningKey.Named("unfit", algorithm).PublicPem, out var why);

        Assert.Empty(keys);
        Assert.Equal(expected, why);
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_or_is_followed_by_more_is_no_key()
    {
        var info = Convert.FromBase64String(FixedP256);
        byte[] elsewhere = [.. info[..^1], (byte)(info[^1] ^ 1)];

        Assert.Null(VerificationKey.TryRead(elsewhere, out _));
        Assert.Null(VerificationKey.TryRead([.. info, 0], out _));
        Assert.Null(VerificationKey.TryRead(info[..^10], out _));
        Assert.Null(VerificationKey.TryRead([], out _));
        // All of these points are of small order: what they sign, everybody can sign.
        Assert.Null(VerificationKey.TryRead(Convert.FromHexString("302a300506032b6570032100" + new string('0', 64)), out _));
    }
}
