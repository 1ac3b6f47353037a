using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Vectors.Ops;

/// <summary>What registries say over HTTP, and where they may send us: registry-http.json.</summary>
internal static class HttpOps
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static JsonObject LimitMessage(VectorCase one)
    {
        var quota = RateLimit.QuotaIn(one.Text("input"));
        return new JsonObject { ["allowed"] = quota.Allowed, ["windowMs"] = quota.Window.TotalMilliseconds, ["retryAfterMs"] = RateLimit.MillisecondsIn(one.Text("input")) };
    }

    public static JsonObject LimitHeader(VectorCase one)
    {
        var limit = RateLimit.FromHeader(one.Text("input"));
        return new JsonObject { ["allowed"] = limit.Allowed, ["windowMs"] = limit.Window.TotalMilliseconds };
    }

    public static JsonObject RetryAfter(VectorCase one)
    {
        var text = one.Text("input");
        if (text.StartsWith("<now", StringComparison.Ordinal))
        {
            text = Now.AddSeconds(int.Parse(text[4..].Split('s')[0], CultureInfo.InvariantCulture)).ToString("r", CultureInfo.InvariantCulture);
        }

        var wait = RateLimit.RetryAfter(text, Now)?.TotalMilliseconds;
        var answer = new JsonObject { ["waitMs"] = wait };
        if (one.Expect.TryGetProperty("waitMsBetween", out var bounds) && wait >= bounds[0].GetDouble() && wait <= bounds[1].GetDouble())
        {
            answer["waitMsBetween"] = JsonNode.Parse(bounds.GetRawText());
        }

        return answer;
    }

    public static JsonObject Challenge(VectorCase one)
    {
        var bearer = AuthChallenge.Parse([one.Text("input")]).FirstOrDefault(challenge => challenge.Is("Bearer"));
        return new JsonObject
        {
            ["scheme"] = bearer?.Scheme.ToLowerInvariant(),
            ["realm"] = bearer?["realm"] ?? "",
            ["service"] = bearer?["service"] ?? "",
            ["scope"] = bearer?["scope"] ?? "",
            ["params"] = new JsonObject((bearer?.Parameters.ToArray() ?? []).Where(one => one.Key is not ("realm" or "service" or "scope")).Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
        };
    }

    public static JsonObject RealmHost(VectorCase one) => new() { ["host"] = LoginStyle.RealmOf(one.Text("input"))?.Authority ?? "" };

    public static JsonObject Address(VectorCase one) => ImageReference.TryParse(one.Text("input"), out var image, out _)
        ? new JsonObject { ["host"] = DockerServer.HostOf(DockerServer.NameFor(image.Repository.Domain)) }
        : new JsonObject { ["error"] = true };

    public static JsonObject LinkNext(VectorCase one) => NextPage.From(one.Text("link"), new Uri(one.Text("requestUrl"))) switch
    {
        NextPage.At at => new JsonObject { ["next"] = at.Address.AbsoluteUri },
        // A list that cannot be completed is an error; either way no page follows.
        _ => new JsonObject { ["next"] = null, ["error"] = true },
    };

    public static JsonObject Pages(VectorCase one)
    {
        var (tags, visited, requests) = (new List<string>(), new HashSet<Uri>(), 0);
        Uri? at = new("https://r.example.com/v2/foo/tags/list?n=1000");
        foreach (var page in one.Body.GetProperty("pages").EnumerateArray())
        {
            if (at is null || !visited.Add(at))
            {
                break;
            }

            requests++;
            var bytes = Encoding.UTF8.GetBytes($$"""{"name":"foo","tags":{{page.GetProperty("tags").GetRawText()}}}""");
            if (TagPage.Count(bytes) is null)
            {
                throw new ArgumentException("a page is no list of tags");
            }

            TagPage.AddTo(tags, bytes);
            at = (NextPage.From(page.TryGetProperty("link", out var link) ? link.GetString() : null, at) as NextPage.At)?.Address;
        }

        return new JsonObject { ["tags"] = tags.Array(), ["requests"] = requests, ["terminates"] = true };
    }

    public static JsonObject Redirect(VectorCase one) =>
        new() { ["follow"] = OutboundRule.WhyNot(new Uri($"{RegistryEndpoint.SchemeOf(one.Text("from"), [])}://{one.Text("from")}/"), new Uri(one.Text("to"))) is null };

    public static JsonObject TokenRealm(VectorCase one)
    {
        var registry = new Uri($"{(one.Flag("insecure") ? "http" : "https")}://{one.Text("registryHost")}/");
        return new JsonObject { ["allow"] = OutboundRule.WhyNotRealm(registry, new Uri(one.Text("realm")), named: null) is null };
    }

    public static JsonObject Canonical(VectorCase one) => new() { ["address"] = RegistryEndpoint.Canonical(one.Text("scheme"), one.Text("input")) };

    public static JsonObject Retryable(VectorCase one) =>
        new() { ["retry"] = RegistryErrors.AreTemporary(one.Body.GetProperty("status").ValueKind == System.Text.Json.JsonValueKind.Null ? null : one.Body.GetProperty("status").GetInt32(), [.. one.Texts("errorCodes")]) };

    public static JsonObject Scheme(VectorCase one) => new() { ["scheme"] = RegistryEndpoint.SchemeOf(one.Text("registry"), []) };
}
