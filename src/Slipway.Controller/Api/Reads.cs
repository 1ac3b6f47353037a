using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Explanations;
using Slipway.Images;
using Slipway.Kube;
using Slipway.Views;
using Slipway.Workloads;

namespace Slipway.Controller.Api;

/// <summary>What can be read: from the caches of this process, and of Releases what the caches leave out from the API server.</summary>
internal static class Reads
{
    public const int UsualRows = 500;
    public const int MostRows = 5000;

    public static Task<ApiAnswer> DeliveriesAsync(ApiCall call)
    {
        var (page, problem) = Page(call);
        return Task.FromResult(problem ?? ApiAnswer.Json(page!, ViewJson.Default.DeliveryPage));
    }

    /// <summary>A page of rows by namespace and name: its token is the last name of the page before, so that it never expires.</summary>
    public static (DeliveryPage? Page, ApiAnswer? Problem) Page(ApiCall call)
    {
        var limit = UsualRows;
        if (call.Query("limit") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostRows))
        {
            return (null, Problems.Invalid($"limit: {UntrustedText.Quote(text)} is no number from 1 to {MostRows}", "leave it out, or write one"));
        }

        var problem = "";
        LabelSelector? labels = null;
        if (call.Query("labelSelector") is { } selector && (labels = LabelSelectorText.Parse(selector, out problem)) is null)
        {
            return (null, Problems.Invalid($"labelSelector: {problem}", "write it as for kubectl -l"));
        }

        var after = "";
        if (call.Query("continue") is { } token && (after = Token(token)) is null)
        {
            return (null, Problems.Invalid("continue: it is no token of a page", "write the one that the page before has, or begin anew without one"));
        }

        // What changes while the list is made may be in it and comes again as an event; nothing is left out by both.
        var position = call.Context.Board.Position;
        var rows = call.Visible()
            .Where(delivery => labels is null || LabelSelectors.Matches(labels, delivery.Metadata.Labels ?? ImmutableDictionary<string, string>.Empty))
            .Select(delivery => (Key: $"{delivery.Metadata.Namespace}/{delivery.Metadata.Name}", Delivery: delivery))
            .Where(row => string.CompareOrdinal(row.Key, after) > 0)
            .OrderBy(row => row.Key, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToArray();
        var more = rows.Length > limit;
        var unreadable = call.Cluster.Deliveries.Unreadable.Where(one => call.Sight.Includes(one.Key.Namespace) && (call.Namespace ?? one.Key.Namespace) == one.Key.Namespace).Select(one => $"{one.Key}: {one.Value}").ToArray();
        return (new DeliveryPage([.. rows.Take(limit).Select(row => DeliveryViews.Row(row.Delivery))], more ? Convert.ToBase64String(Encoding.UTF8.GetBytes(rows[limit - 1].Key)) : null, position)
        {
            Unreadable = unreadable.Length > 0 ? unreadable : null,
        }, null);
    }

    public static async Task<ApiAnswer> DeliveryAsync(ApiCall call) =>
        await FactsAsync(call) is not { } facts ? Missing(call)
        : ApiAnswer.Json(DeliveryViews.Whole(facts, LiveSidesOf(call.Cluster, facts.Delivery)) with { Releases = await RowsAsync(call, facts.Delivery) }, ViewJson.Default.DeliveryView);

    public static async Task<ApiAnswer> WhyAsync(ApiCall call) => await FactsAsync(call) is { } facts ? ApiAnswer.Json(DeliveryViews.Why(facts), ViewJson.Default.WhyView) : Missing(call);

    public static async Task<ApiAnswer> ReleasesAsync(ApiCall call)
    {
        if (call.Cluster.Deliveries.Get(call.Key) is not { } delivery)
        {
            return Missing(call);
        }

        var scope = new ListScope(call.Key.Namespace, $"{ApiNames.DeliveryLabel}={delivery.Metadata.Name}");
        var releases = (await call.Context.Releases.ListAsync(scope, call.Aborted)).Items.Select(item => item.Value).OrderByDescending(release => release.Spec.Number);
        return ApiAnswer.Json(new ListView<ReleaseView>([.. releases.Select(ReleaseViews.Whole)]), ViewJson.Default.ListViewReleaseView);
    }

    public static async Task<ApiAnswer> ReleaseAsync(ApiCall call)
    {
        var wanted = call.Path("number")!;
        return call.Cluster.Deliveries.Get(call.Key) is not { } delivery ? Missing(call)
            : long.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await ReleaseAsync(call, delivery, number) is { } release
                ? ApiAnswer.Json(ReleaseViews.Whole(release), ViewJson.Default.ReleaseView)
                : Problems.NotFound($"Delivery {call.Key} has no Release {UntrustedText.Quote(wanted)}", "GET its /releases lists them");
    }

    public static async Task<ApiAnswer> PermissionsAsync(ApiCall call)
    {
        var rights = Routes.All.Where(route => route.Right is { Subresource: not null }).Select(route => route.Right! with { Namespace = call.Namespace });
        List<string> actions = [];
        foreach (var right in rights)
        {
            if (await call.MayAsync(right))
            {
                actions.Add(right.Subresource!);
            }
        }

        return ApiAnswer.Json(new PermissionsView(call.Namespace!, actions), ViewJson.Default.PermissionsView);
    }

    public static Task<ApiAnswer> ApprovalsAsync(ApiCall call) => Task.FromResult<ApiAnswer>(ApiAnswer.Json(
        new ListView<ApprovalView>([.. call.Visible().Select(DeliveryViews.Approval).OfType<ApprovalView>().OrderBy(approval => $"{approval.Namespace}/{approval.Name}", StringComparer.Ordinal)]),
        ViewJson.Default.ListViewApprovalView));

    public static Task<ApiAnswer> FeedsAsync(ApiCall call) =>
        Task.FromResult<ApiAnswer>(ApiAnswer.Json(new ListView<FeedView>(FeedViews.Of(call.Visible())), ViewJson.Default.ListViewFeedView));

    public static Task<ApiAnswer> FreezesAsync(ApiCall call) => Task.FromResult<ApiAnswer>(ApiAnswer.Json(
        new ListView<FreezeView>([.. (call.Cluster.Freezes?.List() ?? []).OrderBy(freeze => freeze.Name, StringComparer.Ordinal).Select(freeze => DeliveryViews.Freeze(freeze, call.Now))]),
        ViewJson.Default.ListViewFreezeView));

    private static ApiAnswer.Refused Missing(ApiCall call) => Problems.NotFound($"there is no Delivery {UntrustedText.Quote($"{call.Key}")}", "GET /api/v1/deliveries lists them");

    // Of the history the sentences need the newest and the one that brought what runs; both whole, so they are read live.
    private static async Task<Facts?> FactsAsync(ApiCall call)
    {
        if (call.Cluster.Deliveries.Get(call.Key) is not { } delivery)
        {
            return null;
        }

        List<Release> releases = [];
        if (await call.MayAsync(Routes.ListReleases with { Namespace = call.Key.Namespace }))
        {
            long?[] numbers = [delivery.Status?.Current?.Release, delivery.Status?.LastRelease];
            foreach (var number in numbers.OfType<long>().Distinct().Order())
            {
                releases.AddRange(await ReleaseAsync(call, delivery, number) is { } release ? [release] : []);
            }
        }

        return new Facts(delivery, releases, [], call.Now);
    }

    private static async Task<Release?> ReleaseAsync(ApiCall call, Delivery delivery, long number) =>
        Records(call, delivery).FirstOrDefault(record => record.Number == number) is { } record
            ? (await call.Context.Releases.GetAsync(new ObjectKey(call.Key.Namespace, record.Name), call.Aborted))?.Value
            : null;

    private static async Task<IReadOnlyList<ReleaseRow>?> RowsAsync(ApiCall call, Delivery delivery) =>
        await call.MayAsync(Routes.ListReleases with { Namespace = call.Key.Namespace })
            ? [.. Records(call, delivery).OrderByDescending(record => record.Number).Take(DeliveryViews.MostReleases).Select(record => new ReleaseRow(record.Number, record.Tag, record.Digest, record.Outcome.Length > 0 ? record.Outcome : "Unknown", record.StartedAt))]
            : null;

    private static IEnumerable<Rollouts.ReleaseRecord> Records(ApiCall call, Delivery delivery) =>
        call.Cluster.Releases.ByIndex(ClusterView.ByDelivery, delivery.Metadata.Uid ?? "").Select(release => release.Record);

    private static LiveSides LiveSidesOf(ClusterView cluster, Delivery delivery)
    {
        var (beside, first) = (cluster.Siblings(delivery.Metadata.Uid ?? "") is [var sibling, ..] ? sibling : null, delivery.Spec?.Targets is [{ } target, ..] ? target : null);
        var name = delivery.Status?.Rollout?.Beside?.Stable ?? first?.Name;
        return new LiveSides(first is null || string.IsNullOrEmpty(name) ? null : cluster.Workload(new WorkloadKey(TargetKind.NameOf(first), delivery.Metadata.Namespace ?? "", name)), beside);
    }

    private static string? Token(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : null;
    }
}
