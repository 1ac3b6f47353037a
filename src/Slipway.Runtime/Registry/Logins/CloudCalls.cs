using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Registry;

/// <summary>Sends requests to clouds' services. What comes back is a body, or a reason that names the service and no secret.</summary>
internal sealed partial class CloudCalls(RegistryTransport transport, Func<string, string?> environment, TimeProvider time)
{
    private const int MaxBytes = 256 * 1024;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A variable that says something; null where it is absent or empty.</summary>
    public string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>An address that stands in a variable; null where it is absent or none.</summary>
    public Uri? Address(string name) => Uri.TryCreate(Variable(name), UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal) ? address : null;

    /// <param name="doing">"log in at ECR".</param>
    /// <param name="read">Null where the answer is not what was asked for.</param>
    public async Task<(T? Value, string Why)> AskAsync<T>(CloudRequest request, string doing, Func<ReadOnlyMemory<byte>, T?> read, CancellationToken cancellationToken) where T : class
    {
        var call = new RegistryCall(new HttpMethod(request.Method), request.Address, doing, MaxBytes)
        {
            FollowsRedirects = false,
            Headers = request.Headers,
            Payload = request.Body is { } body ? new RegistryPayload(Encoding.UTF8.GetBytes(body), request.ContentType ?? "application/octet-stream") : null,
        };
        if (!(await transport.SendAsync(call, cancellationToken)).IsOk(out var response, out var problem))
        {
            return (null, problem.Message);
        }

        if (!response.IsSuccess)
        {
            return (null, $"cannot {doing}: {request.Address.Authority} answers {response.Status}{CodeIn(response.Body)}");
        }

        return read(response.Body) is { } value ? (value, "") : (null, $"cannot {doing}: {request.Address.Authority} answers with something else");
    }

    // The name of the error, where it is one, and nothing else of a body that may repeat what it was sent.
    private static string CodeIn(ReadOnlyMemory<byte> body) =>
        Code.Match(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 4096)])) is { Success: true } code ? $" ({code.Groups["code"].Value})" : "";

    [GeneratedRegex("""(<Code>|"(__type|error|status|code)" *: *"([a-z0-9.]+#)?)(?<code>[A-Za-z_]{3,48})(</Code>|")""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Code { get; }
}
