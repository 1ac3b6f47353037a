using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Migration;
using Slipway.Deliveries;

namespace Slipway.Tests.Cli.Migration;

public sealed class ConvertVerbTests
{
    private static Task<CliRun> ConvertAsync(string input, params string[] args) => CliRun.OfAsync(["convert", .. args], stdin: input);

    private static async Task<JsonArray> JsonAsync(string input) => JsonNode.Parse((await ConvertAsync(input, "-o", "json")).Out)!["conversions"]!.AsArray();

    public static TheoryData<string, string> Peers => new()
    {
        { "kcd", PeerManifests.Kcd },
        { "keel", PeerManifests.Keel },
        { "flux", PeerManifests.Flux },
        { "argo-annotations", PeerManifests.ArgoAnnotations },
        { "argo-resource", PeerManifests.ArgoResource },
    };

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Each_peer_becomes_Deliveries_with_a_note_for_all_that_does_not_carry_over(string peer, string manifests)
    {
        var run = await ConvertAsync(manifests);

        Assert.Equal(0, run.Code);
        Golden.Match($"convert-{peer}.yaml", run.Out);
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task All_that_is_printed_would_be_taken(string peer, string manifests)
    {
        var deliveries = (await JsonAsync(manifests)).Select(conversion => conversion!["delivery"]).OfType<JsonObject>().ToArray();

        Assert.True(deliveries.Length > 0, peer);
        Assert.All(deliveries, delivery =>
        {
            Assert.Equal(("slipway.dev/v1alpha1", "Delivery"), ((string?)delivery["apiVersion"], (string?)delivery["kind"]));
            Assert.True(DeliveryTerms.TryRead(delivery.Deserialize(ApiJson.Default.Delivery)!.Spec, out _, out var problem), problem?.ToString());
        });
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task What_is_printed_can_be_read_again_as_it_was_meant(string peer, string manifests)
    {
        var written = ManifestReader.Read(new StringReader((await ConvertAsync(manifests)).Out)).Select(manifest => manifest.Root.ToJsonString());
        var meant = (await JsonAsync(manifests)).Select(conversion => conversion!["delivery"]).OfType<JsonObject>().Select(delivery => delivery.ToJsonString());

        Assert.True(meant.SequenceEqual(written), $"{peer}:\n{string.Join('\n', meant)}\n{string.Join('\n', written)}");
    }

    [Fact]
    public async Task Each_note_is_on_stderr_in_the_comments_and_in_the_json()
    {
        var run = await ConvertAsync(PeerManifests.Keel);
        var notes = (await JsonAsync(PeerManifests.Keel)).SelectMany(conversion => conversion!["notes"]!.AsArray()).ToArray();

        Assert.All(notes, note => Assert.All(["field", "why", "instead"], field => Assert.False(string.IsNullOrEmpty((string?)note![field]))));
        Assert.Equal(notes.Length, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(notes.Length, run.Out.Split('\n').Count(line => line.StartsWith("# - ", StringComparison.Ordinal)));
        Assert.Contains("Deployment prod/shop: keel.sh/approvals (2): nobody is asked before a version ships; follow a moving tag", run.Error, StringComparison.Ordinal);
    }

    private static string Keel(string policy, string image, string more = "") =>
        $$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop","annotations":{"keel.sh/policy":"{{policy}}"{{more}}} },"spec":{"template":{"spec":{"containers":[{"name":"web","image":"{{image}}"}]} } } }""";

    [Theory]
    [InlineData("patch", "acme/shop:1.4.2", "", "{\"semver\":{\"range\":\"\\u003E=1.4.2 \\u003C1.5.0\"}}")]
    [InlineData("minor", "acme/shop:v1.4.2", "", "{\"semver\":{\"range\":\"\\u003E=1.4.2 \\u003C2.0.0\"}}")]
    [InlineData("major", "acme/shop:1.4.2", "", "{\"semver\":{\"range\":\"\\u003E=1.4.2\"}}")]
    [InlineData("all", "acme/shop:1.4", "", "{\"semver\":{\"range\":\"\\u003E=1.4.0\"}}")]
    [InlineData("minor", "acme/shop:1.4.2", ",\"keel.sh/matchPreRelease\":\"false\"", "{\"semver\":{\"range\":\"\\u003E=1.4.2 \\u003C2.0.0-0\",\"includePrerelease\":true}}")]
    [InlineData("minor", "acme/shop:latest", "", "{\"semver\":{}}")]
    [InlineData("force", "acme/shop:stable", ",\"keel.sh/matchTag\":\"true\"", "{\"tag\":{\"name\":\"stable\"}}")]
    [InlineData("force", "acme/shop", ",\"keel.sh/match-tag\":\"true\"", "{\"tag\":{\"name\":\"latest\"}}")]
    [InlineData("force", "acme/shop:stable", "", "{\"newest\":{}}")]
    [InlineData("glob:v*", "acme/shop:v1", "", "{\"alphabetical\":{}}")]
    [InlineData("regexp:^r([0-9]+)$", "acme/shop:r1", "", "{\"alphabetical\":{}}")]
    public async Task The_policies_of_keel_are_those_of_a_Delivery(string policy, string image, string more, string follow) =>
        Assert.Equal(follow, (await JsonAsync(Keel(policy, image, more)))[0]!["delivery"]!["spec"]!["source"]!["follow"]!.ToJsonString());

    [Theory]
    [InlineData("semver", "{\"semver\":{\"range\":\"~1.4\"}}")]
    [InlineData("digest", "{\"tag\":{\"name\":\"~1.4\"}}", "1.4")]
    [InlineData("newest-build", "{\"newest\":{}}")]
    [InlineData("latest", "{\"newest\":{}}")]
    [InlineData("alphabetical", "{\"alphabetical\":{}}")]
    [InlineData("name", "{\"alphabetical\":{}}")]
    public async Task The_strategies_of_the_Image_Updater_are_policies(string strategy, string follow, string constraint = "~1.4")
    {
        var manifest = PeerManifests.ArgoAnnotations
            .Replace("web.update-strategy: semver", $"web.update-strategy: {strategy}", StringComparison.Ordinal)
            .Replace("guestbook:~1.4", $"guestbook:{constraint}", StringComparison.Ordinal);

        Assert.Equal(follow.Replace("~1.4", constraint, StringComparison.Ordinal), (await JsonAsync(manifest))[0]!["delivery"]!["spec"]!["source"]!["follow"]!.ToJsonString());
    }

    [Fact]
    public async Task A_suffix_that_keel_kept_is_kept_by_a_filter()
    {
        var filter = (await JsonAsync(Keel("minor", "nginx:1.27.1-alpine3.20")))[0]!["delivery"]!["spec"]!["source"]!["filter"]!;

        Assert.Equal(("^(?P<version>.+)-alpine3\\.20$", "$version"), ((string?)filter["pattern"], (string?)filter["extract"]));
    }

    [Theory]
    [InlineData("regexp:(?=a)", "spec.source.filter.pattern")]
    [InlineData("sometimes", "keel.sh/policy (sometimes): this policy is not known")]
    [InlineData("minor", "container web: its image cannot be read", "{{ .Values.image }}")]
    public async Task What_cannot_be_a_Delivery_is_told_and_not_printed(string policy, string says, string image = "acme/shop:1.0.0")
    {
        var run = await ConvertAsync(Keel(policy, image));

        Assert.Equal(1, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Contains("# nothing is made of it", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("kind: Delivery", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_of_two_images_are_two_Deliveries()
    {
        var names = (await JsonAsync(PeerManifests.Keel)).Select(conversion => (string?)conversion!["delivery"]?["metadata"]!["name"]).OfType<string>();

        Assert.Equal(["shop-web", "shop-proxy", "agent", "report"], names);
    }

    [Fact]
    public async Task Only_the_containers_that_keel_was_to_monitor_are_moved()
    {
        var manifest = PeerManifests.Keel.Replace("keel.sh/notify: \"#releases\"", "keel.sh/monitorContainers: ^web$", StringComparison.Ordinal);

        var targets = (await JsonAsync(manifest))[0]!["delivery"]!["spec"]!["targets"]!;

        Assert.Equal("""[{"kind":"Deployment","name":"shop","containers":["web"]}]""", targets.ToJsonString());
    }

    [Fact]
    public async Task A_policy_whose_repository_is_not_there_cannot_be_converted()
    {
        var run = await ConvertAsync(PeerManifests.Flux.Replace("name: podinfo\n  namespace: flux-system\nspec:\n  image:", "name: other\n  namespace: flux-system\nspec:\n  image:", StringComparison.Ordinal));

        Assert.Equal(1, run.Code);
        Assert.Contains("ImagePolicy flux-system/podinfo: spec.imageRepositoryRef.name (podinfo): the ImageRepository is not in the input", run.Error, StringComparison.Ordinal);
        Assert.Contains("ImageRepository flux-system/other: spec.image", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anything_to_convert_it_says_so()
    {
        var run = await ConvertAsync("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n");

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Contains("among 1 objects is nothing", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", "the input is not YAML: line 2")]
    [InlineData("a: &x 1\nb: *x", "aliases (*) are not read here")]
    public async Task What_is_not_YAML_is_refused_with_its_line(string input, string says)
    {
        var run = await ConvertAsync(input);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_and_folders_are_read_and_named_where_they_are_wrong()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-convert").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.yaml"), PeerManifests.Kcd, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "a: [", TestContext.Current.CancellationToken);
        var good = await CliRun.OfAsync(["convert", "-f", folder]);
        await File.WriteAllTextAsync(Path.Combine(folder, "b.yml"), "a: [", TestContext.Current.CancellationToken);
        var bad = await CliRun.OfAsync(["convert", "-f", folder]);
        var missing = await CliRun.OfAsync(["convert", "-f", Path.Combine(folder, "nowhere.yaml")]);
        Directory.Delete(folder, recursive: true);

        Assert.Equal((0, 2, 2), (good.Code, bad.Code, missing.Code));
        Assert.Contains("b.yml: the input is not YAML", bad.Error, StringComparison.Ordinal);
        Assert.Contains("nowhere.yaml cannot be read", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_break_in_a_value_stays_in_its_comment()
    {
        var run = await ConvertAsync(Keel("minor", "acme/shop:1.0.0", ",\"keel.sh/notify\":\"x\\n---\\nkind: Secret\""));

        Assert.Equal(1, run.Out.Split('\n').Count(line => line == "---"));
        Assert.DoesNotContain(run.Out.Split('\n'), line => line.StartsWith("kind: Secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("*-rc*", "1.0-rc1", true)]
    [InlineData("*-rc*", "1.0", false)]
    [InlineData("1.4.13", "1.4.13", true)]
    [InlineData("1.4.13", "1x4x13", false)]
    [InlineData("v?.[0-9]", "v1.5", true)]
    [InlineData("v?.[!0-9]", "v1.5", false)]
    [InlineData("a[b", "a[b", true)]
    public void A_shell_pattern_means_what_it_meant(string glob, string tag, bool matches) =>
        Assert.Equal(matches, System.Text.RegularExpressions.Regex.IsMatch(tag, GlobText.ToRegex(glob)));
}
