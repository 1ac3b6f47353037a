using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Webhooks;
using Slipway.Webhooks.Payloads;
using Slipway.Webhooks.Receivers;

namespace Slipway.Vectors.Ops;

internal static class WebhookOps
{
    public static VectorOp Receive(PayloadParser parse) => one => Receive(one, RequestOf(one).Read(parse));

    public static JsonObject RegistryOfDockerUrl(VectorCase one) => new() { ["registry"] = QuayPayload.RegistryOf(one.Text("input")) };

    public static JsonObject RegistryOfSource(VectorCase one) => new() { ["registry"] = CloudEventsPayload.RegistryOf(one.Text("sourceAttr")) ?? "" };

    public static JsonObject EcrRegistryOfSource(VectorCase one)
    {
        var registryId = one.Body.GetProperty("data").TryGetProperty("registryId", out var id) ? id.GetString() : null;
        return new() { ["registry"] = EcrPayload.RegistryOfSource(one.Text("sourceAttr"), registryId) ?? "" };
    }

    public static JsonObject Authenticate(VectorCase one)
    {
        var form = RequestForm.Refusal(one.Text("method"), one.TextOrNull("contentType"));
        var secret = one.Text("configuredSecret");
        var (type, proof, request) = one.Text("scheme") switch
        {
            "query parameter ?secret=" => ("dockerhub", (SharedSecret)new SharedSecret.Token(secret), With(one, "secret", one.Text("querySecret"))),
            "plain Authorization header equals secret" => ("harbor", new SharedSecret.Token(secret), WithHeader(one, "Authorization", one.TextOrNull("authorization"))),
            "X-Hub-Signature-256" => ("github", new SharedSecret.Key(secret), WithHeader(one, "X-Hub-Signature-256", one.TextOrNull("signature"))),
            var scheme => throw new ArgumentException($"no receiver has the scheme {scheme}"),
        };
        return Accept(form is null && proof.Refusal(ReceiverType.All[type], request) is null);
    }

    public static VectorOp Signed(SignatureScheme scheme) => one =>
    {
        var header = one.Body.GetProperty("header").TryGetProperty(scheme.Header, out var value) ? value.GetString() : null;
        return Accept(scheme.Refusal(one.Text("secret"), WithHeader(one, scheme.Header, header)) is null);
    };

    private static JsonObject Accept(bool accept) => new() { ["accept"] = accept };

    private static JsonObject Receive(VectorCase one, PayloadReading reading)
    {
        var hints = reading is PayloadReading.Hints some ? some.Events : [];
        var moving = hints.Where(hint => hint.MovesTag).ToList();
        var expected = one.Expect.GetProperty("events").EnumerateArray().ToList();
        var answer = new JsonObject
        {
            // A hint may say more than was asked for: a digest that the sender tells and a peer leaves out.
            ["events"] = new JsonArray([.. moving.Select((hint, at) => Event(hint, at < expected.Count ? expected[at] : default))]),
            ["rejectedOrIgnored"] = moving.Count == 0,
            ["valid"] = reading is not PayloadReading.Refused,
            ["status"] = reading is PayloadReading.Refused ? 400 : 200,
            ["why"] = reading is PayloadReading.Refused refused ? refused.Why : (reading as PayloadReading.Ignored)?.Why,
            ["artifactKind"] = (reading as PayloadReading.Ignored)?.Artifact,
        };
        if (hints.FirstOrDefault(hint => !hint.MovesTag) is { } byDigest)
        {
            answer["digestOnly"] = new JsonObject { ["registry"] = byDigest.Repository.Domain, ["repository"] = byDigest.Repository.Path, ["digest"] = byDigest.Digest };
        }

        return answer;
    }

    private static JsonObject Event(RegistryHint hint, JsonElement expected)
    {
        var event_ = new JsonObject { ["registry"] = hint.Repository.Domain, ["repository"] = hint.Repository.Path, ["tag"] = hint.Tag };
        if (expected.ValueKind is not JsonValueKind.Object || expected.TryGetProperty("digest", out _))
        {
            event_["digest"] = hint.Digest;
        }

        return event_;
    }

    private static WebhookRequest RequestOf(VectorCase one)
    {
        var body = one.Body.GetProperty("body");
        var content = body.TryGetProperty("json", out var json) ? json : body.GetProperty("raw");
        return new WebhookRequest
        {
            Body = Encoding.UTF8.GetBytes(content.ValueKind is JsonValueKind.String ? content.GetString()! : content.GetRawText()),
            Headers = Texts(one, "headers"),
            Query = Texts(one, "query"),
        };
    }

    private static WebhookRequest With(VectorCase one, string parameter, string value) => BodyOf(one) with { Query = new Dictionary<string, string> { [parameter] = value } };

    private static WebhookRequest WithHeader(VectorCase one, string name, string? value) =>
        value is null ? BodyOf(one) : BodyOf(one) with { Headers = new Dictionary<string, string> { [name] = value } };

    private static WebhookRequest BodyOf(VectorCase one) => new() { Body = Encoding.UTF8.GetBytes(one.TextOrNull("body") ?? "") };

    private static Dictionary<string, string> Texts(VectorCase one, string name) =>
        one.Body.TryGetProperty(name, out var map) ? map.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!) : [];
}
