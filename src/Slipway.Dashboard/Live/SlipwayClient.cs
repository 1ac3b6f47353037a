using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Actions;
using Slipway.Dashboard.Session;
using Slipway.Views;

namespace Slipway.Dashboard.Live;

/// <summary>The API as the page uses it: by the session's cookie, which no script sees and the browser sends by itself.</summary>
public sealed class SlipwayClient(HttpClient http, SessionState session, TimeProvider time)
{
    // Says that a page of ours asks: a form on another site cannot set a header.
    private const string SessionHeader = "X-Slipway-Session";

    // A screen is filled by the first page; those after it come while it is read.
    private const int RowsOfTheFirstPage = 60;
    private const int RowsOfAPage = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="from">What the page before says of the next; null: the first one.</param>
    public Task<ApiResult<DeliveryPage>> DeliveriesAsync(string? from, CancellationToken cancellationToken) =>
        GetAsync($"api/v1/deliveries?limit={(from is null ? RowsOfTheFirstPage : $"{RowsOfAPage}&continue={Uri.EscapeDataString(from)}")}", ViewJson.Default.DeliveryPage, cancellationToken);

    public Task<ApiResult<DeliveryView>> DeliveryAsync(RowKey key, CancellationToken cancellationToken) => GetAsync(Path(key), ViewJson.Default.DeliveryView, cancellationToken);

    public Task<ApiResult<ListView<ReleaseView>>> ReleasesAsync(RowKey key, CancellationToken cancellationToken) =>
        GetAsync($"{Path(key)}/releases", ViewJson.Default.ListViewReleaseView, cancellationToken);

    public Task<ApiResult<PermissionsView>> PermissionsAsync(string ns, CancellationToken cancellationToken) =>
        GetAsync($"api/v1/namespaces/{Uri.EscapeDataString(ns)}/permissions", ViewJson.Default.PermissionsView, cancellationToken);

    public Task<ApiResult<ListView<ApprovalView>>> ApprovalsAsync(CancellationToken cancellationToken) => GetAsync("api/v1/approvals", ViewJson.Default.ListViewApprovalView, cancellationToken);

    public Task<ApiResult<ListView<FeedView>>> FeedsAsync(CancellationToken cancellationToken) => GetAsync("api/v1/feeds", ViewJson.Default.ListViewFeedView, cancellationToken);

    public Task<ApiResult<ListView<FreezeView>>> FreezesAsync(CancellationToken cancellationToken) => GetAsync("api/v1/freezes", ViewJson.Default.ListViewFreezeView, cancellationToken);

    public Task<ApiResult<ActionAnswer>> ActAsync(RowKey key, ActionKind action, ActionRequest request, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"{Path(key)}/{action.Name}", Json(request, ViewJson.Default.ActionRequest), ViewJson.Default.ActionAnswer, cancellationToken);

    /// <summary>Asks who is there, and tells the session.</summary>
    public async Task<ApiResult<SessionView>> WhoAsync(CancellationToken cancellationToken)
    {
        var who = await GetAsync("api/v1/session", ViewJson.Default.SessionView, cancellationToken);
        if (who.ValueOrDefault is { } view)
        {
            session.Enter(view);
        }

        return who;
    }

    /// <summary>Has the token sealed into a cookie; it is not kept here.</summary>
    public Task<ApiResult<SessionView>> SignInAsync(string token, CancellationToken cancellationToken) =>
        ThenWhoAsync(HttpMethod.Post, Json(new SessionRequest(token), ViewJson.Default.SessionRequest), cancellationToken);

    public async Task SignOutAsync(CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Delete, "api/v1/session", Json(new ActionRequest(), ViewJson.Default.ActionRequest), ViewJson.Default.SessionView, cancellationToken);
        session.Leave(null);
    }

    /// <summary>The stream of events, as it comes; the caller disposes it.</summary>
    /// <param name="after">The last event that is known; null: from now on.</param>
    public Task<ApiResult<HttpResponseMessage>> EventsAsync(string? after, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/events{(after is null ? "" : $"?after={Uri.EscapeDataString(after)}")}") { Headers = { Accept = { new("text/event-stream") } } };
        return AskAsync(request, (answer, _) => Task.FromResult<ApiResult<HttpResponseMessage>>(new ApiResult<HttpResponseMessage>.Answered(answer)), cancellationToken);
    }

    private async Task<ApiResult<SessionView>> ThenWhoAsync(HttpMethod method, HttpContent body, CancellationToken cancellationToken) =>
        await SendAsync(method, "api/v1/session", body, ViewJson.Default.SessionView, cancellationToken) is ApiResult<SessionView>.Refused refused ? refused : await WhoAsync(cancellationToken);

    private Task<ApiResult<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, type, cancellationToken);

    private Task<ApiResult<T>> SendAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        if (method != HttpMethod.Get)
        {
            request.Headers.Add(SessionHeader, "1");
        }

        return AskAsync(request, (answer, patience) => ReadAsync(answer, type, patience), cancellationToken);
    }

    // Patience is for the answer's head and for what `read` reads of it; a stream that is handed on has as much time as it wants.
    private async Task<ApiResult<T>> AskAsync<T>(HttpRequestMessage asked, Func<HttpResponseMessage, CancellationToken, Task<ApiResult<T>>> read, CancellationToken cancellationToken)
    {
        using var request = asked;
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? await read(answer, either.Token) : await RefusedAsync<T>(answer, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ApiResult<T>.Away($"no answer within {Patience.TotalSeconds} s");
        }
        catch (Exception e) when (Broken.Says(e) is not null)
        {
            return new ApiResult<T>.Away(Broken.Says(e)!);
        }
    }

    private static async Task<ApiResult<T>> ReadAsync<T>(HttpResponseMessage answered, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = answered;
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return text.Length > 0 && JsonSerializer.Deserialize(text, type) is { } value ? new ApiResult<T>.Answered(value) : new ApiResult<T>.Away("its answer is empty");
    }

    private async Task<ApiResult<T>> RefusedAsync<T>(HttpResponseMessage refused, CancellationToken cancellationToken)
    {
        using var answer = refused;
        var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(cancellationToken), ViewJson.Default.ProblemView)
            : null;
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            session.Leave(problem?.Ways);
        }

        // 503 and what a proxy answers in the controller's place are no decision about the request.
        return problem is null ? new ApiResult<T>.Away($"status {(int)answer.StatusCode}")
            : answer.StatusCode == HttpStatusCode.ServiceUnavailable ? new ApiResult<T>.Away(problem.Detail)
            : new ApiResult<T>.Refused(problem);
    }

    private static string Path(RowKey key) => $"api/v1/namespaces/{Uri.EscapeDataString(key.Namespace)}/deliveries/{Uri.EscapeDataString(key.Name)}";

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
