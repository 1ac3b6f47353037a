using System.Collections.Immutable;
using Slipway.Actions;
using Slipway.Api;
using Slipway.Controller.Access;
using Slipway.Controller.Events;
using Slipway.Controller.Links;
using Slipway.Controller.Sessions;
using Slipway.Notifications;
using Slipway.Views;

namespace Slipway.Controller.Api;

/// <summary>The table of contents of the API: what is not here is not served.</summary>
internal static class Routes
{
    private const string One = "/api/v1/namespaces/{ns}/deliveries/{name}";

    public static readonly Right List = new("list", ApiNames.DeliveryPlural);
    public static readonly Right Watch = new("watch", ApiNames.DeliveryPlural);
    public static readonly Right ListReleases = new("list", ApiNames.ReleasePlural);

    private static readonly Right Get = new("get", ApiNames.DeliveryPlural);
    private static readonly QueryParameter Namespace = new("namespace", "string", "only this one");
    private static readonly QueryParameter Labels = new("labelSelector", "string", "as kubectl's -l: team=web,tier!=cache");

    private static readonly ImmutableArray<QueryParameter> Paged =
    [
        Namespace, Labels, new("limit", "integer", $"rows of a page, at most {Reads.MostRows}; default {Reads.UsualRows}"), new("continue", "string", "of the page before"),
    ];

    public static ImmutableArray<ApiRoute> All { get; } =
    [
        new("GET", "/api/v1/deliveries", "What runs where", Reach.Lists, List, Reads.DeliveriesAsync, ViewJson.Default.DeliveryPage) { Query = Paged },
        new("GET", One, "One Delivery: its row, why, what is under way, its last Releases", Reach.Object, Get, Reads.DeliveryAsync, ViewJson.Default.DeliveryView),
        new("GET", $"{One}/why", "Why it does what it does", Reach.Object, Get, Reads.WhyAsync, ViewJson.Default.WhyView),
        new("GET", $"{One}/releases", "Its history, the newest first", Reach.Namespace, ListReleases, Reads.ReleasesAsync, ViewJson.Default.ListViewReleaseView),
        new("GET", $"{One}/releases/{{number}}", "One Release, with its transitions and checks", Reach.Namespace, new("get", ApiNames.ReleasePlural), Reads.ReleaseAsync, ViewJson.Default.ReleaseView),
        new("GET", "/api/v1/namespaces/{ns}/permissions", "What the caller may ask of its Deliveries", Reach.Anybody, null, Reads.PermissionsAsync, ViewJson.Default.PermissionsView),
        new("GET", "/api/v1/approvals", "Versions that wait for a person's yes", Reach.Lists, List, Reads.ApprovalsAsync, ViewJson.Default.ListViewApprovalView) { Query = [Namespace] },
        new("GET", "/api/v1/feeds", "Repositories that are followed, and what they last said", Reach.Lists, List, Reads.FeedsAsync, ViewJson.Default.ListViewFeedView) { Query = [Namespace] },
        new("GET", "/api/v1/freezes", "Freezes, and whether they are in force", Reach.Cluster, new("list", ApiNames.FreezePlural), Reads.FreezesAsync, ViewJson.Default.ListViewFreezeView),
        new("GET", "/api/v1/events", "Changes of rows, as server-sent events", Reach.Lists, Watch, EventStream.ServeAsync)
        {
            Query = [Namespace, new("after", "string", "the id of an event, or events of a page; the header Last-Event-ID goes before it")], ContentType = "text/event-stream",
        },
        .. ActionKind.All.Select(Action),
        new("GET", "/api/v1/session", "Who the caller is, and how one can sign in", SessionEndpoints.GetAsync, ViewJson.Default.SessionView),
        new("POST", "/api/v1/session", "Signs a browser in with a token", SessionEndpoints.SignInAsync) { Takes = ViewJson.Default.SessionRequest, Status = StatusCodes.Status204NoContent },
        new("DELETE", "/api/v1/session", "Signs a browser out", SessionEndpoints.SignOutAsync) { Status = StatusCodes.Status204NoContent },
        new("GET", $"{PeoplesLinks.ApprovePath}{{link}}", "The question that a message has asked, with a form to answer it", ApprovalEndpoints.ShowAsync) { ContentType = "text/html" },
        new("POST", $"{PeoplesLinks.ApprovePath}{{link}}", "Answers it: decision=approve or decision=reject", ApprovalEndpoints.AnswerAsync) { IsForm = true, ContentType = "text/html" },
        new("GET", "/login/oidc", "Sends a browser to the issuer, to log in", LoginEndpoints.BeginAsync) { Query = [new("return", "string", "a path of this address, for afterwards")], Status = StatusCodes.Status302Found, ContentType = "text/html" },
        new("GET", "/login/oidc/callback", "Where the issuer sends the browser back to", LoginEndpoints.FinishAsync) { ContentType = "text/html" },
        new("GET", "/api/v1/openapi.json", "This description", Reach.Anybody, null, _ => Task.FromResult<ApiAnswer>(OpenApiDocument.Answer)),
        new("GET", "/", "What runs where, as a table without script; as JSON for who accepts that", Reach.Lists, List, HtmlTable.ServeAsync) { Query = Paged, ContentType = "text/html" },
    ];

    public static void MapApi(this IEndpointRouteBuilder routes, ApiContext context)
    {
        foreach (var route in All)
        {
            routes.MapMethods(route.Path, [route.Method], new ApiPipeline(context, route).HandleAsync);
        }
    }

    private static ApiRoute Action(ActionKind kind) =>
        new("POST", $"{One}/{kind.Name}", kind.Does, Reach.Object, new("update", ApiNames.DeliveryPlural, kind.Name), new PeoplesAction(kind).HandleAsync, ViewJson.Default.ActionAnswer)
        {
            Takes = ViewJson.Default.ActionRequest, Status = StatusCodes.Status202Accepted,
        };
}
