using Slipway.Webhooks;

namespace Slipway.Tests.Webhooks.Payloads;

/// <summary>The corners of single vendors; their plain cases come from the field, by the vectors.</summary>
public sealed class VendorPayloadTests
{
    private const string Digest = SamplePayloads.Digest;

    [Theory]
    [InlineData("v2/acme/shop/manifests/1.0", "nexus.acme.org/acme/shop:1.0")]
    [InlineData("/v2/shop/manifests/1.0", "nexus.acme.org/shop:1.0")]
    [InlineData($"v2/acme/shop/manifests/{Digest}", $"nexus.acme.org/acme/shop@{Digest}")]
    [InlineData($"v2/-/blobs/{Digest}", "ignored: the asset is no manifest")]
    [InlineData("v2/manifests/1.0", "ignored: the asset is no manifest")]
    public void Nexus_tells_of_assets_by_their_path(string name, string expected) =>
        Assert.Equal(expected, Nexus($$$"""{"action":"UPDATED","asset":{"format":"docker","name":"{{{name}}}"}}""", "nexus.acme.org"));

    [Fact]
    public void Nexus_needs_to_be_told_its_host()
    {
        Assert.Equal("refused: it does not say which registry it is of", Nexus(SamplePayloads.All["nexus"].Body, null));
        Assert.Equal("ignored: this pushes no image", Nexus("""{"action":"DELETED","component":{"format":"docker","name":"a","version":"1"}}""", "r.io"));
        Assert.Equal("r.io/acme/shop:1.0", Readings.Line(Readings.Read("nexus", Readings.Request(SamplePayloads.All["nexus"].Body) with { Query = new Dictionary<string, string> { ["registry_url"] = "r.io" } })));
    }

    [Fact]
    public void An_artifactory_with_a_host_for_each_repository_leaves_the_key_out_of_the_name() =>
        Assert.Equal("docker.acme.org/acme/shop:1.0", Readings.Line(Readings.Read("artifactory", SamplePayloads.Request("artifactory") with { Registry = "docker.acme.org" })));

    [Fact]
    public void A_push_by_digest_alone_moves_no_tag()
    {
        var body = SamplePayloads.All["distribution"].Body.Replace("\"tag\":\"1.0\"", $"\"digest\":\"{Digest}\"", StringComparison.Ordinal);
        var hints = Assert.IsType<PayloadReading.Hints>(Readings.Read("distribution", body));

        Assert.False(Assert.Single(hints.Events).MovesTag);
        Assert.Equal(Digest, hints.Events[0].Digest);
    }

    [Theory]
    [InlineData("ping", "ignored: GitHub asks whether anybody is here")]
    [InlineData("push", "ignored: the event 'push' is not about images; choose Packages and Registry packages for this webhook")]
    [InlineData("registry_package", "refused: the body has no registry_package, as its event should")]
    [InlineData(null, "refused: the header X-GitHub-Event is missing; send what GitHub sends")]
    public void GitHub_names_the_event_in_a_header(string? event_, string expected) =>
        Assert.Equal(expected, event_ is null ? Readings.Line("github", SamplePayloads.All["github"].Body) : Readings.Line("github", SamplePayloads.All["github"].Body, ("X-GITHUB-EVENT", event_)));

    [Fact]
    public void GitHub_names_the_registry_of_an_enterprise_server()
    {
        var body = SamplePayloads.All["github"].Body.Replace("\"name\":\"shop\"", """ "name":"shop","registry":{"url":"https://containers.acme.org/acme"} """, StringComparison.Ordinal);

        Assert.Equal("containers.acme.org/acme/shop:1.0", Readings.Line("github", body, ("X-GitHub-Event", "package")));
    }

    [Fact]
    public void A_harbor_that_does_not_say_where_it_is_speaks_for_the_receivers_registry()
    {
        const string body = """{"type":"PUSH_ARTIFACT","event_data":{"resources":[{"tag":"1.0"}],"repository":{"name":"shop","namespace":"acme"}}}""";

        Assert.Equal("harbor.acme.org/acme/shop:1.0", Readings.Line(Readings.Read("harbor", Readings.Request(body) with { Registry = "harbor.acme.org" })));
        Assert.Equal("refused: it does not say which registry it is of", Readings.Line("harbor", body));
    }

    [Theory]
    [InlineData("eu-west-1", "amazonaws.com")]
    [InlineData("cn-north-1", "amazonaws.com.cn")]
    [InlineData("us-gov-east-1", "amazonaws.com")]
    [InlineData("us-iso-east-1", "c2s.ic.gov")]
    [InlineData("us-isob-east-1", "sc2s.sgov.gov")]
    public void Ecr_has_a_domain_for_each_partition(string region, string domain) =>
        Assert.Equal($"123456789012.dkr.ecr.{region}.{domain}/acme/shop:1.0", Readings.Line("ecr", SamplePayloads.All["ecr"].Body.Replace("eu-west-1", region, StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"account\":\"123456789012\"", "\"account\":\"evil.example/\"")]
    [InlineData("\"region\":\"eu-west-1\"", "\"region\":\"x.evil.example/\"")]
    public void Ecr_accounts_and_regions_are_no_way_to_another_host(string present, string forged) =>
        Assert.Equal("refused: it does not say which registry it is of", Readings.Line("ecr", SamplePayloads.All["ecr"].Body.Replace(present, forged, StringComparison.Ordinal)));

    [Fact]
    public void GitLab_sends_the_envelope_of_its_registry_or_what_a_job_says()
    {
        Assert.Equal(SamplePayloads.All["distribution"].Image, Readings.Line("gitlab", SamplePayloads.All["distribution"].Body));
        Assert.StartsWith("ignored: a project's webhook tells of no images", Readings.Line("gitlab", """{"object_kind":"pipeline"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"image":"ghcr.io/acme/shop:1.0"}""", "ghcr.io/acme/shop:1.0")]
    [InlineData("""{"repository":"ghcr.io/acme/shop","tag":"1.0"}""", "ghcr.io/acme/shop:1.0")]
    [InlineData("""{"image":"ghcr.io/acme/shop:0.9","tag":"1.0"}""", "ghcr.io/acme/shop:1.0")]
    [InlineData("""{"image":"ghcr.io/acme/shop","tag":"a b"}""", """refused: the body names no tag; send {"image": "ghcr.io/acme/shop", "tag": "1.4.0"}""")]
    [InlineData("""{"image":"GHCR.io/Acme"}""", """refused: 'GHCR.io/Acme' is no image reference: the repository must be in lower case; send {"image": "ghcr.io/acme/shop", "tag": "1.4.0"}""")]
    public void The_generic_form_names_an_image_and_its_tag(string body, string expected) => Assert.Equal(expected, Readings.Line("generic", body));

    [Fact]
    public void A_cloud_event_may_have_its_attributes_in_headers()
    {
        (string, string)[] attributes = [("ce-specversion", "1.0"), ("ce-type", "container.push"), ("ce-source", "https://ghcr.io"), ("ce-subject", "acme/shop:1.0")];

        Assert.Equal("ghcr.io/acme/shop:1.0", Readings.Line("cloudevents", "{}", attributes));
        Assert.Equal("ghcr.io/acme/shop:2.0", Readings.Line("cloudevents", """{"repository":"acme/shop","tag":"2.0"}""", attributes));
    }

    [Fact]
    public void A_cloud_event_of_another_vocabulary_is_read_by_its_rules()
    {
        Assert.Equal("harbor.acme.org/acme/shop:1.0", Readings.Line(
            "cloudevents", """{"specversion":"1.0","source":"/p","type":"harbor.artifact.pushed","data":{"resources":[{"resource_url":"harbor.acme.org/acme/shop:1.0"}]}}"""));
        Assert.Equal("ghcr.io/acme/shop:1.0", Readings.Line(
            "cloudevents", $$"""{"specversion":"1.0","source":"/p","type":"dev.cdevents.artifact.published.0.3.0","data":{{SamplePayloads.All["cdevents"].Body}}}"""));
        Assert.Equal("ignored: the type 'org.acme.image.deleted' does not say that something was pushed", Readings.Line(
            "cloudevents", SamplePayloads.All["cloudevents"].Body.Replace("pushed", "deleted", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("pkg:docker/acme/shop@1.0?repository_url=ghcr.io", "ghcr.io/acme/shop:1.0")]
    [InlineData("pkg:docker/nginx@1.27", "docker.io/library/nginx:1.27")]
    [InlineData($"pkg:docker/acme/shop@{Digest}?repository_url=ghcr.io", $"ghcr.io/acme/shop@{Digest}")]
    [InlineData("pkg:oci/shop?repository_url=ghcr.io%2Facme%2Fshop&tag=1.0#sub", "ghcr.io/acme/shop:1.0")]
    public void A_package_url_names_an_image(string purl, string expected) => Assert.Equal(expected, CDEvent(purl));

    [Theory]
    [InlineData("pkg:oci/shop@1?tag=1.0")]
    [InlineData("pkg:oci/shop?repository_url=shop&tag=1.0")]
    [InlineData("pkg:docker/?repository_url=ghcr.io")]
    [InlineData("pkg:docker/acme/shop?repository_url=ghcr.io")]
    [InlineData("pkg:npm/shop@1")]
    [InlineData("%%%?%%%=%%%&&=&@@")]
    public void A_package_url_that_names_no_image_is_ignored(string purl) => Assert.StartsWith("ignored: the subject", CDEvent(purl), StringComparison.Ordinal);

    [Fact]
    public void More_than_is_ever_sent_at_once_is_refused_whole()
    {
        var tags = string.Join(',', Enumerable.Repeat("\"1.0\"", 513));
        var resources = string.Join(',', Enumerable.Repeat("{}", 513));

        Assert.Equal("refused: it tells of 513 things at once; at most 512 are taken", Readings.Line("quay", $$"""{"repository":"a/b","updated_tags":[{{tags}}]}"""));
        Assert.Equal("refused: it tells of 513 things at once; at most 512 are taken", Readings.Line("harbor", $$$"""{"type":"PUSH_ARTIFACT","event_data":{"resources":[{{{resources}}}]}}"""));
    }

    [Fact]
    public void The_same_event_twice_is_one_hint() =>
        Assert.Equal("quay.io/acme/shop:1.0", Readings.Line("quay", """{"repository":"acme/shop","updated_tags":["1.0","1.0"]}"""));

    [Fact]
    public void A_notification_in_base64_is_small()
    {
        var large = SamplePayloads.PubSub($$"""{"action":"INSERT","tag":"{{new string('a', 5000)}}"}""");

        Assert.Equal("refused: message.data is not base64 of at most 4096 bytes", Readings.Line("gcr", large));
        Assert.StartsWith("refused: the body is not valid JSON", Readings.Line("gcr", SamplePayloads.PubSub("rubbish")), StringComparison.Ordinal);
    }

    private static string Nexus(string body, string? registry) => Readings.Line(Readings.Read("nexus", Readings.Request(body) with { Registry = registry }));

    private static string CDEvent(string purl) => Readings.Line("cdevents", $$$"""{"context":{"type":"dev.cdevents.artifact.published.0.3.0"},"subject":{"id":"{{{purl}}}"}}""");
}
