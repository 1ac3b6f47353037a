using System.Collections.Immutable;
using Slipway.Configuration;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Receivers;

public sealed class ReceiverReaderTests
{
    [Fact]
    public void The_section_is_read_as_it_is_documented()
    {
        var receivers = Read("""
            [{"name":"ghcr","type":"github","hmac":{"secretFile":"/s/hmac"},"repositories":["ghcr.io/acme/*"]},
             {"name":"nexus","type":"nexus","registry":"nexus.acme.org:8082","hmac":{"secretFile":"/s/n"}},
             {"name":"hub","type":"dockerhub","tokenFile":"/s/token"},
             {"name":"aws","type":"ecr","basic":{"usernameFile":"/s/u","passwordFile":"/s/p"}},
             {"name":"ci","type":"generic","oidc":{"issuer":"https://gitlab.com","audience":"slipway","subject":"project_path:acme/*","email":"a@b","claims":{"ref_protected":"true"}}}]
            """);

        Assert.Equal(
            ["KeyFile { Path = /s/hmac }", "KeyFile { Path = /s/n }", "TokenFile { Path = /s/token }", "LoginFiles { UserPath = /s/u, PasswordPath = /s/p }"],
            receivers.Take(4).Select(receiver => receiver.Proof.ToString()));
        Assert.Equal(["ghcr", "nexus", "hub", "aws", "ci"], receivers.Select(receiver => receiver.Name));
        Assert.Equal("nexus.acme.org:8082", receivers[1].Registry);
        Assert.Equal(["ghcr.io/acme/*"], receivers[0].Repositories.Select(glob => glob.ToString()));
        var oidc = Assert.IsType<ReceiverProof.Issuer>(receivers[4].Proof).Terms;
        Assert.Equal(("https://gitlab.com", "slipway", "project_path:acme/*", "a@b", "true"), (oidc.Issuer, oidc.Audience, $"{oidc.Subject}", oidc.Email, $"{oidc.Claims["ref_protected"]}"));
    }

    [Theory]
    [InlineData("""{"type":"quay"}""", "receivers[0].name: it is missing; it is the last part of the route /webhooks/NAME")]
    [InlineData("""{"name":"A/b","type":"quay"}""", "receivers[0].name: 'A/b' cannot stand in a route; use lower-case letters, digits and hyphens, at most 63")]
    [InlineData("""{"name":"-a","type":"quay"}""", "receivers[0].name: '-a' cannot stand in a route; use lower-case letters, digits and hyphens, at most 63")]
    [InlineData("""{"name":"a","type":"quai"}""",
        "receivers[0].type: 'quai' is none; take one of acr, aliyun, artifactory, cdevents, cloudevents, distribution, dockerhub, ecr, gcr, generic, github, gitlab, harbor, nexus, quay")]
    [InlineData("""{"name":"a","type":"quay"}""", "receivers[0].type: nothing says how Quay proves itself; there is no receiver without a proof: give it tokenFile")]
    [InlineData("""{"name":"a","type":"quay","tokenFile":""}""", "receivers[0].type: nothing says how Quay proves itself; there is no receiver without a proof: give it tokenFile")]
    [InlineData("""{"name":"a","type":"github","tokenFile":"/t"}""", "receivers[0].tokenFile: GitHub does not send that; give it hmac")]
    [InlineData("""{"name":"a","type":"gcr","basic":{}}""", "receivers[0].basic: Google Artifact Registry by Pub/Sub does not send that; give it oidc")]
    [InlineData("""{"name":"a","type":"generic","tokenFile":"/t","hmac":{"secretFile":"/h"}}""", "receivers[0].hmac: tokenFile is there too; a receiver has exactly one proof")]
    [InlineData("""{"name":"a","type":"generic","hmac":{}}""", "receivers[0].hmac.secretFile: it is missing; name the file that has the secret, a mounted Secret")]
    [InlineData("""{"name":"a","type":"generic","basic":{"passwordFile":"/p"}}""", "receivers[0].basic.usernameFile: it is missing; name the file that has the user's name")]
    [InlineData("""{"name":"a","type":"generic","basic":{"usernameFile":"/u"}}""", "receivers[0].basic.passwordFile: it is missing; name the file that has the password, a mounted Secret")]
    [InlineData("""{"name":"a","type":"quay","tokenFile":"/t","registry":"https://quay.io"}""", "receivers[0].registry: 'https://quay.io' is no host; write it as in an image's name, without a scheme")]
    [InlineData("""{"name":"a","type":"quay","tokenFile":"/t","repositories":[""]}""", "receivers[0].repositories: one is empty; write globs such as ghcr.io/acme/*")]
    [InlineData("null", "receivers[0].name: the entry is empty; give it a name, a type and a proof")]
    public void What_is_wrong_is_named_with_its_place_and_the_way_out(string entry, string expected) => Assert.Equal(expected, Error($"[{entry}]"));

    [Theory]
    [InlineData("\"issuer\":\"http://issuer.acme.org\"", "receivers[0].oidc.issuer: 'http://issuer.acme.org' is no issuer; write its address as in the token's iss, with https")]
    [InlineData("\"issuer\":\"issuer\"", "receivers[0].oidc.issuer: 'issuer' is no issuer; write its address as in the token's iss, with https")]
    [InlineData("\"issuer\":\"https://u:p@issuer\"", "receivers[0].oidc.issuer: 'https://u:p@issuer' is no issuer; write its address as in the token's iss, with https")]
    [InlineData("\"issuer\":\"https://i\"", "receivers[0].oidc.audience: it is missing; choose one that the sender asks for and nobody else, such as this route's address")]
    [InlineData("\"issuer\":\"https://i\",\"audience\":\"a\"",
        "receivers[0].oidc: with issuer and audience alone everybody with an account there may speak; name a subject, an email or claims, such as {repository: acme/shop}")]
    [InlineData("\"issuer\":\"https://i\",\"audience\":\"a\",\"claims\":{}",
        "receivers[0].oidc: with issuer and audience alone everybody with an account there may speak; name a subject, an email or claims, such as {repository: acme/shop}")]
    [InlineData("\"issuer\":\"https://i\",\"audience\":\"a\",\"claims\":{\"ref\":\"\"}", "receivers[0].oidc.claims: one has no value; write a glob, or take the claim away")]
    public void An_issuer_must_name_somebody(string oidc, string expected) => Assert.Equal(expected, Error($$$"""[{"name":"a","type":"generic","oidc":{ {{{oidc}}} } }]"""));

    [Fact]
    public void A_name_is_there_once() =>
        Assert.Equal("receivers[1].name: 'a' is there twice; each receiver has a route of its own", Error("""[{"name":"a","type":"quay","tokenFile":"/t"},{"name":"a","type":"quay","tokenFile":"/t"}]"""));

    [Fact]
    public void There_are_not_more_than_anybody_needs() =>
        Assert.StartsWith("receivers: there are 65", Error($"[{string.Join(',', Enumerable.Range(0, 65).Select(at => $$"""{"name":"r{{at}}","type":"quay","tokenFile":"/t"}"""))}]"), StringComparison.Ordinal);

    [Theory]
    [InlineData("""[{"name":"a","type":"quay","tokenFiel":"/t"}]""")]
    [InlineData("""[{"name":"a","type":"quay","token":"inline-secret"}]""")]
    [InlineData("""[{"name":"a","type":"generic","hmac":{"secret":"inline-secret"}}]""")]
    public void A_field_that_is_not_known_is_refused(string json) => Assert.Contains("there is no such field", Error(json), StringComparison.Ordinal);

    private static ImmutableArray<ReceiverTerms> Read(string json) => ReceiverReader.Read(ConfigurationFile.Parse("slipway.yaml", $"receivers: {json}").Receivers!);

    // Without the file's name and the line, which are the file's to say.
    private static string Error(string json)
    {
        var message = Assert.Throws<ConfigurationException>(() => Read(json)).Message;
        return message[message.IndexOf("receivers", StringComparison.Ordinal)..];
    }
}
