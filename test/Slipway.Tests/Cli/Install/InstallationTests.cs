using System.Text.Json.Nodes;
using Slipway.Cli.Install;

namespace Slipway.Tests.Cli.Install;

public sealed class InstallationTests
{
    private static readonly InstallOptions Whole = new("slipway-system", "ghcr.io/slipway-dev/slipway:0.1.0", Watched: null);

    [Fact]
    public async Task What_install_prints_is_as_reviewed() => Golden.Match("install.yaml", (await CliRun.OfAsync(["install"])).Out);

    [Fact]
    public async Task What_install_prints_for_one_namespace_is_as_reviewed() =>
        Golden.Match("install-one-namespace.yaml", (await CliRun.OfAsync(["install", "-n", "tools", "--image", "registry.example:5000/slipway:1", "--watch-namespace", "prod"])).Out);

    [Fact]
    public async Task What_install_prints_with_a_configuration_and_its_secrets_is_as_reviewed()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "registries:\n  - host: registry.acme.example\n    caFile: /etc/slipway/secrets/registry/ca.pem\n", TestContext.Current.CancellationToken);

        var run = await CliRun.OfAsync(["install", "--config", file, "--secret", "registry", "--secret", "receivers"]);

        File.Delete(file);
        Golden.Match("install-config.yaml", run.Out);
    }

    [Theory]
    [InlineData("registries:\n  - hots: acme\n", "hots: there is no such field")]
    [InlineData("registries: 5\n", "registries")]
    public async Task A_configuration_that_the_controller_would_refuse_is_refused_before_it_is_installed(string yaml, string told)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);

        var run = await CliRun.OfAsync(["install", "--config", file]);

        File.Delete(file);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
        Assert.NotEqual(0, run.Code);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_mounted_is_refused()
    {
        var run = await CliRun.OfAsync(["install", "--secret", "Not A Name"]);

        Assert.Contains("--secret", run.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, run.Code);
    }

    [Fact]
    public void Another_configuration_is_another_pod()
    {
        string? HashOf(string text) => (string?)Installation.Of(Whole with { Configuration = text }).Single(o => Is("Deployment")(o))["spec"]!["template"]!["metadata"]!["annotations"]!["slipway.dev/config-hash"];

        Assert.Equal(HashOf("registries: []"), HashOf("registries: []"));
        Assert.NotEqual(HashOf("registries: []"), HashOf("receivers: []"));
    }

    [Fact]
    public void Watching_one_namespace_takes_no_right_outside_of_it()
    {
        var objects = Installation.Of(Whole with { Watched = "prod" });

        // But for the question who somebody is and what they may: users have no namespace. The roles for people are bound to nobody.
        Assert.Equal(["slipway-reviews"], objects.Where(o => Is("ClusterRoleBinding")(o)).Select(binding => (string?)binding["roleRef"]!["name"]));
        Assert.Equal(["slipway-approver", "slipway-operator", "slipway-reviews", "slipway-viewer"], objects.Where(o => Is("ClusterRole")(o)).Select(role => (string?)role["metadata"]!["name"]).Order());
        Assert.Equal(["prod", "slipway-system"], objects.Where(o => Is("Role")(o)).Select(role => (string?)role["metadata"]!["namespace"]));
        Assert.DoesNotContain(objects.SelectMany(Rules), rule => Texts(rule, "resources").Contains("nodes"));
    }

    [Fact]
    public void No_rule_has_a_wildcard() =>
        Assert.All(Installation.Of(Whole).SelectMany(Rules), rule =>
            Assert.DoesNotContain("*", Texts(rule, "verbs").Concat(Texts(rule, "resources")).Concat(Texts(rule, "apiGroups"))));

    [Fact]
    public void Secrets_can_be_read_by_name_and_not_listed()
    {
        var verbs = Installation.Of(Whole).SelectMany(Rules).Where(rule => Texts(rule, "resources").Contains("secrets")).SelectMany(rule => Texts(rule, "verbs"));

        Assert.Equal(["get"], verbs);
    }

    [Fact]
    public void Nothing_is_created_or_deleted_but_Jobs_of_checks_what_runs_beside_a_workload_pods_the_config_map_of_publish_and_Deliveries_that_annotations_ask_for()
    {
        // A review is a question that is asked by creating it.
        var own = new[] { "releases", "events", "leases", "tokenreviews", "subjectaccessreviews" };
        var risky = Installation.Of(Whole).SelectMany(Rules)
            .Where(rule => Texts(rule, "verbs").Any(verb => verb is "create" or "delete" or "deletecollection"))
            .SelectMany(rule => Texts(rule, "resources"))
            .Except(own);

        Assert.Equal(["deliveries", "jobs", "deployments", "services", "ingresses", "pods", "configmaps"], risky);
        Assert.Equal(["get", "create", "patch"], Installation.Of(Whole).SelectMany(Rules).Where(rule => Texts(rule, "resources").Contains("configmaps")).SelectMany(rule => Texts(rule, "verbs")));
    }

    [Fact]
    public void Rights_on_other_kinds_come_by_a_label_and_not_from_here()
    {
        var role = Installation.Of(Whole).Single(o => Is("ClusterRole")(o) && (string?)o["metadata"]!["name"] == "slipway-kinds");

        Assert.Empty(role["rules"]!.AsArray());
        Assert.Equal("true", (string?)role["aggregationRule"]!["clusterRoleSelectors"]![0]!["matchLabels"]!["slipway.dev/aggregate-to-controller"]);
        Assert.Contains(Installation.Of(Whole), o => Is("ClusterRoleBinding")(o) && (string?)o["roleRef"]!["name"] == "slipway-kinds");
    }

    [Fact]
    public void The_binding_names_the_account_that_the_pods_run_as()
    {
        var objects = Installation.Of(Whole);
        var account = (string?)objects.Single(o => Is("Deployment")(o))["spec"]!["template"]!["spec"]!["serviceAccountName"];

        Assert.All(objects.Where(o => o["subjects"] is not null), binding =>
        {
            Assert.Equal(account, (string?)binding["subjects"]![0]!["name"]);
            Assert.Equal("slipway-system", (string?)binding["subjects"]![0]!["namespace"]);
        });
    }

    [Fact]
    public void The_pod_is_told_where_it_is_and_what_to_watch_by_variables()
    {
        var pod = Installation.Of(Whole with { Watched = "prod" }).Single(o => Is("Deployment")(o))["spec"]!["template"]!["spec"]!;
        var variables = pod["containers"]![0]!["env"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => (string?)variable!["value"]);

        Assert.Equal("slipway-system", variables["SLIPWAY_LEASE_NAMESPACE"]);
        Assert.Equal("prod", variables["SLIPWAY_WATCH_NAMESPACE"]);
        Assert.Null(variables["SLIPWAY_WEBHOOK_TOKEN"]);
    }

    [Theory]
    [InlineData("--namespace", "Not_A_Name", "no name of a namespace")]
    [InlineData("--watch-namespace", "-x", "no name of a namespace")]
    [InlineData("--image", "no image", "--image")]
    public async Task What_the_server_would_refuse_half_way_is_refused_before(string flag, string value, string expected)
    {
        var run = await CliRun.OfAsync(["install", $"{flag}={value}"]);

        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Out);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private static Predicate<JsonObject> Is(string kind) => json => (string?)json["kind"] == kind;

    private static IEnumerable<JsonObject> Rules(JsonObject json) => (json["rules"] as JsonArray ?? []).Select(rule => rule!.AsObject());

    private static IEnumerable<string> Texts(JsonObject rule, string name) => rule[name]!.AsArray().Select(text => (string)text!);
}
