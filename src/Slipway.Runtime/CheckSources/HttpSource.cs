using Slipway.Api;
using Slipway.Checks;
using Slipway.Checks.Templates;
using Slipway.Kube;

namespace Slipway.CheckSources;

/// <summary>Makes a request that must be answered well: to an address, to a Service, or to each pod of the new version.</summary>
internal sealed class HttpSource(CheckTransport transport, CheckSecrets secrets, CandidatePods pods, TimeProvider time)
{
    public async Task<Measurement> MeasureAsync(MeasureWish wish, CheckSource.Http source, CancellationToken cancellationToken)
    {
        var (headers, why) = await secrets.HeadersAsync(source, wish, ofStable: false, cancellationToken);
        if (why is not null)
        {
            return Made(MeasuredAs.Error, null, why);
        }

        var (addresses, problem) = await AddressesAsync(wish, source, cancellationToken);
        if (addresses.Count == 0)
        {
            return Made(source.Url is null && source.Service is null ? MeasuredAs.NoData : MeasuredAs.Error, null, problem);
        }

        var replies = await Task.WhenAll(addresses.Select(async one =>
            (one.Address, Reply: await transport.SendAsync(new CheckRequest(HttpMethod.Get, one.Address, source.Timeout, one.IsPod) { Headers = headers, LongestAnswer = 64 << 10 }, cancellationToken))));
        var bad = replies.FirstOrDefault(one => !IsGood(source, one.Reply));
        return bad.Reply switch
        {
            null => Made(MeasuredAs.Pass, replies.Length == 1 ? $"{replies[0].Reply.Status}" : $"{replies.Length} pods answer", null),
            { Refused: true } => Made(MeasuredAs.Error, null, bad.Reply.Problem),
            { Status: 0 } => Made(MeasuredAs.Fail, null, $"{bad.Address.Authority}: {bad.Reply.Problem}"),
            _ => Made(MeasuredAs.Fail, $"{bad.Reply.Status}", $"{bad.Address.Authority} answers {bad.Reply.Status}"),
        };
    }

    // An answer is one however long it is.
    private static bool IsGood(CheckSource.Http source, CheckReply reply) =>
        reply.Status != 0 && (source.Expect is { } expected ? expected.Contains(reply.Status) : reply.Status is >= 200 and < 400);

    private async Task<(IReadOnlyList<(Uri Address, bool IsPod)> Addresses, string Problem)> AddressesAsync(MeasureWish wish, CheckSource.Http source, CancellationToken cancellationToken)
    {
        if (source.Url is { } url)
        {
            return CheckWords.TryRender(url, TextSyntax.Url, wish, ofStable: false, out var problem) is not { } rendered ? ([], problem)
                : Uri.TryCreate(rendered, UriKind.Absolute, out var address) ? ([(address, false)], "")
                : ([], "with the values put in, the url is no address");
        }

        // A path is a part of a URL: read with a host before it, and taken out again.
        const string Host = "http://x";
        if (CheckWords.TryRender($"{Host}{source.Path ?? "/"}", TextSyntax.Url, wish, ofStable: false, out var why) is not { } path)
        {
            return ([], why);
        }

        var tail = path[Host.Length..];
        if (source.Service is { } service)
        {
            return ([(new Uri($"{source.Scheme}://{service}.{wish.Context.Namespace}.svc:{source.Port}{tail}"), false)], "");
        }

        try
        {
            var found = await pods.AddressesAsync(wish, cancellationToken);
            return ([.. found.Select(ip => (new Uri($"{source.Scheme}://{(ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip)}:{source.Port}{tail}"), true))], "no pod of the new version runs");
        }
        catch (KubeException e)
        {
            return ([], e.Message);
        }
    }

    private Measurement Made(MeasuredAs result, string? value, string? why) => new(result, Instant.Of(time.GetUtcNow()), value, why is null ? null : Workloads.BoundedText.Of(why, 240));
}
