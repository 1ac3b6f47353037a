using Slipway.Tests.Webhooks.Payloads;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Receivers;

public sealed class SharedSecretTests
{
    private static readonly SharedSecret.Token Token = new("correct-horse");

    [Theory]
    [InlineData("harbor", "Authorization", "correct-horse")]
    [InlineData("harbor", "Authorization", "Bearer correct-horse")]
    [InlineData("harbor", "authorization", "bearer  correct-horse ")]
    [InlineData("gitlab", "X-Gitlab-Token", "correct-horse")]
    [InlineData("gitlab", "Authorization", "Bearer correct-horse")]
    [InlineData("ecr", "X-Api-Key", "correct-horse")]
    [InlineData("artifactory", "X-JFrog-Event-Auth", "correct-horse")]
    public void A_token_is_taken_where_the_vendor_puts_it(string type, string header, string value) => Assert.Null(Refusal(Token, type, (header, value)));

    [Theory]
    [InlineData("harbor", "Authorization", "correct-horse-battery")]
    [InlineData("harbor", "Authorization", "correct-hors")]
    [InlineData("harbor", "Authorization", "Correct-horse")]
    [InlineData("harbor", "Authorization", "Basic correct-horse")]
    [InlineData("harbor", "Authorization", "")]
    [InlineData("harbor", "X-Gitlab-Token", "correct-horse")]
    [InlineData("gitlab", "X-Api-Key", "correct-horse")]
    [InlineData("dockerhub", "Authorization", "Bearer correct-horse")]
    public void A_token_is_wrong_or_in_the_wrong_place(string type, string header, string value)
    {
        var refusal = Refusal(Token, type, (header, value));

        Assert.NotNull(refusal);
        Assert.DoesNotContain("correct", refusal, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("dockerhub", "secret", "correct-horse", true)]
    [InlineData("quay", "secret", "correct-horse", true)]
    [InlineData("aliyun", "secret", "correct-horse", true)]
    [InlineData("dockerhub", "secret", "wrong", false)]
    [InlineData("dockerhub", "token", "correct-horse", false)]
    [InlineData("generic", "secret", "correct-horse", false)]
    [InlineData("distribution", "secret", "correct-horse", false)]
    public void A_secret_stands_in_the_address_only_of_those_who_can_send_nothing_else(string type, string parameter, string value, bool taken)
    {
        var request = Readings.Request("{}") with { Query = new Dictionary<string, string> { [parameter] = value } };

        Assert.Equal(taken, Token.Refusal(ReceiverType.All[type], request) is null);
    }

    [Theory]
    [InlineData("ci", "correct-horse", true)]
    [InlineData("ci", "correct-hors", false)]
    [InlineData("c", "i:correct-horse", false)]
    [InlineData("", "", false)]
    public void A_login_is_user_and_password(string user, string password, bool taken)
    {
        var header = $"Basic {SamplePayloads.Base64($"{user}:{password}")}";

        Assert.Equal(taken, Refusal(new SharedSecret.Login("ci", "correct-horse"), "generic", ("Authorization", header)) is null);
    }

    [Theory]
    [InlineData("Basic %%%")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Bearer Y2k6Y29ycmVjdC1ob3JzZQ==")]
    public void What_is_no_login_is_refused(string header) =>
        Assert.Equal("the login is missing or wrong: send user and password by basic authentication", Refusal(new SharedSecret.Login("ci", "correct-horse"), "generic", ("Authorization", header)));

    [Fact]
    public void An_empty_secret_lets_nobody_in()
    {
        Assert.NotNull(Refusal(new SharedSecret.Token(""), "harbor", ("Authorization", "")));
        Assert.NotNull(Refusal(new SharedSecret.Token(""), "harbor"));
        Assert.NotNull(Refusal(new SharedSecret.Login("", ""), "generic", ("Authorization", $"Basic {SamplePayloads.Base64(":")}")));
        Assert.NotNull(Refusal(new SharedSecret.Key(""), "github", ("X-Hub-Signature-256", "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")));
    }

    [Fact]
    public void A_secret_prints_itself_nowhere()
    {
        Assert.Equal("a token", $"{Token}");
        Assert.Equal("a key", $"{new SharedSecret.Key("s3cr3t")}");
        Assert.Equal("a login", $"{new SharedSecret.Login("ci", "s3cr3t")}");
        Assert.DoesNotContain("s3cr3t", $"{ReceiverTerms.Default("s3cr3t")}", StringComparison.Ordinal);
    }

    private static string? Refusal(SharedSecret secret, string type, params (string, string)[] headers) => secret.Refusal(ReceiverType.All[type], Readings.Request("{}", headers));
}
