using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Sandbox.Registry;

namespace Slipway.Tests.Cli.Tags;

/// <summary>The verbs as CI runs them, against a registry over HTTP and without any cluster.</summary>
public sealed class TagsVerbTests : IAsyncLifetime
{
    private SandboxRegistry _registry = null!;
    private RegistryConnection _connection = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Repository => $"{_registry.Address}/acme/shop";

    public ValueTask InitializeAsync() => StartAsync(new SandboxRegistryOptions(), null);

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _registry.DisposeAsync();
    }

    private async ValueTask StartAsync(SandboxRegistryOptions options, RegistryLogin? login)
    {
        _registry = await SandboxRegistry.StartAsync(options, Stop);
        _connection = new RegistryConnection(_registry.Url, login);
    }

    private Task<string> PushAsync(string version, params string[] tags) =>
        PushAsync(new ImageBuilder().WithLabel("org.opencontainers.image.version", version).WithLabel("org.opencontainers.image.revision", "abcdef1").Build(), tags);

    private Task<string> PushAsync(BuiltImage image, params string[] tags) => new ImagePusher(_connection).PushAsync("acme/shop", image, Stop, tags);

    private Task<CliRun> RunAsync(string verb, params string[] args) => CliRun.OfAsync(["tags", verb, Repository, .. args]);

    private string? On(string tag) => _registry.Content.FindManifest("acme/shop", tag)?.Digest;

    // The port is the system's choice.
    private string Masked(string output) => output.Replace(_registry.Address, "registry.example", StringComparison.Ordinal);

    [Fact]
    public async Task The_list_shows_versions_first_and_which_tags_are_the_same_image()
    {
        await PushAsync("1.9.0", "1.9.0", "stage");
        await PushAsync("1.10.0", "1.10.0", "prod", "latest");
        await PushAsync("pr", "pr-7");

        var run = await RunAsync("list");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match("tags-list.txt", run.Out);
        Golden.Match("tags-list.json", Masked((await RunAsync("list", "-o", "json")).Out));
    }

    [Fact]
    public async Task A_list_costs_one_request_and_one_for_each_tag_shown()
    {
        await PushAsync("1.0.0", "1.0.0", "1.0.1", "1.0.2", "main");
        _registry.Log.Clear();

        var run = await RunAsync("list", "--filter", "^1\\.", "--limit", "2");

        Assert.Equal(["TAG", "1.0.2", "1.0.1"], run.Out.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
        Assert.Contains("1 of 3 tags are not shown", run.Error, StringComparison.Ordinal);
        Assert.Equal((1, 2, 0), (_registry.Log.Count(RequestKind.Tags), _registry.Log.Count(RequestKind.Manifest, method: "HEAD"), _registry.Log.Count(RequestKind.Manifest, method: "GET")));
    }

    [Fact]
    public async Task Signatures_are_not_listed()
    {
        var digest = await PushAsync("1.0.0", "1.0.0");
        await PushAsync("sig", digest.Replace(':', '-') + ".sig");

        Assert.Equal("1.0.0", Assert.Single(JsonNode.Parse((await RunAsync("list", "-o", "json")).Out)!["tags"]!.AsArray())!["tag"]!.ToString());
    }

    [Fact]
    public async Task One_image_tells_what_it_is()
    {
        await PushAsync("1.5.0", "1.5.0", "prod");

        Golden.Match("tags-get.txt", Masked((await RunAsync("get", "prod")).Out));
        Golden.Match("tags-get.json", Masked((await RunAsync("get", "prod", "-o", "json")).Out));
    }

    [Fact]
    public async Task An_index_tells_all_of_its_platforms_and_the_labels_of_its_first_image()
    {
        var arm = new ImageBuilder { Platform = new Platform("linux", "arm64", "v8") }.Build();
        var digest = await PushAsync(BuiltImage.Index([new ImageBuilder().WithLabel("team", "sea\u001b[31m").Build(), arm]), "1.5.0");

        var run = await RunAsync("get", digest);

        Assert.Contains("linux/amd64, linux/arm64/v8", run.Out, StringComparison.Ordinal);
        Assert.Contains("other tags  1.5.0", run.Out, StringComparison.Ordinal);
        Assert.Contains("team = sea\\u001b[31m", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task A_tag_is_added_to_the_same_digest()
    {
        var digest = await PushAsync("1.5.0", "1.5.0");

        var run = await RunAsync("add", "1.5.0", "1.5", "stable");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal((digest, digest), (On("1.5"), On("stable")));
        Assert.Equal($"registry.example/acme/shop:1.5 is on {digest}\nregistry.example/acme/shop:stable is on {digest}\n", Masked(run.Out));
    }

    [Fact]
    public async Task To_add_never_moves_a_tag()
    {
        var old = await PushAsync("1.4.0", "1.4.0", "prod");
        await PushAsync("1.5.0", "1.5.0");

        var run = await RunAsync("add", "1.5.0", "prod");

        Assert.Equal((1, old), (run.Code, On("prod")));
        Assert.Contains("'slipway tags move'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_move_takes_the_tag_from_where_it_is()
    {
        await PushAsync("1.4.0", "1.4.0", "prod");
        var digest = await PushAsync("1.5.0", "1.5.0");

        var run = await RunAsync("move", "1.5.0", "prod");

        Assert.Equal((0, digest), (run.Code, On("prod")));
        Assert.Contains(", was on sha256:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Done_again_it_is_done_already_and_nothing_is_written()
    {
        var digest = await PushAsync("1.5.0", "1.5.0", "prod");
        _registry.Log.Clear();

        var run = await RunAsync("move", digest, "prod", "--from", Samples.Digest100);

        Assert.Equal(0, run.Code);
        Assert.EndsWith("already\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, _registry.Log.Count(method: "PUT"));
    }

    [Theory]
    [InlineData("prod", "and not on")]
    [InlineData("new", "does not exist and not on")]
    public async Task From_another_image_than_the_named_one_nothing_is_moved(string tag, string says)
    {
        await PushAsync("1.4.0", "1.4.0", "prod");
        await PushAsync("1.5.0", "1.5.0");
        var before = On(tag);

        var run = await RunAsync("move", "1.5.0", tag, "--from", Samples.Digest100);

        Assert.Equal((1, before), (run.Code, On(tag)));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_named_image_it_is_moved()
    {
        var old = await PushAsync("1.4.0", "1.4.0", "prod");
        var digest = await PushAsync("1.5.0", "1.5.0");

        Assert.Equal((0, digest), ((await RunAsync("move", "1.5.0", "prod", "--from", old)).Code, On("prod")));
    }

    [Fact]
    public async Task Tags_are_removed_one_by_one()
    {
        await PushAsync("1.5.0", "1.5.0", "pr-7", "pr-8");

        Assert.Equal(0, (await RunAsync("remove", "pr-7", "pr-8")).Code);
        Assert.Equal((null, null), (On("pr-7"), On("pr-8")));
        Assert.NotNull(On("1.5.0"));
    }

    [Fact]
    public async Task An_image_is_removed_with_a_word_about_what_goes_with_it()
    {
        var digest = await PushAsync("1.5.0", "1.5.0", "prod");

        var run = await RunAsync("remove", "--digest", digest);

        Assert.Equal((0, null), (run.Code, On("prod")));
        Assert.Contains("goes with it: 1.5.0, prod", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_deletion_is_off_the_exit_code_says_so()
    {
        await PushAsync("1.5.0", "1.5.0");
        _registry.Faults.Add(new RegistryFault.Failing(405), new FaultMatch(RequestKind.Manifest, Method: "DELETE"));

        var run = await RunAsync("remove", "1.5.0");

        Assert.Equal(7, run.Code);
        Assert.Contains("storage.delete.enabled", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get", "9.9.9")]
    [InlineData("add", "9.9.9", "prod")]
    [InlineData("move", "9.9.9", "prod")]
    [InlineData("remove", "9.9.9")]
    public async Task What_is_not_there_ends_with_4(string verb, params string[] args)
    {
        await PushAsync("1.5.0", "1.5.0");

        var run = await RunAsync(verb, args);

        Assert.Equal(4, run.Code);
        Assert.Contains("acme/shop", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("get", "1.0")]
    public async Task A_repository_that_is_not_there_ends_with_4(string verb, params string[] args) => Assert.Equal(4, (await RunAsync(verb, args)).Code);

    [Fact]
    public async Task A_registry_that_is_not_there_ends_with_3()
    {
        var run = await CliRun.OfAsync(["tags", "list", "127.0.0.1:9/acme/shop"]);

        Assert.Equal(3, run.Code);
        Assert.Contains("127.0.0.1:9", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "tags", "get", "ghcr.io/acme/shop", "a b" }, "neither a tag nor a digest")]
    [InlineData(new[] { "tags", "list", "https://ghcr.io/acme/shop" }, "has a scheme")]
    [InlineData(new[] { "tags", "list", "ghcr.io/acme/shop:1.0" }, "has the tag")]
    [InlineData(new[] { "tags", "list", "ghcr.io/acme/shop", "--filter", "(" }, "--filter: ")]
    [InlineData(new[] { "tags", "list", "ghcr.io/acme/shop", "--limit", "0" }, "a number from 1 on")]
    [InlineData(new[] { "tags", "list", "ghcr.io/acme/shop", "-u", "ci" }, "--password-stdin")]
    [InlineData(new[] { "tags", "list", "ghcr.io/acme/shop", "--password-stdin" }, "without --username")]
    [InlineData(new[] { "tags", "list", "ghcr.io/acme/shop", "-u", "ci", "--password-stdin" }, "stdin is empty")]
    [InlineData(new[] { "tags", "add", "ghcr.io/acme/shop", "1.0" }, "'slipway tags add --help'")]
    [InlineData(new[] { "tags", "move", "ghcr.io/acme/shop", "1.0", "prod", "--from", "1.0" }, "is no digest")]
    [InlineData(new[] { "tags", "move", "ghcr.io/acme/shop", "1.0", "prod", "--timeout", "soon" }, "write for example 10m")]
    [InlineData(new[] { "tags", "remove", "ghcr.io/acme/shop" }, "what is to be removed?")]
    public async Task What_is_not_understood_ends_with_2_before_anything_is_asked(string[] args, string says)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_comes_from_stdin_and_is_never_shown()
    {
        await DisposeAsync();
        await StartAsync(new SandboxRegistryOptions { Auth = new RegistryAuth.Bearer(new RegistryAccount("ci", "s3cret")) }, new RegistryLogin("ci", "s3cret"));
        var digest = await PushAsync("1.5.0", "1.5.0");

        var good = await CliRun.OfAsync(["tags", "add", Repository, "1.5.0", "prod", "-u", "ci", "--password-stdin"], stdin: "s3cret\n");
        var wrong = await CliRun.OfAsync(["tags", "add", Repository, "1.5.0", "other", "-u", "ci", "--password-stdin"], stdin: "wr0ng\n");
        var nobody = await CliRun.OfAsync(["tags", "add", Repository, "1.5.0", "other"]);

        Assert.Equal((0, digest), (good.Code, On("prod")));
        Assert.Equal((7, 7), (wrong.Code, nobody.Code));
        Assert.Contains("does not accept the login", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("docker login", nobody.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", good.Out + good.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", wrong.Out + wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_login_of_docker_is_used_where_none_is_given()
    {
        await DisposeAsync();
        await StartAsync(new SandboxRegistryOptions { Auth = new RegistryAuth.Basic(new RegistryAccount("ci", "s3cret")) }, new RegistryLogin("ci", "s3cret"));
        await PushAsync("1.5.0", "1.5.0");
        var folder = Directory.CreateTempSubdirectory("slipway-tags").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), $$"""{"auths":{"{{_registry.Address}}":{"username":"ci","password":"s3cret"} } }""", Stop);

        var run = await CliRun.OfAsync(["tags", "list", Repository], environment: name => name == "DOCKER_CONFIG" ? folder : null);

        Directory.Delete(folder, recursive: true);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("1.5.0", run.Out, StringComparison.Ordinal);
    }
}
