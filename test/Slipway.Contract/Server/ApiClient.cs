using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Server;

/// <summary>Plain HTTP and JSON: what any client of the API could do.</summary>
public sealed class ApiClient(HttpClient http)
{
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string ApplyYaml = "application/apply-patch+yaml";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, null, accept: accept);

    public Task<Answer> PostAsync(string path, string body, string type = "application/json") => SendAsync(HttpMethod.Post, path, body, type);

    public Task<Answer> PostAsync(string path, JsonObject body) => PostAsync(path, body.ToJsonString());

    public Task<Answer> PutAsync(string path, JsonObject body) => SendAsync(HttpMethod.Put, path, body.ToJsonString());

    public Task<Answer> PatchAsync(string path, string type, string body) => SendAsync(HttpMethod.Patch, path, body, type);

    /// <summary>A server-side apply in the name of a manager.</summary>
    public Task<Answer> ApplyAsync(string path, string manager, string body, bool force = false) =>
        PatchAsync($"{path}?fieldManager={manager}{(force ? "&force=true" : "")}", ApplyYaml, body);

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, string type = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        using var response = await http.SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        return new($"{method} {path}", (int)response.StatusCode, text, response.Headers.TryGetValues("Warning", out var warnings) ? [.. warnings] : []);
    }

    public async Task<WatchReader> WatchAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "watch=true");
        return new(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop));
    }

    /// <summary>Waits for something to become so; a cluster needs a moment for some things.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> read, Func<T, bool> holds, string what)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            var value = await read();
            if (holds(value))
            {
                return value;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(attempt < 20 ? 10 : 100), TimeProvider.System, Stop);
        }
        throw new TimeoutException($"it never came to be that {what}");
    }

    public Task<Answer> EventuallyGoneAsync(string path) => EventuallyAsync(() => GetAsync(path), answer => answer.Code == 404, $"{path} is gone");
}

/// <summary>What the server said.</summary>
public sealed record Answer(string Request, int Code, string Text, IReadOnlyList<string> Warnings)
{
    public JsonObject Body
    {
        get
        {
            try
            {
                return JsonNode.Parse(Text) as JsonObject ?? [];
            }
            catch (JsonException)
            {
                return [];
            }
        }
    }

    public JsonObject Expect(int code)
    {
        Assert.True(Code == code, $"{Request} was answered {Code}, not {code}: {Text}");
        return Body;
    }

    /// <summary>Asserts that this is a Status object with a code and a reason.</summary>
    public JsonObject ExpectStatus(int code, string reason)
    {
        var status = Expect(code);
        Assert.Equal(("Status", "v1", "Failure", reason, (long?)code),
            (status.Kind(), status.Text("apiVersion"), status.Text("status"), status.Text("reason"), status.Number("code")));
        return status;
    }
}
