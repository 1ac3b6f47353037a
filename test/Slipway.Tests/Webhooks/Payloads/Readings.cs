using System.Text;
using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Payloads;

/// <summary>Reads a body as a receiver of this type does, and says in a line what came of it.</summary>
internal static class Readings
{
    public static WebhookRequest Request(string body, params (string Name, string Value)[] headers) =>
        new() { Body = Encoding.UTF8.GetBytes(body), Headers = headers.ToDictionary(header => header.Name, header => header.Value) };

    public static PayloadReading Read(string type, WebhookRequest request) => request.Read(ReceiverType.All[type].Parse);

    public static PayloadReading Read(string type, string body, params (string Name, string Value)[] headers) => Read(type, Request(body, headers));

    /// <summary><c>ghcr.io/acme/shop:1.0 ghcr.io/acme/shop@sha256:…</c>, <c>ignored: …</c> or <c>refused: …</c>.</summary>
    public static string Line(PayloadReading reading) => reading switch
    {
        PayloadReading.Hints hints => string.Join(' ', hints.Events.Select(hint => $"{hint.Repository}{(hint.Tag is null ? "" : $":{hint.Tag}")}{(hint.Tag is null && hint.Digest is not null ? $"@{hint.Digest}" : "")}")),
        PayloadReading.Ignored ignored => $"ignored: {ignored.Why}",
        PayloadReading.Refused refused => $"refused: {refused.Why}",
        _ => throw new ArgumentException("a fourth kind of reading", nameof(reading)),
    };

    public static string Line(string type, string body, params (string Name, string Value)[] headers) => Line(Read(type, body, headers));
}

/// <summary>What each vendor sends when acme/shop:1.0 is pushed, and the header that says so where there is one.</summary>
internal static class SamplePayloads
{
    public const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    public static readonly IReadOnlyDictionary<string, (string Body, string Image)> All = new Dictionary<string, (string, string)>
    {
        ["acr"] = ("""{"action":"push","target":{"repository":"acme/shop","tag":"1.0"},"request":{"host":"acme.azurecr.io"}}""", "acme.azurecr.io/acme/shop:1.0"),
        ["aliyun"] = ("""{"push_data":{"tag":"1.0"},"repository":{"repo_full_name":"acme/shop","region":"cn-beijing"}}""", "registry.cn-beijing.aliyuncs.com/acme/shop:1.0"),
        ["artifactory"] = (
            """{"domain":"docker","event_type":"pushed","data":{"repo_key":"docker","path":"acme/shop/1.0/manifest.json","tag":"1.0"},"jpd_origin":"https://acme.jfrog.io"}""",
            "acme.jfrog.io/docker/acme/shop:1.0"),
        ["cdevents"] = (
            """{"context":{"type":"dev.cdevents.artifact.published.0.3.0"},"subject":{"id":"pkg:oci/shop?repository_url=ghcr.io/acme/shop&tag=1.0"}}""", "ghcr.io/acme/shop:1.0"),
        ["cloudevents"] = (
            """{"specversion":"1.0","type":"org.acme.image.pushed","source":"https://ghcr.io/acme/shop","data":{"repository":"acme/shop","tag":"1.0"}}""", "ghcr.io/acme/shop:1.0"),
        ["distribution"] = (
            """{"events":[{"action":"push","target":{"repository":"acme/shop","tag":"1.0"},"request":{"host":"registry.acme.org:5000"}}]}""", "registry.acme.org:5000/acme/shop:1.0"),
        ["dockerhub"] = ("""{"push_data":{"tag":"1.0"},"repository":{"repo_name":"acme/shop"}}""", "docker.io/acme/shop:1.0"),
        ["ecr"] = (
            """{"source":"aws.ecr","detail-type":"ECR Image Action","account":"123456789012","region":"eu-west-1","detail":{"result":"SUCCESS","action-type":"PUSH","repository-name":"acme/shop","image-tag":"1.0"}}""",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/shop:1.0"),
        ["gcr"] = (PubSub("""{"action":"INSERT","tag":"europe-docker.pkg.dev/acme/shop/web:1.0"}"""), "europe-docker.pkg.dev/acme/shop/web:1.0"),
        ["generic"] = ("""{"image":"ghcr.io/acme/shop","tag":"1.0"}""", "ghcr.io/acme/shop:1.0"),
        ["github"] = (
            """{"action":"published","package":{"name":"shop","namespace":"acme","package_type":"CONTAINER","package_version":{"container_metadata":{"tag":{"name":"1.0"}}}}}""",
            "ghcr.io/acme/shop:1.0"),
        ["gitlab"] = ("""{"image":"registry.gitlab.com/acme/shop","tag":"1.0"}""", "registry.gitlab.com/acme/shop:1.0"),
        ["harbor"] = ("""{"type":"PUSH_ARTIFACT","event_data":{"resources":[{"tag":"1.0","resource_url":"harbor.acme.org/acme/shop:1.0"}]}}""", "harbor.acme.org/acme/shop:1.0"),
        ["nexus"] = (
            """{"action":"CREATED","repositoryName":"docker","component":{"format":"docker","name":"acme/shop","version":"1.0"}}""", "nexus.acme.org:8082/acme/shop:1.0"),
        ["quay"] = ("""{"repository":"acme/shop","docker_url":"quay.io/acme/shop","updated_tags":["1.0"]}""", "quay.io/acme/shop:1.0"),
    };

    /// <summary>GitHub's events are named in a header; Nexus does not say where its images are pulled.</summary>
    public static WebhookRequest Request(string type) => Readings.Request(All[type].Body, ("X-GitHub-Event", "package")) with { Registry = type is "nexus" ? "nexus.acme.org:8082" : null };

    /// <summary>As Pub/Sub wraps a notification.</summary>
    public static string PubSub(string notification) => $$$"""{"message":{"data":"{{{Base64(notification)}}}"}}""";

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
