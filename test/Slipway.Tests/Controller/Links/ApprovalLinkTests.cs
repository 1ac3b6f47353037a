using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Controller.Links;
using Slipway.Controller.Sessions;
using Slipway.Kube;
using Slipway.Notifications;
using Slipway.Tests.Cli;
using Slipway.Tests.Controller.Api;
using Slipway.Tests.Notifications;

namespace Slipway.Tests.Controller.Links;

public sealed class ApprovalLinkTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    private const string Asks = "step 1 of 2: 1.2.0 waits for approval <b>";
    private const string Form = "application/x-www-form-urlencoded";

    [Fact]
    public async Task To_open_a_link_shows_the_question_and_changes_nothing()
    {
        var (link, _) = await AskAsync("seen");

        var page = await world.GetAsync(PathOf(link), null);

        Assert.Equal((200, "text/html"), (page.Code, page.Answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("step 1 of 2: 1.2.0 waits for approval &lt;b&gt;", page.Text, StringComparison.Ordinal);
        Assert.Contains(Samples.Digest120, page.Text, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", page.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Null(await AnnotationAsync("seen", ApiNames.ApproveAnnotation));
    }

    [Theory]
    [InlineData("approve", ApiNames.ApproveAnnotation, "yes")]
    [InlineData("reject", ApiNames.RejectAnnotation, "no")]
    public async Task An_answer_is_written_with_the_digest_and_through_whom_the_link_went(string decision, string annotation, string told)
    {
        var (link, _) = await AskAsync(decision);

        var page = await PostAsync(link, $"decision={decision}");

        Assert.Equal(200, page.Code);
        Assert.Contains($"Written: {told} to ", page.Text, StringComparison.Ordinal);
        Assert.EndsWith($" digest {Samples.Digest120} from link/127.0.0.1 by notifier:prod/chat", await AnnotationAsync(decision, annotation), StringComparison.Ordinal);
        Assert.DoesNotContain(PathOf(link), world.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_somebody_has_made_up_cut_or_sealed_for_something_else_is_none()
    {
        var (link, _) = await AskAsync("forged");
        var path = PathOf(link);
        var bytes = link.Write();
        string[] others =
        [
            $"{path}A", path[..^2], $"{PeoplesLinks.ApprovePath}AAAA", $"{PeoplesLinks.ApprovePath}{world.Context.Keys.Seal("session v1", bytes)}",
            $"{PeoplesLinks.ApprovePath}{SessionKeys.Read(null).Seal(ApprovalEndpoints.Purpose, bytes)}", $"{PeoplesLinks.ApprovePath}{world.Context.Keys.Seal(ApprovalEndpoints.Purpose, bytes.AsSpan(0, 20))}",
        ];
        foreach (var other in others)
        {
            Assert.Equal(401, (await world.GetAsync(other, null)).Code);
            Assert.Equal(401, (await world.SendAsync("POST", other, null, "decision=approve", Form)).Code);
        }

        Assert.Null(await AnnotationAsync("forged", ApiNames.ApproveAnnotation));
    }

    [Theory]
    [InlineData("late", "it was good until")]
    [InlineData("uid", "made anew")]
    [InlineData("question", "asks this no more")]
    [InlineData("digest", "asks this no more")]
    [InlineData("gone", "is gone")]
    public async Task A_link_answers_one_question_until_its_time_and_nothing_else(string what, string why)
    {
        var (link, _) = await AskAsync($"void-{what}");
        link = what switch
        {
            "late" => link with { Until = Now.AddMinutes(-1) },
            "uid" => link with { Uid = "another" },
            "question" => link with { Question = "0123456789abcdef" },
            "digest" => link with { Digest = Samples.Digest110 },
            _ => link with { Delivery = "nobody" },
        };

        var (seen, written) = (await world.GetAsync(PathOf(link), null), await PostAsync(link, "decision=approve"));

        Assert.Equal((410, 410), (seen.Code, written.Code));
        Assert.Contains(why, seen.Text, StringComparison.Ordinal);
        Assert.Null(await AnnotationAsync($"void-{what}", ApiNames.ApproveAnnotation));
    }

    [Theory]
    [InlineData("decision=", Form, 400)]
    [InlineData("decision=rollback", Form, 400)]
    [InlineData("decision=approve&decision=reject", Form, 400)]
    [InlineData("{\"decision\":\"approve\"}", "application/json", 415)]
    [InlineData("decision=approve", Form, 403, "cross-site")]
    public async Task What_is_no_answer_of_the_page_is_refused(string body, string type, int code, string? site = null)
    {
        var name = $"odd-{Math.Abs(body.GetHashCode(StringComparison.Ordinal))}-{code}";
        var (link, _) = await AskAsync(name);

        var reply = await world.SendAsync("POST", PathOf(link), null, body, type, site is null ? [] : [("Sec-Fetch-Site", site)]);

        Assert.Equal(code, reply.Code);
        Assert.Null(await AnnotationAsync(name, ApiNames.ApproveAnnotation));
    }

    [Fact]
    public async Task The_link_of_a_message_is_the_one_that_answers()
    {
        var (_, delivery) = await AskAsync("told");
        var message = Notified.RolledBack with { Event = NotificationEvent.AwaitingApproval, Uid = delivery.Metadata.Uid!, Delivery = "told", Digest = Samples.Digest120, Message = Asks, At = Now };
        var links = new PeoplesLinks(new Uri("https://slipway.example.com"), bytes => world.Context.Keys.Seal(ApprovalEndpoints.Purpose, bytes));

        var link = links.Linked(message, Terms(approvalLinks: true)).Link!;

        Assert.StartsWith("https://slipway.example.com/approve/", link, StringComparison.Ordinal);
        Assert.Equal(200, (await world.GetAsync(new Uri(link).AbsolutePath, null)).Code);
        Assert.Equal("https://slipway.example.com/dashboard/namespaces/prod/deliveries/told", links.Linked(message, Terms(approvalLinks: false)).Link);
        Assert.Equal("https://slipway.example.com/dashboard/namespaces/prod/deliveries/told", links.Linked(message with { Event = NotificationEvent.Failed }, Terms(approvalLinks: true)).Link);
    }

    [Fact]
    public void A_Notifier_is_told_when_the_controller_can_make_no_links() => Assert.Equal(
        "spec.approvalLinks: the controller can make none: whoever runs it sets api.publicAddress and api.sessionKeyFile in its configuration; or leave it out",
        $"{NotifierTerms.Read(Notified.Notifier("""{"approvalLinks":true,"slack":{"secretRef":{"name":"a","key":"b"}}}"""), "slipway").Problem}");

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static NotifierTerms Terms(bool approvalLinks) => NotifierTerms.Read(Notified.Notifier($$"""{"approvalLinks":{{(approvalLinks ? "true" : "false")}},"slack":{"secretRef":{"name":"a","key":"b"} } }"""), "slipway", links: true);

    private async Task<(ApprovalLink Link, Delivery Delivery)> AskAsync(string name)
    {
        await world.SeedAsync("prod", name, json =>
        {
            var status = json["status"]!.AsObject();
            status["held"] = new JsonObject { ["reason"] = "AwaitingApproval", ["message"] = Asks, ["since"] = "2026-01-01T12:00:00Z" };
            status["candidate"] = new JsonObject { ["tag"] = "1.2.0", ["digest"] = Samples.Digest120, ["firstSeen"] = "2026-01-01T12:00:00Z", ["why"] = "the highest in range" };
            status["rollout"] = null;
        });
        var key = new ObjectKey("prod", name);
        while (world.Context.Cluster!.Deliveries.Get(key)?.Status?.Held is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var delivery = world.Context.Cluster.Deliveries.Get(key)!;
        return (new ApprovalLink("prod", name, delivery.Metadata.Uid!, Samples.Digest120, ApprovalLink.QuestionOf(delivery.Status)!, "prod/chat", Now.AddHours(1)), delivery);
    }

    private string PathOf(ApprovalLink link) => $"{PeoplesLinks.ApprovePath}{world.Context.Keys.Seal(ApprovalEndpoints.Purpose, link.Write())}";

    private Task<ApiReply> PostAsync(ApprovalLink link, string body) => world.SendAsync("POST", PathOf(link), null, body, Form);

    private async Task<string?> AnnotationAsync(string name, string annotation) =>
        (await world.Context.Deliveries.GetAsync(new ObjectKey("prod", name), TestContext.Current.CancellationToken))!.Value.Metadata.Annotations?.GetValueOrDefault(annotation);
}
