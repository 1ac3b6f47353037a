using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Slipway.Api;
using Slipway.Notifications;
using Slipway.Rollouts;

namespace Slipway.Tests.Notifications;

public sealed class NotifierTermsTests
{
    private const string Hook = """ "slack":{"secretRef":{"name":"chat","key":"url"}} """;

    [Theory]
    [InlineData("{}", "spec: it names no place to tell: write one of slack, teams, mattermost, discord, googleChat, pagerDuty, opsgenie, github, gitlab, webhook, cloudEvents, cdEvents, email")]
    [InlineData("""{"slack":{"secretRef":{"name":"a","key":"b"}},"teams":{"secretRef":{"name":"a","key":"b"}}}""", "spec: it names slack and teams: keep one, and write another Notifier for the other")]
    [InlineData("""{"slack":{}}""", "spec.slack.secretRef: it must be given: name and key of an entry of a Secret in the namespace of the Notifier")]
    [InlineData("""{"teams":{"secretRef":{"name":"a"}}}""", "spec.teams.secretRef: it needs name and key of an entry of a Secret in the namespace of the Notifier")]
    [InlineData("""{"webhook":{}}""", "spec.webhook.address: it must be given, such as https://hooks.example.com/slipway")]
    [InlineData("""{"webhook":{"address":"https://user:pw@example.com/"}}""", "spec.webhook.address: it is no address with http or https and without a login: write for example https://hooks.example.com/slipway, and the login into a Secret")]
    [InlineData("""{"cloudEvents":{"address":"https://example.com/","mode":"Batch"}}""", "spec.cloudEvents.mode: 'Batch' is no mode: write Structured or Binary")]
    [InlineData("""{"github":{"secretRef":{"name":"a","key":"b"},"repository":"shop"}}""", "spec.github.repository: 'shop' is no repository: write owner and name, such as acme/shop")]
    [InlineData("""{"gitlab":{"secretRef":{"name":"a","key":"b"},"repository":"shop","revision":"{{ tag }}"}}""", "spec.gitlab.revision: {{ tag }} is no placeholder: there are event, severity, namespace, delivery, version, previous, commit, repository, digest, release, by, reason, message")]
    [InlineData("""{"email":{"address":"mail.example.com"}}""", "spec.email.address: it must be the address of a mail server, such as smtp://mail.example.com:587 or smtps://mail.example.com:465, without a login")]
    [InlineData("""{"email":{"address":"smtp://slipway:pw@mail.example.com"}}""", "spec.email.address: it must be the address of a mail server, such as smtp://mail.example.com:587 or smtps://mail.example.com:465, without a login")]
    [InlineData("""{"email":{"address":"smtp://mail.example.com","user":"slipway"}}""", "spec.email.user: a name and secretRef, the password, are given together, or neither where the server asks for none")]
    [InlineData("""{"email":{"address":"smtp://mail.example.com"}}""", "spec.email.from: it must be the address of a mailbox, such as slipway@example.com")]
    [InlineData("""{"email":{"address":"smtp://mail.example.com","from":"a@example.com"}}""", "spec.email.to: it must name who is told: addresses of mailboxes")]
    [InlineData("""{"email":{"address":"smtp://mail.example.com","from":"a@example.com","to":["b@example.com","Boss <b@example.com>"]}}""", "spec.email.to: 'Boss <b@example.com>' is no address of a mailbox: write for example team@example.com")]
    public void A_wrong_place_is_named_with_the_way_out(string spec, string expected) => Assert.Equal(expected, $"{Notified.Terms(spec).Problem}");

    [Theory]
    [InlineData("\"severity\":\"Fatal\"", "spec.severity: 'Fatal' is no severity: write Info, Warning or Error")]
    [InlineData("\"namespaces\":[\"prod-*\"]", "spec.namespaces: only a Notifier in the controller's own namespace (slipway) may speak for others: leave it out, or write it there")]
    [InlineData("\"title\":\"{{ version\"", "spec.title: a placeholder has no end: write for example {{ version }}")]
    [InlineData("\"selector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Is\"}]}", "spec.selector: matchExpressions[0].operator: 'Is' is not an operator; use In, NotIn, Exists or DoesNotExist")]
    public void A_wrong_wish_is_named_with_the_way_out(string wish, string expected) => Assert.Equal(expected, $"{Notified.Terms($"{{{Hook},{wish}}}").Problem}");

    [Theory]
    [InlineData("Over")]
    [InlineData("7")]
    public void An_event_that_there_is_not_is_named(string name) =>
        Assert.StartsWith($"spec.events[1]: '{name}' is no event: there are Started, Stepping,", $"{Notified.Terms($$"""{ {{Hook}},"events":["Failed","{{name}}"]}""").Problem}", StringComparison.Ordinal);

    [Fact]
    public void What_is_told_is_what_all_wishes_allow()
    {
        var route = Notified.Terms($$"""{ {{Hook}},"events":["RolledBack","Succeeded"],"severity":"Warning","selector":{"matchLabels":{"team":"cart"} } }""").Route;

        Assert.True(route.Wants(Notified.RolledBack));
        Assert.False(route.Wants(Notified.Succeeded));
        Assert.False(route.Wants(Notified.RolledBack with { Event = NotificationEvent.Failed }));
        Assert.False(route.Wants(Notified.RolledBack with { Namespace = "test" }));
        Assert.False(route.Wants(Notified.RolledBack with { Labels = ImmutableDictionary<string, string>.Empty }));
    }

    [Fact]
    public void Without_wishes_the_beginning_the_end_and_what_needs_a_person_is_told()
    {
        var route = Notified.Terms($"{{{Hook}}}").Route;

        Assert.All([NotificationEvent.Started, NotificationEvent.Succeeded, NotificationEvent.AwaitingApproval], happened => Assert.True(route.Wants(Notified.RolledBack with { Event = happened })));
        Assert.All([NotificationEvent.Stepping, NotificationEvent.Advancing, NotificationEvent.Draining], happened => Assert.False(route.Wants(Notified.RolledBack with { Event = happened })));
    }

    [Theory]
    [InlineData("pagerDuty", true)]
    [InlineData("slack", false)]
    public void What_ends_an_incident_is_told_whatever_its_severity(string format, bool told)
    {
        var route = Notified.Terms($$"""{"{{format}}":{"secretRef":{"name":"a","key":"b"} },"severity":"Error"}""").Route;

        Assert.Equal(told, route.Wants(Notified.Succeeded));
        Assert.False(route.Wants(Notified.Succeeded with { Event = NotificationEvent.Started }));
    }

    [Theory]
    [InlineData("slipway", true)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public void Only_in_the_controllers_own_namespace_one_speaks_for_others(string? home, bool speaks)
    {
        var terms = Notified.Terms($$"""{ {{Hook}},"namespaces":["pr*"]}""", ns: "slipway", home);

        Assert.Equal(speaks, terms.Problem is null);
        Assert.Equal(speaks, terms.Route.Wants(Notified.RolledBack));
    }

    [Fact]
    public void A_users_own_words_have_their_values()
    {
        var words = Wording.Of(Notified.RolledBack with { To = "main-1a2b3c4" }, "{{severity}}: {{ delivery }} {{ previous }}->{{ version }}", "{{ commit }} by {{ by }} ({{ release }})");

        Assert.Equal(("Error: shop 1.4.1->main-1a2b3c4", "1a2b3c4 by alice (7)"), (words.Title, words.Text));
    }

    [Fact]
    public void Every_event_has_a_heading_of_its_own()
    {
        var titles = Enum.GetValues<NotificationEvent>().Select(happened => Wording.Of(Notified.RolledBack with { Event = happened }).Title).ToArray();

        Assert.Equal(titles.Length, titles.Distinct().Count());
        Assert.All(titles, title => Assert.StartsWith("prod/shop: ", title, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plain key", "plain key")]
    [InlineData("whsec_c2VjcmV0", "secret")]
    public void A_webhook_is_signed_over_id_time_and_body(string secret, string key)
    {
        var request = NotificationFormats.Of(Notified.Terms("""{"webhook":{"address":"https://example.com/"}}"""), Notified.RolledBack, secret, Notified.At)!;
        var headers = request.Headers.ToDictionary();

        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{Notified.RolledBack.Id}.{Notified.At.ToUnixTimeSeconds()}.{request.Body}"));
        Assert.Equal($"v1,{Convert.ToBase64String(signed)}", headers["webhook-signature"]);
        Assert.Equal((Notified.RolledBack.Id, $"{Notified.At.ToUnixTimeSeconds()}"), (headers["webhook-id"], headers["webhook-timestamp"]));
        Assert.DoesNotContain("webhook-signature", NotificationFormats.Of(Notified.Terms("""{"webhook":{"address":"https://example.com/"}}"""), Notified.RolledBack, "", Notified.At)!.Headers.ToDictionary().Keys);
    }

    [Fact]
    public void The_same_cause_has_the_same_name_and_another_one_another()
    {
        Announcement rolledBack = new(true, "RolledBack", "release 7: it failed"), other = new(true, "RolledBack", "release 8: it failed");
        var delivery = new Delivery { Metadata = new ObjectMeta { Namespace = "prod", Name = "shop", Uid = "6f1c" } };

        var first = Notices.Of(delivery, new DeliveryStatus(), [rolledBack], Notified.At).Single();
        var again = Notices.Of(delivery with { Status = new() }, new DeliveryStatus { LastRelease = 7 }, [rolledBack], Notified.At.AddHours(1)).Single();
        var third = Notices.Of(delivery, new DeliveryStatus(), [other], Notified.At).Single();

        Assert.Equal((NotificationEvent.RolledBack, NotificationSeverity.Error), (first.Event, first.Severity));
        Assert.Equal(first.Id, again.Id);
        Assert.NotEqual(first.Id, third.Id);
    }

    [Fact]
    public void Who_is_asked_is_asked_once()
    {
        var delivery = new Delivery { Metadata = new ObjectMeta { Namespace = "prod", Name = "shop", Uid = "6f1c" } };
        var waits = new DeliveryStatus { Held = new HeldStatus("AwaitingApproval", "1.4.2 waits"), Candidate = new CandidateStatus("1.4.2", "sha256:aa", Notified.At, "newest") };

        var asked = Notices.Of(delivery, waits, [], Notified.At).Single();

        Assert.Equal((NotificationEvent.AwaitingApproval, "1.4.2", "sha256:aa", NotificationSeverity.Warning), (asked.Event, asked.To, asked.Digest, asked.Severity));
        Assert.Empty(Notices.Of(delivery with { Status = waits }, waits, [], Notified.At));
        Assert.Single(Notices.Of(delivery with { Status = waits }, waits with { Held = new HeldStatus("AwaitingApproval", "1.4.3 waits") }, [], Notified.At));
    }

    [Fact]
    public void A_hold_is_told_as_one_whatever_its_reason_is_called()
    {
        var held = new RolloutState.Held("ExposureEnded", "it had its time", Notified.At);

        var told = Notices.Of(new Delivery(), new DeliveryStatus { Rollout = held }, [new(true, "ExposureEnded", "it had its time")], Notified.At).Single();

        Assert.Equal((NotificationEvent.Held, "ExposureEnded"), (told.Event, told.Reason));
    }
}
