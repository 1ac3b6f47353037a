using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

public sealed class PemKeysTests
{
    private static readonly SigningKey Key = SigningKey.Named("p256");

    [Fact]
    public void Several_keys_in_one_text_are_all_taken_once_each()
    {
        var other = SigningKey.Named("ed25519", SigningKey.Ed25519);

        var keys = PemKeys.Read($"# the new one\n{Key.PublicPem}\r\n# the old one\n{other.PublicPem}{Key.PublicPem}", out var why);

        Assert.Equal("", why);
        Assert.Equal([Key.Public!, other.Public!], keys);
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { "", "it holds no key" },
        { "LS0tLS1CRUdJTiBQVUJMSUMgS0VZ", "it holds no key" },
        { Key.PublicPem[..80], "cut short or damaged" },
        { $"{Key.PublicPem}{Key.PublicPem[..80]}", "cut short or damaged" },
        { Key.PublicPem.Replace("MFkw", "MFkx", StringComparison.Ordinal), "it is not the DER of a public key" },
        { Key.PrivatePem, "it is a private key" },
        { $"{Key.PublicPem}{Key.PrivatePem}", "it is a private key" },
        { "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n", "it is a private key" },
        { "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "openssl x509 -pubkey" },
        { "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n", "openssl rsa -RSAPublicKey_in" },
        { new string('x', 65 * 1024), "64 KiB" },
        { string.Concat(Enumerable.Repeat(Key.PublicPem, 17)), "more than 16 keys" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_text_with_anything_unusable_in_it_gives_no_key_at_all_and_says_why(string text, string expected)
    {
        var keys = PemKeys.Read(text, out var why);

        Assert.Empty(keys);
        Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    // A message goes into a status, which more people can read than the Secret.
    [Fact]
    public void A_private_key_is_not_repeated_in_the_message()
    {
        PemKeys.Read(Key.PrivatePem, out var why);

        Assert.DoesNotContain(Key.PrivatePem.Split('\n')[1][..16], why, StringComparison.Ordinal);
    }
}
