using System.Text.Json;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Checks.Expressions;
using Slipway.Checks.Templates;

namespace Slipway.CheckSources;

/// <summary>Reads JSON by URL.</summary>
internal sealed class WebSource(CheckTransport transport, CheckSecrets secrets, TimeProvider time)
{
    public async Task<Measurement> MeasureAsync(MeasureWish wish, CheckSource.Web source, CancellationToken cancellationToken)
    {
        var sided = CheckWords.IsSided(wish, source.Url, TextSyntax.Url) || CheckWords.IsSided(wish, source.Body, TextSyntax.Json);
        var candidate = await AskAsync(wish, source, ofStable: false, cancellationToken);
        var stable = sided ? await AskAsync(wish, source, ofStable: true, cancellationToken) : null;
        return Judging.Of(wish.Plan, candidate, stable, Instant.Of(time.GetUtcNow()));
    }

    private async Task<SourceAnswer> AskAsync(MeasureWish wish, CheckSource.Web source, bool ofStable, CancellationToken cancellationToken)
    {
        var body = source.Body is null ? null : CheckWords.TryRender(source.Body, TextSyntax.Json, wish, ofStable, out _);
        if (CheckWords.TryRender(source.Url, TextSyntax.Url, wish, ofStable, out var problem) is not { } url || (source.Body is not null && body is null))
        {
            return ofStable ? new SourceAnswer.Empty($"nothing runs it beside the new one in this step ({problem})") : new SourceAnswer.Unanswered(problem);
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return new SourceAnswer.Unanswered("with the values put in, the url is no address");
        }

        var (headers, why) = await secrets.HeadersAsync(source, wish, ofStable, cancellationToken);
        if (why is not null)
        {
            return new SourceAnswer.Unanswered(why);
        }

        var reply = await transport.SendAsync(new CheckRequest(HttpMethod.Parse(source.Method), address, source.Timeout) { Headers = [.. headers, ("Accept", "application/json")], Body = body }, cancellationToken);
        return reply switch
        {
            { Problem: { } failed } => new SourceAnswer.Unanswered(reply.Refused ? failed : $"{address.Authority}: {failed}"),
            { Status: not (>= 200 and < 300) } => new SourceAnswer.Unanswered($"{address.Authority} answers {reply.Status}"),
            _ => Read(reply, source, address),
        };
    }

    private static SourceAnswer Read(CheckReply reply, CheckSource.Web source, Uri address)
    {
        try
        {
            using var json = JsonDocument.Parse(reply.Body);
            return new SourceAnswer.Found(source.JsonPath is { } path && JsonPath.TryParse(path, out var way) ? way.Of(json.RootElement) : CheckValue.Of(json.RootElement));
        }
        catch (JsonException)
        {
            return new SourceAnswer.Unanswered($"{address.Authority} answers what is no JSON");
        }
    }
}
