using Slipway.Images;
using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Controller.Webhooks;

/// <summary>One route: who sends, how much, what, in this order; then the feeds look.</summary>
internal sealed partial class WebhookReceiver(ReceiverTerms terms, SenderCheck sender, WebhookContext context, ILogger<WebhookReceiver> log)
{
    /// <summary>Vendors send about a kilobyte; GitHub twenty.</summary>
    public const int MaxBody = 1024 * 1024;

    /// <summary>Requests that are worked on at once; with the largest bodies, sixteen megabytes.</summary>
    public const int MaxAtOnce = 16;

    /// <summary>From the first byte of a body to its last. What trickles for longer is an attack or a broken proxy.</summary>
    public static readonly TimeSpan LongestBody = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Allowance _requests;
    private Allowance _refusals;
    private int _atOnce;

    public string Name => terms.Name;

    public async Task HandleAsync(HttpContext http)
    {
        var answer = await AnswerAsync(http);
        context.Metrics.WebhookAnswered(Name, answer.Outcome);
        await answer.WriteAsync(http);
    }

    private async Task<WebhookAnswer> AnswerAsync(HttpContext http)
    {
        if (RequestForm.Refusal(http.Request.Method, http.Request.ContentType) is var (status, why))
        {
            return WebhookAnswer.Form(status, why);
        }

        if (http.Request.ContentLength > MaxBody)
        {
            return WebhookAnswer.TooLarge(MaxBody);
        }

        try
        {
            return Interlocked.Increment(ref _atOnce) > MaxAtOnce ? WebhookAnswer.Busy : await AnswerInTurnAsync(http);
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private async Task<WebhookAnswer> AnswerInTurnAsync(HttpContext http)
    {
        var head = HeadOf(http.Request);

        // A signature covers the body, which has to be read first; of everybody else not a byte is read before they are known.
        var signs = terms.Proof is ReceiverProof.KeyFile && terms.Type.Signature is { } scheme && head.Header(scheme.Header) is not null;
        if (!signs && await RefuseAsync(head, http) is { } early)
        {
            return early;
        }

        var (body, problem) = await ReadAsync(http.Request, http.RequestAborted);
        var request = head with { Body = body };
        return problem ?? (signs ? await RefuseAsync(request, http) : null) ?? Look(request);
    }

    private async Task<WebhookAnswer?> RefuseAsync(WebhookRequest request, HttpContext http)
    {
        switch (await sender(request, http.RequestAborted))
        {
            case SenderVerdict.Known:
                return Take(ref _requests, context.Allowance) is { Ticks: > 0 } wait ? WebhookAnswer.Limited(wait) : null;
            case SenderVerdict.Stranger { Why: var why }:
                // Whoever has the right credential still gets in: a stranger cannot lock the registry out.
                if (Take(ref _refusals, AllowanceTerms.Refusals) is { Ticks: > 0 } pause)
                {
                    return WebhookAnswer.Limited(pause);
                }

                LogStranger(Name, http.Connection.RemoteIpAddress?.ToString() ?? "nowhere", why);
                return WebhookAnswer.Stranger(why);
            case SenderVerdict.Unable { Why: var why }:
                if (Take(ref _refusals, AllowanceTerms.Refusals) == TimeSpan.Zero)
                {
                    LogUnable(Name, why);
                }

                return WebhookAnswer.Unable;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private WebhookAnswer Look(WebhookRequest request)
    {
        switch (request.Read(terms.Type.Parse))
        {
            case PayloadReading.Ignored { Why: var why }:
                return WebhookAnswer.Ignored(why);
            case PayloadReading.Refused { Why: var why }:
                if (Take(ref _refusals, AllowanceTerms.Refusals) == TimeSpan.Zero)
                {
                    LogInvalid(Name, why);
                }

                return WebhookAnswer.Invalid(why);
            case PayloadReading.Hints { Events: var events }:
                var moving = events.Where(hint => hint.MovesTag).ToList();
                var ours = moving.Where(hint => terms.MaySpeakFor(hint.Repository)).ToList();
                return moving.Count == 0 ? WebhookAnswer.Ignored("it was pushed by digest alone, which moves no tag")
                    : ours.Count == 0 ? WebhookAnswer.Forbidden(UntrustedText.Quote(moving[0].Repository.ToString()))
                    : WebhookAnswer.Taken(ours.GroupBy(hint => hint.Repository).Sum(Hint));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // Many tags of one repository are one look at all of it.
    private int Hint(IGrouping<RepositoryName, RegistryHint> ofOne)
    {
        var looks = context.Hint(ofOne.Select(hint => hint.Tag).Distinct().Count() == 1 ? ofOne.First() : ofOne.First() with { Tag = null, Digest = null });
        context.Metrics.WebhookLooks(Name, looks);
        return looks;
    }

    private async Task<(byte[] Body, WebhookAnswer? Problem)> ReadAsync(HttpRequest request, CancellationToken aborted)
    {
        using var patience = new CancellationTokenSource(LongestBody, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborted);
        try
        {
            return await BoundedStream.ReadAsync(request.Body, MaxBody, either.Token) is { } body ? (body, null) : ([], WebhookAnswer.TooLarge(MaxBody));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return ([], WebhookAnswer.TooSlow(LongestBody));
        }
        catch (BadHttpRequestException e)
        {
            return ([], e.StatusCode is StatusCodes.Status408RequestTimeout ? WebhookAnswer.TooSlow(LongestBody) : WebhookAnswer.Broken(e.Message));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The sender is gone; nobody reads the answer.
            return ([], WebhookAnswer.Broken("the connection ended"));
        }
    }

    private WebhookRequest HeadOf(HttpRequest request) => new()
    {
        Body = default,
        Headers = request.Headers.Where(header => header.Value.Count > 0).ToDictionary(header => header.Key, header => header.Value[0] ?? ""),
        Query = request.Query.Where(parameter => parameter.Value.Count > 0).ToDictionary(parameter => parameter.Key, parameter => parameter.Value[0] ?? ""),
        Registry = terms.Registry,
    };

    private TimeSpan Take(ref Allowance allowance, AllowanceTerms of)
    {
        lock (_gate)
        {
            (var wait, allowance) = allowance.Take(of, context.Time.GetUtcNow());
            return wait;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Receiver {Receiver} refused a request from {Address}: {Why}")]
    private partial void LogStranger(string receiver, string address, string why);

    [LoggerMessage(LogLevel.Warning, "Receiver {Receiver} cannot verify its senders: {Why}")]
    private partial void LogUnable(string receiver, string why);

    [LoggerMessage(LogLevel.Warning, "Receiver {Receiver} was sent what it does not take: {Why}")]
    private partial void LogInvalid(string receiver, string why);
}
