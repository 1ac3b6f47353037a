using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Slipway.Api;
using Slipway.Checks.Templates;
using Slipway.Deliveries;
using Slipway.Images;

namespace Slipway.Checks;

/// <summary>A source, and whether it is asked once for each side.</summary>
internal readonly record struct ReadSource(CheckSource Source, bool IsSided);

/// <summary>Reads where the values of a check come from.</summary>
internal static partial class SourceReader
{
    private const int LongestQuery = 4096;
    private const int LongestUrl = 2048;
    private const int LongestBody = 4096;
    private const int MostHeaders = 10;
    private const int MostWords = 64;
    private const int MostVariables = 50;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // A measurement that takes longer would say nothing of the moment it was due.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(2);

    // More than Prometheus takes (11,000 points of a series), and than a comparison needs.
    private const int MostSamples = 1000;

    public static ReadSource? Read(string field, CheckTerms terms, ImmutableDictionary<string, CheckValueText> args, CheckReader.Problems found)
    {
        var given = new object?[] { terms.Prometheus, terms.Web, terms.Http, terms.Job }.Count(source => source is not null);
        if (given != 1)
        {
            found.Add(new(field, given == 0
                ? "what is measured is not said: give exactly one of prometheus, web, http, job and template"
                : "it has several sources: give exactly one of prometheus, web, http, job and template"));
            return null;
        }

        var reading = new Reading(field, [.. args.Keys], found);
        return terms switch
        {
            { Prometheus: { } prometheus } => reading.Prometheus(prometheus, terms.Compare?.MannWhitney is not null),
            { Web: { } web } => reading.Web(web),
            { Http: { } http } => reading.Http(http),
            _ => reading.Job(terms.Job!),
        };
    }

    private sealed class Reading(string field, ImmutableArray<string> args, CheckReader.Problems found)
    {
        public ReadSource Prometheus(PrometheusCheck prometheus, bool distribution)
        {
            var at = $"{field}.prometheus";
            Address($"{at}.address", prometheus.Address, mayBeAbsent: true);
            var query = Text($"{at}.query", prometheus.Query, TextSyntax.PromQl, LongestQuery, "sum(rate(http_errors_total{pod=~\"{{ candidate.pods }}\"}[1m]))");
            var (window, step) = (Duration($"{at}.window", prometheus.Window, "5m"), Duration($"{at}.step", prometheus.Step, "15s"));
            found.Add(!distribution && (!string.IsNullOrEmpty(prometheus.Window) || !string.IsNullOrEmpty(prometheus.Step))
                ? new(at, "window and step are for compare.mannWhitney: for a single value write the time into the query, as in rate(...[5m])")
                : window.Ticks / step.Ticks > MostSamples ? new($"{at}.step", $"{DurationText.Write(window)} have more than {MostSamples} samples at {DurationText.Write(step)}")
                : null);
            return new(
                new CheckSource.Prometheus(CheckReader.NullIfEmpty(prometheus.Address), prometheus.Query ?? "")
                {
                    Window = distribution ? window : null,
                    Step = distribution ? step : null,
                    Timeout = Timeout(at, prometheus.Timeout, "30s"),
                    Headers = Headers($"{at}.headers", prometheus.Headers),
                    Auth = Auth($"{at}.auth", prometheus.Auth),
                },
                query?.IsSided ?? false);
        }

        public ReadSource Web(WebCheck web)
        {
            var at = $"{field}.web";
            var url = Url($"{at}.url", web.Url);
            var body = string.IsNullOrEmpty(web.Body) ? null : Text($"{at}.body", web.Body, TextSyntax.Json, LongestBody, "");
            var method = string.IsNullOrEmpty(web.Method) ? "GET" : web.Method;
            found.Add(method is not ("GET" or "POST" or "PUT") ? new($"{at}.method", $"{UntrustedText.Quote(method)} is not one of GET, POST, PUT")
                : method == "GET" && body is not null ? new($"{at}.body", "a GET has no body: give method: POST")
                : !string.IsNullOrEmpty(web.JsonPath) && !JsonPath.TryParse(web.JsonPath, out _) ? new($"{at}.jsonPath", $"{UntrustedText.Quote(web.JsonPath)} is no way into JSON that is read here; write for example $.data.items[0].ok, and let pass do the rest")
                : null);
            return new(
                new CheckSource.Web(web.Url ?? "", method, CheckReader.NullIfEmpty(web.Body), CheckReader.NullIfEmpty(web.JsonPath))
                {
                    Timeout = Timeout(at, web.Timeout, "10s"),
                    Headers = Headers($"{at}.headers", web.Headers),
                    Auth = Auth($"{at}.auth", web.Auth),
                },
                (url?.IsSided ?? false) || (body?.IsSided ?? false));
        }

        public ReadSource Http(HttpCheck http)
        {
            var at = $"{field}.http";
            var byUrl = !string.IsNullOrEmpty(http.Url);
            found.Add(byUrl == http.Port is not null ? new(at, "which address is asked is not plain: give either url or port")
                : byUrl && (!string.IsNullOrEmpty(http.Path) || !string.IsNullOrEmpty(http.Service) || !string.IsNullOrEmpty(http.Scheme)) ? new(at, "path, service and scheme belong to port: they are parts of the url already")
                : http.Port is < 1 or > 65535 ? new($"{at}.port", $"{http.Port} is no port")
                : http.Scheme is { Length: > 0 } and not ("HTTP" or "HTTPS") ? new($"{at}.scheme", $"{UntrustedText.Quote(http.Scheme)} is not one of HTTP, HTTPS")
                : http.Path is { Length: > 0 } path && !path.StartsWith('/') ? new($"{at}.path", $"{UntrustedText.Quote(path)} does not begin with /")
                : http.Expect?.Any(code => code is < 100 or > 599) == true ? new($"{at}.expect", "a status code is between 100 and 599")
                : http.Service is { Length: > 0 } service && !ObjectName.IsMatch(service) ? new($"{at}.service", $"{UntrustedText.Quote(service)} is no name of a Service")
                : null);
            var url = byUrl ? Url($"{at}.url", http.Url) : null;
            if (!byUrl && http.Path is { Length: > 0 })
            {
                Text($"{at}.path", $"http://x{http.Path}", TextSyntax.Url, LongestUrl, "");
            }

            found.Add(url is { IsSided: true } ? new($"{at}.url", "{{ side.* }} is for comparing: write {{ candidate.workload }}") : null);
            return new(
                new CheckSource.Http(CheckReader.NullIfEmpty(http.Url), http.Port, http.Port is null ? null : CheckReader.NullIfEmpty(http.Path) ?? "/", CheckReader.NullIfEmpty(http.Service), http.Scheme == "HTTPS" ? "https" : "http")
                {
                    Expect = http.Expect is { Count: > 0 } ? http.Expect : null,
                    Timeout = Timeout(at, http.Timeout, "10s"),
                    Headers = Headers($"{at}.headers", http.Headers),
                    Auth = Auth($"{at}.auth", http.Auth),
                },
                false);
        }

        public ReadSource Job(JobCheck job)
        {
            var at = $"{field}.job";
            found.Add(string.IsNullOrEmpty(job.Image) ? new($"{at}.image", "the image that is run is not said") : null);
            Text($"{at}.image", job.Image ?? "", TextSyntax.Plain, LongestUrl, "");
            Words($"{at}.command", job.Command);
            Words($"{at}.args", job.Args);
            Variables($"{at}.env", job.Env ?? []);
            if (!string.IsNullOrEmpty(job.Url))
            {
                Text($"{at}.url", job.Url, TextSyntax.Url, LongestUrl, "");
            }

            found.Add(job.ServiceAccount is { Length: > 0 } account && !ObjectName.IsMatch(account) ? new($"{at}.serviceAccount", $"{UntrustedText.Quote(account)} is no name of a ServiceAccount") : null);
            var timeout = CheckReader.Duration($"{at}.timeout", job.Timeout, "10m", Second, found);
            return new(
                new CheckSource.Job(job.Image ?? "")
                {
                    Command = job.Command,
                    Args = job.Args,
                    Env = job.Env,
                    Url = CheckReader.NullIfEmpty(job.Url),
                    ServiceAccount = CheckReader.NullIfEmpty(job.ServiceAccount),
                    PullSecrets = job.PullSecrets,
                    Timeout = timeout,
                    Ttl = CheckReader.Duration($"{at}.ttl", job.Ttl, "1h", TimeSpan.Zero, found),
                },
                false);
        }

        private CheckText? Url(string at, string? url)
        {
            var text = Text(at, url, TextSyntax.Url, LongestUrl, "https://grafana.example.com/api/slo");
            if (text is not null && !text.Names.Any())
            {
                Address(at, url, mayBeAbsent: false);
            }
            else if (text is not null)
            {
                found.Add(url!.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal) ? null : new(at, NoAddress(url)));
            }

            return text;
        }

        private void Address(string at, string? address, bool mayBeAbsent)
        {
            if (string.IsNullOrEmpty(address) && mayBeAbsent)
            {
                return;
            }

            found.Add(!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0 ? new(at, NoAddress(address ?? ""))
                : uri.UserInfo.Length > 0 ? new(at, "it contains a user name: use auth, which names a Secret")
                : null);
        }

        private static string NoAddress(string text) => $"{UntrustedText.Quote(text)} is no address; write for example https://prometheus.example.com:9090";

        private CheckText? Text(string at, string? text, TextSyntax syntax, int longest, string example)
        {
            if (string.IsNullOrEmpty(text))
            {
                found.Add(new(at, $"it is empty; write for example {example}"));
                return null;
            }

            if (text.Length > longest)
            {
                found.Add(new(at, $"it has {text.Length} letters, more than {longest}"));
                return null;
            }

            if (CheckText.TryParse(text, syntax, args, out var parsed, out var problem))
            {
                return parsed;
            }

            found.Add(new(at, problem));
            return null;
        }

        private TimeSpan Duration(string at, string? text, string otherwise) => CheckReader.Duration(at, text, otherwise, Second, found) is var read && read < Second ? Second : read;

        private TimeSpan Timeout(string at, string? text, string otherwise)
        {
            var timeout = CheckReader.Duration($"{at}.timeout", text, otherwise, TimeSpan.FromMilliseconds(100), found);
            found.Add(timeout > LongestRequest ? new($"{at}.timeout", $"{DurationText.Write(timeout)} is more than {DurationText.Write(LongestRequest)}, the longest that a request is waited for") : null);
            return timeout;
        }

        private IReadOnlyList<CheckHeader>? Headers(string at, IReadOnlyList<CheckHeader>? headers)
        {
            found.Add(headers?.Count > MostHeaders ? new(at, $"{headers.Count} headers are more than {MostHeaders}") : null);
            for (var index = 0; index < (headers?.Count ?? 0); index++)
            {
                var (header, one) = (headers![index], $"{at}[{index}]");
                found.Add(!HeaderName.IsMatch(header.Name ?? "") ? new($"{one}.name", $"{UntrustedText.Quote(header.Name ?? "")} is no name of a header")
                    : Forbidden.Contains(header.Name, StringComparer.OrdinalIgnoreCase) ? new($"{one}.name", $"{header.Name} belongs to the connection and is not set here")
                    : null);
                Either(one, header.Value, header.SecretKeyRef);
            }

            return headers is { Count: > 0 } ? headers : null;
        }

        private CheckAuth? Auth(string at, CheckAuth? auth)
        {
            found.Add(auth is null ? null
                : auth.Bearer is null == auth.Basic is null ? new(at, "give exactly one of bearer and basic")
                : auth.Basic is { } basic && string.IsNullOrEmpty(basic.Name) ? new($"{at}.basic.name", "the name of the Secret is missing")
                : auth.Bearer is { } bearer && (string.IsNullOrEmpty(bearer.Name) || string.IsNullOrEmpty(bearer.Key)) ? new($"{at}.bearer", "it names a Secret and its entry: {name: ..., key: ...}")
                : null);
            return auth;
        }

        private void Words(string at, IReadOnlyList<string>? words)
        {
            found.Add(words?.Count > MostWords ? new(at, $"{words.Count} words are more than {MostWords}") : null);
            for (var index = 0; index < Math.Min(words?.Count ?? 0, MostWords); index++)
            {
                if (!string.IsNullOrEmpty(words![index]))
                {
                    Script($"{at}[{index}]", words[index]);
                }
            }
        }

        // A script of several lines is an argument too; what is put into it is one line.
        private void Script(string at, string text) => Text(at, text, TextSyntax.Plain, LongestBody, "");

        private void Variables(string at, IReadOnlyList<CheckVariable> variables)
        {
            found.Add(variables.Count > MostVariables ? new(at, $"{variables.Count} variables are more than {MostVariables}") : null);
            for (var index = 0; index < Math.Min(variables.Count, MostVariables); index++)
            {
                var (variable, one) = (variables[index], $"{at}[{index}]");
                found.Add(VariableName.IsMatch(variable.Name ?? "") ? null : new($"{one}.name", $"{UntrustedText.Quote(variable.Name ?? "")} is no name of a variable"));
                Either(one, variable.Value, variable.SecretKeyRef);
            }
        }

        private void Either(string at, string? value, ObjectKeyReference? secret)
        {
            found.Add(!string.IsNullOrEmpty(value) && secret is not null ? new(at, "give either value or secretKeyRef")
                : secret is not null && (string.IsNullOrEmpty(secret.Name) || string.IsNullOrEmpty(secret.Key)) ? new($"{at}.secretKeyRef", "it names a Secret and its entry: {name: ..., key: ...}")
                : null);
            if (!string.IsNullOrEmpty(value))
            {
                Text($"{at}.value", value, TextSyntax.Plain, LongestBody, "");
            }
        }
    }

    private static readonly string[] Forbidden = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Content-Type"];

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z")]
    private static partial Regex HeaderName { get; }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]{0,99}\z")]
    private static partial Regex VariableName { get; }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\z")]
    private static partial Regex ObjectName { get; }
}
