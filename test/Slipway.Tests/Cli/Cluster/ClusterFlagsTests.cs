using System.Net;
using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Cli.Cluster;

/// <summary>kubectl's flags for one call, against a kubeconfig of two clusters.</summary>
public sealed class ClusterFlagsTests : IDisposable
{
    private readonly string _kubeconfig = Path.GetTempFileName();
    private readonly Wire _wire = new();

    public ClusterFlagsTests() => File.WriteAllText(
        _kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: blue
        clusters: [{name: one, cluster: {server: http://127.0.0.1:1}}, {name: two, cluster: {server: http://127.0.0.2:1}}]
        users: [{name: ada, user: {token: adas}}, {name: ben, user: {token: bens}}]
        contexts:
        - {name: blue, context: {cluster: one, user: ada, namespace: prod}}
        - {name: green, context: {cluster: two, user: ben}}
        """);

    public void Dispose()
    {
        File.Delete(_kubeconfig);
        _wire.Dispose();
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.OfAsync(args, connect: options => ClusterConnection.Open(options with { Handlers = [_wire], Kubeconfig = options.Kubeconfig ?? _kubeconfig }));

    [Theory]
    [InlineData("http://127.0.0.1:1/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries ada")]
    [InlineData("http://127.0.0.2:1/apis/slipway.dev/v1alpha1/namespaces/default/deliveries ben", "--context", "green")]
    [InlineData("http://127.0.0.2:1/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries ada", "--cluster", "two")]
    [InlineData("http://127.0.0.1:1/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries ben", "--user", "ben")]
    [InlineData("http://127.0.0.3:1/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries ada", "--server", "http://127.0.0.3:1")]
    [InlineData("http://127.0.0.1:1/apis/slipway.dev/v1alpha1/namespaces/web/deliveries given", "-n", "web", "--token", "given")]
    [InlineData("http://127.0.0.1:1/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries ada as eve", "--as", "eve")]
    [InlineData("http://127.0.0.1:1/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries ada as eve of ops,web", "--as", "eve", "--as-group", "ops", "--as-group", "web")]
    public async Task Each_flag_takes_the_place_of_what_the_kubeconfig_says(string expected, params string[] flags)
    {
        var run = await RunAsync(["get", .. flags]);

        Assert.Equal((0, ""), (run.Code, run.Out));
        Assert.Equal(expected, Assert.Single(_wire.Seen));
    }

    [Fact]
    public async Task With_an_address_no_kubeconfig_is_needed()
    {
        var run = await CliRun.OfAsync(["get", "--server", "http://127.0.0.3:1", "--token", "given"], connect: options => ClusterConnection.Open(options with { Handlers = [_wire] }));

        Assert.Equal(0, run.Code);
        Assert.Equal("http://127.0.0.3:1/apis/slipway.dev/v1alpha1/namespaces/default/deliveries given", Assert.Single(_wire.Seen));
    }

    [Theory]
    [InlineData(3, "has no cluster \"nosuch\"; pass --cluster (there is: one, two)", "--cluster", "nosuch")]
    [InlineData(3, "has no user \"nosuch\"; pass --user (there is: ada, ben)", "--user", "nosuch")]
    [InlineData(2, "--server: write a URL", "--server", "one")]
    [InlineData(2, "give --as too", "--as-group", "ops")]
    [InlineData(2, "has letters that cannot be sent", "--as", "eve\r\nX-Evil: 1")]
    public async Task What_cannot_be_is_said_and_nothing_is_sent(int code, string why, params string[] flags)
    {
        var run = await RunAsync(["get", .. flags]);

        Assert.Equal(code, run.Code);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.Empty(_wire.Seen);
    }

    [Theory]
    [InlineData("by eve", "--as", "eve")]
    [InlineData("by ben", "--user", "ben")]
    [InlineData("from command-line\"", "--token", "given")]
    public async Task Who_asks_is_whom_the_flags_name(string expected, params string[] flags)
    {
        await RunAsync(["abort", "shop", .. flags]);

        Assert.Contains(expected, _wire.Written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blue\ngreen\n:4\n", "get", "--context", "")]
    [InlineData("green\n:4\n", "get", "--context", "g")]
    [InlineData("one\ntwo\n:4\n", "get", "--cluster", "")]
    [InlineData("ada\nben\n:4\n", "get", "--user", "")]
    public async Task Names_of_the_kubeconfig_are_completed(string expected, params string[] words)
    {
        var run = await CliRun.OfAsync(["__complete", "--", .. words], environment: name => name == "KUBECONFIG" ? _kubeconfig : null);

        Assert.Equal((expected, ""), (run.Out, run.Error));
    }

    [Fact]
    public void A_token_is_in_no_text_of_its_overrides() => Assert.DoesNotContain("s3cr3t", new ConnectionOverrides(Token: "s3cr3t", As: "eve").ToString(), StringComparison.Ordinal);

    // Says who comes, and where to.
    private sealed class Wire : DelegatingHandler
    {
        private static readonly Dictionary<string, string> Users = new() { ["adas"] = "ada", ["bens"] = "ben" };

        public List<string> Seen { get; } = [];

        public string Written { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // The credentials are below this handler: it stands in for what is below them, and asks them.
            var token = await TokenAsync(request, cancellationToken);
            var other = request.Headers.TryGetValues("Impersonate-User", out var users) ? $" as {users.Single()}" : "";
            var groups = request.Headers.TryGetValues("Impersonate-Group", out var named) && named.Any() ? $" of {string.Join(',', named)}" : "";
            Seen.Add($"{request.RequestUri!.GetLeftPart(UriPartial.Path)} {Users.GetValueOrDefault(token, token)}{other}{groups}");
            Written += request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var shop = request.RequestUri.AbsolutePath.EndsWith("/shop", StringComparison.Ordinal);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(shop ? Samples.Advancing() : new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["items"] = new JsonArray() }.ToJsonString()) };
        }

        private async Task<string> TokenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                // There is no such host: what counts is what was put on the request on its way there.
                (await base.SendAsync(request, cancellationToken)).Dispose();
            }
            catch (HttpRequestException)
            {
            }

            return request.Headers.Authorization?.Parameter ?? "";
        }
    }
}
