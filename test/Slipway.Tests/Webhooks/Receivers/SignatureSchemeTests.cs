using System.Security.Cryptography;
using System.Text;
using Slipway.Tests.Webhooks.Payloads;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Receivers;

/// <summary>Signatures made here with the platform's own HMAC; those of the field are among the vectors.</summary>
public sealed class SignatureSchemeTests
{
    private const string Body = """{"image":"ghcr.io/acme/shop","tag":"1.0"}""";

    private const string Key = "correct-horse-battery";

    private static readonly string Sha256 = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(Body)));

    private static readonly string Sha512 = Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(Body)));

    [Fact]
    public void A_signature_is_taken_as_its_vendor_writes_it()
    {
        Assert.Null(Refusal(SignatureScheme.GitHub, $"sha256={Sha256}"));
        Assert.Null(Refusal(SignatureScheme.GitHub, $"sha256={Sha256.ToUpperInvariant()}"));
        Assert.Null(Refusal(SignatureScheme.Generic, $"sha256={Sha256}"));
        Assert.Null(Refusal(SignatureScheme.Generic, $"sha512={Sha512}"));
        Assert.Null(Refusal(SignatureScheme.Artifactory, Sha256));
    }

    [Fact]
    public void One_vendors_way_is_not_anothers()
    {
        Assert.NotNull(Refusal(SignatureScheme.GitHub, Sha256));
        Assert.NotNull(Refusal(SignatureScheme.GitHub, $"sha512={Sha512}"));
        Assert.NotNull(Refusal(SignatureScheme.Artifactory, $"sha256={Sha256}"));
        Assert.NotNull(Refusal(SignatureScheme.Nexus, Sha256));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=0")]
    [InlineData("sha256=zz")]
    [InlineData("md5=00")]
    [InlineData("=00")]
    public void What_is_no_signature_is_refused(string header) => Assert.NotNull(Refusal(SignatureScheme.Generic, header));

    [Fact]
    public void Every_bit_of_a_signature_counts()
    {
        for (var at = 0; at < Sha256.Length; at++)
        {
            var other = Sha256[at] == '0' ? '1' : '0';

            Assert.NotNull(Refusal(SignatureScheme.GitHub, $"sha256={Sha256[..at]}{other}{Sha256[(at + 1)..]}"));
        }

        Assert.NotNull(Refusal(SignatureScheme.GitHub, $"sha256={Sha256[..^2]}"));
        Assert.NotNull(Refusal(SignatureScheme.GitHub, $"sha256={Sha256}00"));
    }

    [Fact]
    public void A_signature_is_of_its_body_alone()
    {
        var other = Readings.Request(Body.Replace("1.0", "1.1", StringComparison.Ordinal), ("X-Signature", $"sha256={Sha256}"));

        Assert.Contains("let nothing change the body", SignatureScheme.Generic.Refusal(Key, other), StringComparison.Ordinal);
    }

    private static string? Refusal(SignatureScheme scheme, string header) => scheme.Refusal(Key, Readings.Request(Body, (scheme.Header, header)));
}
