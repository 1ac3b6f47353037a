using Slipway.Registry;

namespace Slipway.Tests.Registry.Clouds;

/// <summary>Held to AWS's own published examples: the signature of the documentation's ListUsers, and those of its test suite.</summary>
public sealed class AwsSignatureTests
{
    private static readonly AwsKeys Keys = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    private static readonly DateTimeOffset Now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    private static string Header(CloudRequest request, string name) => request.Headers.Single(header => header.Key == name).Value;

    [Theory]
    [InlineData("GET", "https://example.amazonaws.com/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "https://example.amazonaws.com/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void It_signs_as_the_published_test_suite_does(string method, string address, string signature)
    {
        var signed = AwsSignature.Sign(new CloudRequest(method, new Uri(address), []), Keys, "us-east-1", "service", Now);

        Assert.Equal("20150830T123600Z", Header(signed, "X-Amz-Date"));
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}",
            Header(signed, "Authorization"));
    }

    [Fact]
    public void It_signs_as_the_documentation_s_example_does()
    {
        var request = new CloudRequest("GET", new Uri("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"), [], "application/x-www-form-urlencoded; charset=utf-8");

        Assert.EndsWith(
            "SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            Header(AwsSignature.Sign(request, Keys, "us-east-1", "iam", Now), "Authorization"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_session_s_token_is_sent_and_signed()
    {
        var signed = AwsSignature.Sign(new CloudRequest("GET", new Uri("https://example.amazonaws.com/"), []), Keys with { SessionToken = "session" }, "us-east-1", "service", Now);

        Assert.Equal("session", Header(signed, "X-Amz-Security-Token"));
        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-security-token,", Header(signed, "Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_holds_a_secret_shows_it()
    {
        var signed = AwsSignature.Sign(CloudRequest.PostForm(new Uri("https://sts.example/"), ("WebIdentityToken", "secret-jwt")), Keys with { SessionToken = "session" }, "r", "s", Now);
        var login = ExpiringLogin.Until(new RegistryCredential("AWS", "secret"), Now.AddHours(1), Now);

        Assert.Equal("POST sts.example AwsKeys ExpiringLogin", $"{signed} {Keys} {login}");
    }
}
