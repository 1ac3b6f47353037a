using System.Text;
using System.Text.Json;
using Slipway.CheckSources;
using Slipway.Controllers;
using Slipway.Kube;

namespace Slipway.Notifications;

/// <summary>
/// Tells one notification once: reads the Secret as it is now, makes the requests and judges the answers. Where it may go is the rule of checks
/// (<c>checks.allowedHosts</c>), it follows no redirect to another host, and what comes back is bounded.
/// </summary>
internal sealed class NotificationPost(ControllerContext context) : IDisposable
{
    private const int LongestSecret = 16 << 10;

    // A status, a deployment that is looked for, made and told: no format needs more.
    private const int MostRequests = 6;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly CheckTransport _transport = new(context.Checks?.Reach ?? Checks.ReachRule.Open, context.Time);

    private readonly MailTransport _mail = new(context.Checks?.Reach ?? Checks.ReachRule.Open, context.Time);

    private sealed record Entries(Dictionary<string, string> Values);

    /// <summary>Never throws for what the network, the server or the API server do.</summary>
    public async Task<PostResult> SendAsync(NotifierTerms terms, Notification notification, CancellationToken cancellationToken)
    {
        try
        {
            var (secret, why) = await SecretAsync(terms, cancellationToken);
            var now = context.Time.GetUtcNow();
            notification = context.Links?.Linked(notification, terms) ?? notification;
            return secret is null ? new PostResult(why)
                : NotificationFormats.Mail(terms, notification, secret, now) is { } mail ? await _mail.SendAsync(mail, cancellationToken)
                : await SendAsync(NotificationFormats.Of(terms, notification, secret, now), cancellationToken);
        }
        catch (Exception e) when (e is KubeException or FormatException)
        {
            return new PostResult(e.Message);
        }
    }

    public void Dispose() => _transport.Dispose();

    private async Task<PostResult> SendAsync(OutgoingRequest? request, CancellationToken cancellationToken)
    {
        if (request is null)
        {
            return PostResult.Nothing;
        }

        for (var sent = 0; sent < MostRequests; sent++)
        {
            var reply = await _transport.SendAsync(
                new CheckRequest(new HttpMethod(request.Method), request.Address, Timeout)
                {
                    Headers = request.Headers,
                    Body = request.Method == "GET" ? null : request.Body,
                    ContentType = request.ContentType,
                    LongestAnswer = 1 << 20,
                },
                cancellationToken);
            if (Judge(request, reply) is { } no)
            {
                return no;
            }

            var next = request.Then?.Invoke(Parsed(reply.Body)) ?? NextRequest.None;
            if (next.Problem is not null)
            {
                return new PostResult(next.Problem, ForGood: true);
            }

            if (next.Request is null)
            {
                return PostResult.Told;
            }

            request = next.Request;
        }

        return new PostResult("it never came to an end", ForGood: true);
    }

    // The path of a webhook is its secret, so that only the host is named. The server's own words are not repeated: it may say ours back.
    private static PostResult? Judge(OutgoingRequest request, CheckReply reply) => reply switch
    {
        { Problem: { } problem } => new PostResult($"{request.Address.Authority}: {problem}"),
        { Status: >= 200 and < 300 } => null,
        { Status: 400 or 413 or 422 } => new PostResult($"{request.Address.Authority} answers {reply.Status}: it does not take this message", ForGood: true),
        { Status: 401 or 403 or 404 or 410 } => new PostResult($"{request.Address.Authority} answers {reply.Status}: look whether address and Secret are (still) the right ones"),
        _ => new PostResult($"{request.Address.Authority} answers {reply.Status}") { RetryAfter = reply.RetryAfter },
    };

    private static JsonElement Parsed(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Whoever needs something of it says that it is not there.
            return default;
        }
    }

    private async Task<(string? Secret, string? Problem)> SecretAsync(NotifierTerms terms, CancellationToken cancellationToken)
    {
        if (terms.Secret is not { } reference)
        {
            return ("", null);
        }

        var key = new ObjectKey(terms.Namespace, reference.Name!);
        var found = await new ResourceClient<Entries>(context.Connection, ResourceTypes.Secrets, Read).GetAsync(key, cancellationToken);
        return found is null ? (null, $"there is no Secret {key}; create it, or name the right one")
            : !found.Value.Values.TryGetValue(reference.Key!, out var text) ? (null, $"the Secret {key} has no entry {reference.Key}; name one that it has")
            : text.Length is 0 or > LongestSecret || text.AsSpan().ContainsAny("\r\n\0") ? (null, $"entry {reference.Key} of the Secret {key} is empty, too long, or has several lines")
            : (text, null);
    }

    private static Entries Read(JsonElement secret)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in secret.Property("data") is { ValueKind: JsonValueKind.Object } data ? data.EnumerateObject().ToArray() : [])
        {
            if (entry.Value.ValueKind == JsonValueKind.String && entry.Value.TryGetBytesFromBase64(out var bytes))
            {
                values[entry.Name] = Encoding.UTF8.GetString(bytes).TrimEnd('\r', '\n');
            }
        }

        return new Entries(values);
    }
}
