using System.Text;
using Slipway.Registry;

namespace Slipway.Tests.Registry.Clouds;

public sealed class CloudAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Ecr_gives_name_password_and_an_end_that_is_not_waited_for()
    {
        var login = EcrLogin.Read(Bytes($$"""{"authorizationData":[{"authorizationToken":"{{Base64("AWS:pass:word")}}","expiresAt":{{Now.AddHours(12).ToUnixTimeSeconds()}}.5,"proxyEndpoint":"https://x"}]}"""), Now);

        Assert.Equal(new RegistryCredential("AWS", "pass:word"), login!.Credential);
        Assert.Equal(Now.AddHours(12).AddMinutes(-5), login.UsableUntil!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void The_public_ecr_gives_it_without_a_list() =>
        Assert.Equal("p", EcrLogin.Read(Bytes($$"""{"authorizationData":{"authorizationToken":"{{Base64("AWS:p")}}","expiresAt":1.8e9} }"""), Now)!.Credential.Password);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"authorizationData":[]}""")]
    [InlineData("""{"authorizationData":"x"}""")]
    [InlineData("""{"authorizationData":[{"authorizationToken":"!","expiresAt":1}]}""")]
    [InlineData("""{"authorizationData":[{"authorizationToken":"QVdTOnA="}]}""")]
    [InlineData("<html>")]
    public void An_answer_that_is_none_gives_no_login(string body)
    {
        Assert.Null(EcrLogin.Read(Bytes(body), Now));
        Assert.Null(EcrLogin.ReadKeys(Bytes(body)));
        Assert.Null(EcrLogin.ReadAssumedRole(Bytes(body)));
        Assert.Null(GoogleLogin.Read(Bytes(body), Now));
        Assert.Null(AcrLogin.Read(Bytes(body), Now));
        Assert.Null(AcrLogin.ReadToken(Bytes(body)));
    }

    [Fact]
    public void Sts_answers_in_xml()
    {
        var keys = EcrLogin.ReadAssumedRole(Bytes("""
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
              <SessionToken>token/with+signs=</SessionToken><SecretAccessKey>secret</SecretAccessKey><Expiration>2026-01-01T13:00:00Z</Expiration><AccessKeyId>ASIA1</AccessKeyId>
            </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """));

        Assert.Equal(new AwsKeys("ASIA1", "secret", "token/with+signs=", Now.AddHours(1)), keys);
    }

    [Fact]
    public void A_short_token_is_used_for_most_of_its_life()
    {
        var login = GoogleLogin.Read(Bytes("""{"access_token":"ya29","expires_in":100,"token_type":"Bearer"}"""), Now);

        Assert.Equal((new RegistryCredential("oauth2accesstoken", "ya29"), Now.AddSeconds(90)), (login!.Credential, login.UsableUntil));
    }

    [Fact]
    public void An_impersonated_account_says_when_its_token_ends() =>
        Assert.Equal(Now.AddMinutes(55), GoogleLogin.Read(Bytes("""{"accessToken":"ya29","expireTime":"2026-01-01T13:00:00Z"}"""), Now)!.UsableUntil);

    [Fact]
    public void A_refresh_token_of_acr_says_its_end_itself_or_lasts_three_hours()
    {
        var end = Now.AddHours(1).ToUnixTimeSeconds();
        var token = $"h.{Base64($$"""{"exp":{{end}}}""").TrimEnd('=').Replace('+', '-').Replace('/', '_')}.s";

        var login = AcrLogin.Read(Bytes($$"""{"refresh_token":"{{token}}"}"""), Now);
        Assert.Equal((AcrLogin.Username, token, token, Now.AddMinutes(55)), (login!.Credential.Username, login.Credential.Password, login.Credential.IdentityToken, login.UsableUntil));
        Assert.Equal(Now.AddHours(3).AddMinutes(-5), AcrLogin.Read(Bytes("""{"refresh_token":"opaque"}"""), Now)!.UsableUntil);
        Assert.Equal(Now.AddHours(3).AddMinutes(-5), AcrLogin.Read(Bytes("""{"refresh_token":"a.!!.c"}"""), Now)!.UsableUntil);
    }

    [Theory]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"https://sts.googleapis.com/v1/token","credential_source":{"file":"/t"}}""", null)]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"http://sts.example/","credential_source":{"file":"/t"}}""", "token_url with TLS")]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"https://x/","credential_source":{"url":"http://169.254.169.254"}}""", "credential_source is not a file")]
    [InlineData("""{"type":"service_account","private_key":"secret"}""", "_json_key")]
    [InlineData("""{"type":"authorized_user"}""", "not external_account")]
    [InlineData("not json", "not JSON")]
    public void A_federation_is_read_from_a_file_that_holds_no_secret(string file, string? refused)
    {
        var federation = GoogleFederation.TryParse(Bytes(file), out var why);

        Assert.Equal(refused is null, federation is not null);
        Assert.Contains(refused ?? "", why, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_subject_s_token_is_the_file_or_a_field_of_it()
    {
        var plain = new GoogleFederation("a", "t", new Uri("https://x"), "/t", null, null);

        Assert.Equal("jwt", plain.SubjectToken(Bytes("jwt\n")));
        Assert.Equal("jwt", (plain with { SubjectTokenField = "id_token" }).SubjectToken(Bytes("""{"id_token":"jwt"}""")));
        Assert.Null((plain with { SubjectTokenField = "id_token" }).SubjectToken(Bytes("jwt")));
        Assert.Null(plain.SubjectToken(Bytes(" ")));
    }
}
