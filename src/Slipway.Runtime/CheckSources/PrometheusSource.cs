using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Checks;
using Slipway.Checks.Templates;

namespace Slipway.CheckSources;

/// <summary>Asks a Prometheus, or what speaks as one does.</summary>
/// <remarks>Prometheus documentation, "HTTP API": <c>/api/v1/query</c> and <c>/api/v1/query_range</c>.</remarks>
internal sealed class PrometheusSource(CheckTransport transport, CheckSecrets secrets, PrometheusConfiguration? configured, TimeProvider time)
{
    public async Task<Measurement> MeasureAsync(MeasureWish wish, CheckSource.Prometheus source, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow();
        var candidate = await AskAsync(wish, source, ofStable: false, until, cancellationToken);
        var stable = CheckWords.IsSided(wish, source.Query, TextSyntax.PromQl) ? await AskAsync(wish, source, ofStable: true, until, cancellationToken) : null;
        return Judging.Of(wish.Plan, candidate, stable, Api.Instant.Of(time.GetUtcNow()));
    }

    private async Task<SourceAnswer> AskAsync(MeasureWish wish, CheckSource.Prometheus source, bool ofStable, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var (address, own) = source.Address is { } named ? (named, false) : (configured?.Address, true);
        if (address is null)
        {
            return new SourceAnswer.Unanswered("no Prometheus is named: give prometheus.address, or checks.prometheus.address in the controller's configuration");
        }

        if (CheckWords.TryRender(source.Query, TextSyntax.PromQl, wish, ofStable, out var problem) is not { } query)
        {
            return ofStable ? new SourceAnswer.Empty($"nothing runs it beside the new one in this step ({problem})") : new SourceAnswer.Unanswered(problem);
        }

        var (headers, why) = await secrets.HeadersAsync(source, wish, ofStable, cancellationToken);
        if (why is not null)
        {
            return new SourceAnswer.Unanswered(why);
        }

        var request = new CheckRequest(HttpMethod.Get, Endpoint(address, query, source, wish, until), source.Timeout, Trusted: own)
        {
            Headers = own && configured?.BearerTokenFile is { } file ? [.. headers, ("Authorization", $"Bearer {File.ReadAllText(file).Trim()}")] : headers,
            CaFile = own ? configured?.CaFile : null,
        };
        return Read(await transport.SendAsync(request, cancellationToken), source, address);
    }

    // Nothing from before the step had traffic, however long the window is.
    private static Uri Endpoint(string address, string query, CheckSource.Prometheus source, MeasureWish wish, DateTimeOffset until)
    {
        var root = $"{address.TrimEnd('/')}/api/v1/";
        if (source.Window is not { } window)
        {
            return new Uri($"{root}query?query={Uri.EscapeDataString(query)}&timeout={Seconds(source.Timeout)}s");
        }

        var from = wish.Context.Since > until - window && wish.Context.Since < until ? wish.Context.Since : until - window;
        return new Uri($"{root}query_range?query={Uri.EscapeDataString(query)}&start={Unix(from)}&end={Unix(until)}&step={Seconds(source.Step ?? TimeSpan.FromSeconds(15))}s&timeout={Seconds(source.Timeout)}s");
    }

    private SourceAnswer Read(CheckReply reply, CheckSource.Prometheus source, string address)
    {
        var host = new Uri(address).Authority;
        if (reply.Problem is { } problem)
        {
            return new SourceAnswer.Unanswered(reply.Refused ? problem : $"{host}: {problem}");
        }

        try
        {
            using var body = JsonDocument.Parse(reply.Body);
            return reply.Status is >= 200 and < 300 or 400 or 422 or 503
                ? source.Window is null ? PrometheusAnswer.Instant(body.RootElement, time.GetUtcNow()) : PrometheusAnswer.Range(body.RootElement)
                : new SourceAnswer.Unanswered($"{host} answers {reply.Status}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return new SourceAnswer.Unanswered(reply.Status is >= 200 and < 300 ? $"{host} answers what the API of Prometheus does not promise" : $"{host} answers {reply.Status}: {Beginning(reply)}");
        }
    }

    private static string Beginning(CheckReply reply) => Encoding.UTF8.GetString(reply.Body.Span[..Math.Min(reply.Body.Length, 200)]);

    private static string Seconds(TimeSpan time) => Math.Max(1, Math.Ceiling(time.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);

    private static string Unix(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
}
