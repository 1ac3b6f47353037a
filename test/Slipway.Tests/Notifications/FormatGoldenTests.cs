using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Notifications;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Notifications;

/// <summary>What each vendor is sent, whole. The files are the vendors' documented payloads; a change of one is read as such.</summary>
public sealed class FormatGoldenTests
{
    private const string Ref = """ "secretRef":{"name":"chat","key":"url"} """;
    private const string Sha = "1111111111111111111111111111111111111111";
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("slack", "")]
    [InlineData("teams", "")]
    [InlineData("mattermost", ",\"channel\":\"releases\"")]
    [InlineData("discord", "")]
    [InlineData("googleChat", "")]
    [InlineData("pagerDuty", "")]
    [InlineData("opsgenie", "")]
    [InlineData("webhook", ",\"address\":\"https://example.com/slipway\"")]
    [InlineData("cloudEvents", ",\"address\":\"https://example.com/events\"")]
    [InlineData("cdEvents", ",\"address\":\"https://example.com/events\",\"environment\":\"production\"")]
    [InlineData("github", ",\"repository\":\"acme/shop\",\"revision\":\"1111111111111111111111111111111111111111\"")]
    [InlineData("gitlab", ",\"repository\":\"acme/shop\",\"revision\":\"1111111111111111111111111111111111111111\"")]
    public void Each_format_is_what_its_vendor_documents(string format, string more)
    {
        var terms = Notified.Terms($$"""{"{{format}}":{ {{Ref}}{{more}} } }""");

        Assert.Null(terms.Problem);
        Golden.Match($"notify-{format}.txt", string.Join("\n\n", new[] { Notified.RolledBack, Notified.Succeeded }.Select(one => Print(NotificationFormats.Of(terms, one, Notified.Secret, Notified.At)))) + "\n");
    }

    [Fact]
    public void A_mail_is_plain_and_threads_with_those_of_the_same_rollout()
    {
        var terms = Notified.Terms("""{"email":{"address":"smtp://mail.example.com","user":"slipway","secretRef":{"name":"mail","key":"password"},"from":"slipway@example.com","to":["team@example.com","boss@example.com"]}}""");

        var mails = new[] { Notified.RolledBack, Notified.Succeeded with { Id = "other" } }.Select(one => NotificationFormats.Mail(terms, one, "canary-5ec7e7", Notified.At)!).ToArray();

        Assert.Null(terms.Problem);
        Golden.Match("notify-email.txt", string.Join("\n\n", mails.Select(mail => $"{mail.Server} as {mail.Login}\nFrom: {mail.From}\nTo: {string.Join(", ", mail.To)}\nSubject: {mail.Subject}\nMessage-Id: <{mail.Id}>\nReferences: <{mail.Thread}>\n\n{mail.Text}")));
        Assert.All(mails, mail => Assert.DoesNotContain("canary", $"{mail}", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_in_a_mail_begins_another_header()
    {
        var mail = NotificationFormats.Mail(
            Notified.Terms("""{"title":"{{ version }}","email":{"address":"smtps://mail.example.com","from":"a@example.com","to":["b@example.com"]}}"""),
            Notified.Succeeded with { To = "1.0\r\nBcc: everybody@example.com" }, "", Notified.At)!;

        Assert.Equal("1.0  Bcc: everybody@example.com", mail.Subject);
        Assert.Contains("Version: 1.4.1 → 1.0  Bcc", mail.Text, StringComparison.Ordinal);
        Assert.Equal((465, null), (mail.Server.Port, mail.Login));
    }

    [Fact]
    public void With_a_channel_Slack_is_told_by_a_bot_and_its_own_word_counts()
    {
        var request = NotificationFormats.Of(Notified.Terms($$"""{"slack":{ {{Ref}},"channel":"#releases"} }"""), Notified.Succeeded, "xoxb-1", Notified.At)!;

        Assert.Equal(("https://slack.com/api/chat.postMessage", "#releases"), (request.Address.AbsoluteUri, (string?)JsonNode.Parse(request.Body)!["channel"]));
        Assert.Contains(("Authorization", "Bearer xoxb-1"), request.Headers);
        Assert.Null(Answer(request, """{"ok":true}""").Problem);
        Assert.Equal("Slack refuses it: channel_not_found", Answer(request, """{"ok":false,"error":"channel_not_found"}""").Problem);
        Assert.Equal("Slack refuses it: no reason is given", Answer(request, "[]").Problem);
    }

    [Fact]
    public void Binary_CloudEvents_have_their_attributes_in_headers()
    {
        var request = NotificationFormats.Of(Notified.Terms("""{"cloudEvents":{"address":"https://example.com/","mode":"Binary"}}"""), Notified.RolledBack, "", Notified.At)!;

        Assert.Equal("application/json", request.ContentType);
        Assert.Equal(
            [
                ("ce-specversion", "1.0"), ("ce-id", Notified.RolledBack.Id), ("ce-source", "/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries/shop"),
                ("ce-type", "dev.slipway.delivery.rolledback.v1"), ("ce-subject", "shop"), ("ce-time", "2026-03-04T05:06:07Z"),
            ],
            request.Headers);
        Assert.Equal("RolledBack", (string?)JsonNode.Parse(request.Body)!["event"]);
    }

    [Theory]
    [InlineData("deployed", null)]
    [InlineData("upgraded", "1.4.1")]
    public void The_first_version_is_deployed_and_a_later_one_upgraded(string predicate, string? from)
    {
        var request = NotificationFormats.Of(Notified.Terms("""{"cdEvents":{"address":"https://example.com/"}}"""), Notified.Succeeded with { From = from }, "", Notified.At)!;

        Assert.Equal($"dev.cdevents.service.{predicate}.0.2.0", (string?)JsonNode.Parse(request.Body)!["data"]!["context"]!["type"]);
    }

    [Theory]
    [InlineData("cdEvents", ",\"address\":\"https://example.com/\"")]
    [InlineData("pagerDuty", "")]
    [InlineData("opsgenie", "")]
    public void Where_a_format_has_no_word_for_it_nothing_is_sent(string format, string more) =>
        Assert.Null(NotificationFormats.Of(Notified.Terms($$"""{"{{format}}":{ {{Ref}}{{more}} } }"""), Notified.Succeeded with { Event = NotificationEvent.Started }, Notified.Secret, Notified.At));

    [Fact]
    public void On_GitHub_a_name_is_resolved_and_the_deployment_found_or_made()
    {
        var terms = Notified.Terms("""{"github":{"secretRef":{"name":"chat","key":"url"},"repository":"acme/{{ delivery }}","revision":"v{{ version }}","environment":"production","deployments":true}}""");

        var resolve = NotificationFormats.Of(terms, Notified.Succeeded, "t", Notified.At)!;
        var status = Answer(resolve, $$"""{"sha":"{{Sha}}"}""").Request!;
        var find = Answer(status, "{}").Request!;
        var create = Answer(find, "[]").Request!;
        var told = Answer(create, """{"id":42}""").Request!;

        Assert.Equal(("GET", "/repos/acme/shop/commits/v1.4.2"), (resolve.Method, resolve.Address.PathAndQuery));
        Assert.Equal(("POST", $"/repos/acme/shop/statuses/{Sha}"), (status.Method, status.Address.PathAndQuery));
        Assert.Equal(("GET", $"/repos/acme/shop/deployments?sha={Sha}&task=slipway%3A6f1c%3A7&environment=production&per_page=1"), (find.Method, find.Address.PathAndQuery));
        Assert.Equal(("POST", "/repos/acme/shop/deployments", "slipway:6f1c:7"), (create.Method, create.Address.PathAndQuery, (string?)JsonNode.Parse(create.Body)!["task"]));
        Assert.Equal(("POST", "/repos/acme/shop/deployments/42/statuses", "success"), (told.Method, told.Address.PathAndQuery, (string?)JsonNode.Parse(told.Body)!["state"]));
        Assert.Null(told.Then);
        Assert.Equal("/repos/acme/shop/deployments/9/statuses", Answer(find, """[{"id":9}]""").Request!.Address.PathAndQuery);
        Assert.Equal("the answer names no commit", Answer(resolve, "[]").Problem);
        Assert.All([resolve, status, find, create, told], request => Assert.Contains(("Authorization", "Bearer t"), request.Headers));
    }

    [Fact]
    public void On_GitLab_a_deployment_is_told_when_the_outcome_is_known()
    {
        var terms = Notified.Terms($$"""{"gitlab":{ {{Ref}},"address":"https://git.example.com","repository":"group/sub/shop","deployments":true} }""");

        var resolve = NotificationFormats.Of(terms, Notified.RolledBack, "t", Notified.At)!;
        var status = Answer(resolve, $$"""{"id":"{{Sha}}"}""").Request!;
        var deployment = Answer(status, "{}").Request!;
        var started = Answer(NotificationFormats.Of(terms, Notified.RolledBack with { Event = NotificationEvent.Started }, "t", Notified.At)!, $$"""{"id":"{{Sha}}"}""").Request!;

        Assert.Equal("https://git.example.com/api/v4/projects/group%2Fsub%2Fshop/repository/commits/1.4.2", resolve.Address.AbsoluteUri);
        Assert.Equal(("failed", "slipway/prod/shop"), ((string?)JsonNode.Parse(status.Body)!["state"], (string?)JsonNode.Parse(status.Body)!["name"]));
        Assert.Equal(("failed", "1.4.2", "prod"), ((string?)JsonNode.Parse(deployment.Body)!["status"], (string?)JsonNode.Parse(deployment.Body)!["ref"], (string?)JsonNode.Parse(deployment.Body)!["environment"]));
        Assert.Null(started.Then);
    }

    [Theory]
    [InlineData("teams")]
    [InlineData("discord")]
    [InlineData("slack")]
    public void A_Secret_that_is_no_address_is_refused_without_showing_it(string format)
    {
        var e = Assert.Throws<FormatException>(() => NotificationFormats.Of(Notified.Terms($$"""{"{{format}}":{ {{Ref}} } }"""), Notified.RolledBack, "canary-5ec7e7", Notified.At));

        Assert.Equal("the entry of the Secret is no address of a webhook: put in the whole of it, as it was given to you", e.Message);
    }

    [Fact]
    public void A_message_calls_on_nobody()
    {
        OutgoingRequest Of(string format) => NotificationFormats.Of(Notified.Terms($$"""{"{{format}}":{ {{Ref}} } }"""), Notified.RolledBack with { Message = "@channel <!channel> <users/all>" }, Notified.Secret, Notified.At)!;

        Assert.DoesNotContain("@channel", (string?)JsonNode.Parse(Of("mattermost").Body)!["attachments"]![0]!["text"], StringComparison.Ordinal);
        Assert.DoesNotContain("<!channel>", (string?)JsonNode.Parse(Of("slack").Body)!["blocks"]![1]!["text"]!["text"], StringComparison.Ordinal);
        Assert.DoesNotContain("<users/all>", (string?)JsonNode.Parse(Of("googleChat").Body)!["cardsV2"]![0]!["card"]!["sections"]![0]!["widgets"]![0]!["textParagraph"]!["text"], StringComparison.Ordinal);
        Assert.Empty(JsonNode.Parse(Of("discord").Body)!["allowed_mentions"]!["parse"]!.AsArray());
    }

    [Fact]
    public void What_holds_a_secret_does_not_print_it()
    {
        var request = NotificationFormats.Of(Notified.Terms($$"""{"slack":{ {{Ref}} } }"""), Notified.RolledBack, Notified.Secret, Notified.At)!;

        Assert.Equal("POST hooks.example.com", $"{request}");
        Assert.DoesNotContain("canary", $"{new Letter(Notified.RolledBack, Wording.Of(Notified.RolledBack), Notified.Secret, Notified.At)}", StringComparison.Ordinal);
    }

    private static NextRequest Answer(OutgoingRequest request, string json) => request.Then!(JsonDocument.Parse(json).RootElement);

    private static string Print(OutgoingRequest? request) => request is null
        ? "nothing"
        : $"{request.Method} {request.Address.AbsoluteUri}\nContent-Type: {request.ContentType}\n{string.Concat(request.Headers.Select(header => $"{header.Name}: {header.Value}\n"))}\n{JsonNode.Parse(request.Body)!.ToJsonString(Pretty)}";
}
