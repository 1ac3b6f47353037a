using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Sandbox.Registry;

public sealed record RegistryLogin(string User, string Password);

/// <summary>
/// The client side that the sandbox itself needs, to push its demo images and to pull as a kubelet does. It answers basic and bearer
/// challenges of the host it was made for. (The product has a client of its own; sharing one would hide the mistakes of both.)
/// </summary>
public sealed partial class RegistryConnection(Uri registry, RegistryLogin? login = null) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Dictionary<string, string> _tokens = [];
    private readonly Lock _gate = new();

    public Uri Registry => registry;

    /// <param name="path">From the root of the registry, or a whole location that it gave.</param>
    /// <param name="scope">What the request needs, by which its token is remembered: <c>acme/shop:pull</c>.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string scope, CancellationToken cancellationToken, Action<HttpRequestMessage>? prepare = null)
    {
        var response = await SendOnceAsync(method, path, Remembered(scope), prepare, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        using (response)
        {
            var authorization = await AuthorizeAsync(response.Headers.WwwAuthenticate, scope, cancellationToken);
            return await SendOnceAsync(method, path, authorization, prepare, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method, string path, string? authorization, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(registry, path));
        prepare?.Invoke(request);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    private async Task<string?> AuthorizeAsync(HttpHeaderValueCollection<AuthenticationHeaderValue> challenges, string scope, CancellationToken cancellationToken)
    {
        if (challenges.FirstOrDefault(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) is not { Parameter: { } parameters })
        {
            return Basic;
        }

        var values = Parameter.Matches(parameters).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        var query = new StringBuilder(values.GetValueOrDefault("realm")).Append(CultureInfo.InvariantCulture, $"?service={Uri.EscapeDataString(values.GetValueOrDefault("service", ""))}");
        foreach (var one in values.GetValueOrDefault("scope", "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            query.Append(CultureInfo.InvariantCulture, $"&scope={Uri.EscapeDataString(one)}");
        }

        using var response = await SendOnceAsync(HttpMethod.Get, query.ToString(), Basic, null, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return Remember(scope, $"Bearer {answer.RootElement.GetProperty("token").GetString()}");
    }

    private string? Basic => login is null ? null : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.User}:{login.Password}"))}";

    private string? Remembered(string scope)
    {
        lock (_gate)
        {
            return _tokens.GetValueOrDefault(scope);
        }
    }

    private string Remember(string scope, string authorization)
    {
        lock (_gate)
        {
            if (_tokens.Count > 1_000)
            {
                _tokens.Clear();
            }

            return _tokens[scope] = authorization;
        }
    }

    [GeneratedRegex("""(?<name>[a-z_]+)="(?<value>[^"]*)(?:"|\z)""")]
    private static partial Regex Parameter { get; }

    public void Dispose() => _http.Dispose();
}
