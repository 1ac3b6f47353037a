using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Verbs;

public sealed class GetVerbTests
{
    private static FakeCluster Cluster() => new FakeCluster()
        .With("deliveries", Samples.Calm("cart"))
        .With("deliveries", Samples.RolledBack())
        .With("deliveries", Samples.Calm("shop", "staging"))
        .With("deliveries", """{"apiVersion":"slipway.dev/v1alpha1","kind":"Delivery","metadata":{"name":"fresh","namespace":"prod","creationTimestamp":"2026-03-01T11:59:55Z"},"spec":{}}""");

    [Theory]
    [InlineData("get.txt", "get")]
    [InlineData("get-all.txt", "get", "-A")]
    [InlineData("get-one.yaml", "get", "shop", "-o", "yaml")]
    [InlineData("get.json", "get", "-n", "staging", "-o", "json")]
    [InlineData("get-wide.txt", "get", "-o", "wide")]
    [InlineData("get-all-wide.txt", "get", "-A", "-o", "wide")]
    [InlineData("get-names.txt", "get", "-A", "-o", "name")]
    [InlineData("get-one-name.txt", "get", "shop", "-o", "name")]
    [InlineData("get-bare.txt", "get", "--no-headers")]
    [InlineData("get-jsonpath.txt", "get", "-o", """jsonpath={range .items[*]}{.metadata.name}{"\t"}{.status.current.tag}{"\n"}{end}""")]
    [InlineData("get-one-jsonpath.txt", "get", "shop", "-o", """jsonpath={.status.conditions[?(@.type=="Ready")].reason}{"\n"}""")]
    [InlineData("get-sorted.txt", "get", "--sort-by", ".status.candidate.tag")]
    public async Task The_answer_is_as_reviewed(string golden, params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: Cluster().Connect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match(golden, run.Out);
    }

    [Fact]
    public async Task What_we_do_not_know_of_an_object_is_printed_and_what_nobody_reads_is_not()
    {
        var run = await CliRun.OfAsync(["get", "shop", "-o", "json"], connect: Cluster().Connect);

        var metadata = JsonNode.Parse(run.Out)!["metadata"]!;
        Assert.Equal("kept.example/as-it-is", (string?)metadata["finalizers"]![0]);
        Assert.Null(metadata["managedFields"]);
    }

    [Fact]
    public async Task On_a_terminal_bad_news_is_red()
    {
        var run = await CliRun.OfAsync(["get", "shop"], connect: Cluster().Connect, colours: true);

        Assert.Contains("\e[31mFalse\e[0m", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_cannot_be_read_does_not_hide_the_others()
    {
        var cluster = Cluster().With("deliveries", """{"kind":"Delivery","metadata":{"name":"odd","namespace":"prod"},"status":{"rollout":{"phase":"FromTheFuture"}}}""");

        var run = await CliRun.OfAsync(["get"], connect: cluster.Connect);

        Assert.Contains("cart", run.Out, StringComparison.Ordinal);
        Assert.Contains("prod/odd is left out", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_namespace_says_where_else_to_look()
    {
        var run = await CliRun.OfAsync(["get", "-n", "empty"], connect: Cluster().Connect);

        Assert.Equal((0, "", "There are no Deliveries in namespace empty; -A looks in all of them.\n"), (run.Code, run.Out, run.Error));
    }

    [Fact]
    public async Task An_empty_answer_for_a_machine_is_an_empty_list()
    {
        var run = await CliRun.OfAsync(["get", "-n", "empty", "-o", "json"], connect: Cluster().Connect);

        Assert.Empty(JsonNode.Parse(run.Out)!["items"]!.AsArray());
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task A_name_that_is_not_there_ends_with_4()
    {
        var run = await CliRun.OfAsync(["get", "nosuch"], connect: Cluster().Connect);

        Assert.Equal((4, ""), (run.Code, run.Out));
        Assert.Contains("there is no Delivery nosuch in namespace prod", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_all_namespaces_is_a_contradiction() =>
        Assert.Equal(2, (await CliRun.OfAsync(["get", "shop", "-A"], connect: Cluster().Connect)).Code);

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "Forbidden", 3, "slipway doctor")]
    [InlineData(HttpStatusCode.Unauthorized, "Unauthorized", 3, "--context")]
    [InlineData(HttpStatusCode.NotFound, "NotFound", 4, "slipway install | kubectl apply -f -")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError", 1, "cannot list deliveries")]
    public async Task What_the_server_refuses_ends_with_a_code_and_the_way_out(HttpStatusCode code, string reason, int expected, string sentence)
    {
        var cluster = Cluster();
        cluster.Fault = _ => FakeCluster.Failure(code, reason, "no");

        var run = await CliRun.OfAsync(["get"], connect: cluster.Connect);

        Assert.Equal((expected, ""), (run.Code, run.Out));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_3()
    {
        var run = await CliRun.OfAsync(["get"], connect: options => Slipway.Kube.ClusterConnection.To(new Uri("http://127.0.0.1:1"), options));

        Assert.Equal(3, run.Code);
        Assert.Contains("cannot be reached", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_narrow_it_down()
    {
        var run = await CliRun.OfAsync(["get", "-l", "team=web", "-o", "name"], connect: Cluster().With("deliveries", Labelled()).Connect);

        Assert.Equal((0, "delivery.slipway.dev/web\n"), (run.Code, run.Out));
    }

    [Fact]
    public async Task No_Deliveries_with_these_labels_are_not_no_Deliveries()
    {
        var run = await CliRun.OfAsync(["get", "-l", "team=none"], connect: Cluster().Connect);

        Assert.Equal("There are no Deliveries with the labels team=none in namespace prod; -A looks in all of them.\n", run.Error);
    }

    [Theory]
    [InlineData("get", "shop", "-l", "team=web")]
    [InlineData("get", "-o", "jsonpath={.a")]
    [InlineData("get", "-o", "jsonpath={range .items[*]}x")]
    [InlineData("get", "--sort-by", "[x")]
    public async Task What_cannot_be_meant_ends_with_2(params string[] args) =>
        Assert.Equal(2, (await CliRun.OfAsync(args, connect: Cluster().Connect)).Code);

    private static string Labelled() => Samples.Changed(delivery =>
    {
        delivery["metadata"]!["name"] = "web";
        delivery["metadata"]!["labels"] = new JsonObject { ["team"] = "web" };
    });
}
