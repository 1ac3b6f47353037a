using Slipway.Images;
using Slipway.Registry;
using Slipway.Sandbox.Registry;
using RegistryLogin = Slipway.Sandbox.Registry.RegistryLogin;

namespace Slipway.Tests.Registry;

/// <summary>Over real HTTP, against the sandbox's registry.</summary>
public sealed class RegistryWriterTests : IAsyncLifetime
{
    private SandboxRegistry _registry = null!;
    private RegistryConnection _connection = null!;
    private RegistryClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RegistryWriter Writer => new(_client);

    private RegistryAccess Access(RegistryCredential? credential = null) => new(new RepositoryName(_registry.Address, "acme/shop"), credential);

    public ValueTask InitializeAsync() => StartAsync(new SandboxRegistryOptions());

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _connection.Dispose();
        await _registry.DisposeAsync();
    }

    private async ValueTask StartAsync(SandboxRegistryOptions options, RegistryLogin? login = null)
    {
        _registry = await SandboxRegistry.StartAsync(options, Stop);
        _connection = new RegistryConnection(_registry.Url, login);
        _client = new RegistryClient(new RegistryOptions(), TimeProvider.System, () => 0.5);
    }

    private async Task RestartAsync(SandboxRegistryOptions options, RegistryLogin login)
    {
        await DisposeAsync();
        await StartAsync(options, login);
    }

    private Task<string> PushAsync(BuiltImage image, params string[] tags) => new ImagePusher(_connection).PushAsync("acme/shop", image, Stop, tags);

    private static BuiltImage Image(string version, bool docker = false) => new ImageBuilder { Docker = docker }.WithLabel("org.opencontainers.image.version", version).Build();

    private static T Ok<T>(RegistryAnswer<T> answer) => answer.IsOk(out var value, out var problem) ? value : throw new InvalidOperationException(problem.Message);

    private static RegistryProblem Problem<T>(RegistryAnswer<T> answer) => Assert.IsType<RegistryAnswer<T>.Failed>(answer).Problem;

    [Theory]
    [InlineData(false, "application/vnd.oci.image.manifest.v1+json")]
    [InlineData(true, "application/vnd.docker.distribution.manifest.v2+json")]
    public async Task A_tag_is_put_on_the_same_bytes_with_the_same_type_so_that_the_digest_stays(bool docker, string type)
    {
        var digest = await PushAsync(Image("1.5.0", docker), "1.5.0");

        var manifest = Ok(await Writer.ReadAsync(Access(), "1.5.0", Stop));
        var put = Ok(await Writer.PutAsync(Access(), "prod", manifest, Stop));

        Assert.Equal((digest, type, digest), (manifest.Digest, manifest.MediaType, put));
        var stored = _registry.Content.FindManifest("acme/shop", "prod")!;
        Assert.Equal((digest, type), (stored.Digest, stored.MediaType));
    }

    [Fact]
    public async Task An_index_stays_an_index()
    {
        var index = BuiltImage.Index([Image("1.5.0"), new ImageBuilder { Platform = new Platform("linux", "arm64") }.Build()]);
        var digest = await PushAsync(index, "1.5.0");

        var manifest = Ok(await Writer.ReadAsync(Access(), digest, Stop));
        Ok(await Writer.PutAsync(Access(), "prod", manifest, Stop));

        Assert.Equal("application/vnd.oci.image.index.v1+json", _registry.Content.FindManifest("acme/shop", "prod")!.MediaType);
        Assert.Equal(digest, _registry.Content.FindManifest("acme/shop", "prod")!.Digest);
    }

    [Fact]
    public async Task A_tag_is_removed_and_the_image_stays()
    {
        var digest = await PushAsync(Image("1.5.0"), "1.5.0", "pr-7");

        Assert.True(Ok(await Writer.RemoveAsync(Access(), "pr-7", Stop)));

        Assert.Null(_registry.Content.FindManifest("acme/shop", "pr-7"));
        Assert.Equal(digest, _registry.Content.FindManifest("acme/shop", "1.5.0")!.Digest);
    }

    [Fact]
    public async Task Removed_by_its_digest_an_image_takes_its_tags_along()
    {
        var digest = await PushAsync(Image("1.5.0"), "1.5.0", "pr-7");

        Ok(await Writer.RemoveAsync(Access(), digest, Stop));

        Assert.Null(_registry.Content.FindManifest("acme/shop", "1.5.0"));
        Assert.Equal(RegistryProblemKind.TagNotFound, Problem(await Writer.RemoveAsync(Access(), digest, Stop)).Kind);
    }

    [Fact]
    public async Task Where_deletion_is_off_that_is_said()
    {
        await PushAsync(Image("1.5.0"), "1.5.0");
        _registry.Faults.Add(new RegistryFault.Failing(405), new FaultMatch(RequestKind.Manifest, Method: "DELETE"));

        var problem = Problem(await Writer.RemoveAsync(Access(), "1.5.0", Stop));

        Assert.Equal(RegistryProblemKind.Forbidden, problem.Kind);
        Assert.Contains("storage.delete.enabled", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(_registry.Content.FindManifest("acme/shop", "1.5.0"));
    }

    [Fact]
    public async Task Each_token_allows_what_its_request_is_about_and_no_more()
    {
        await RestartAsync(new SandboxRegistryOptions { Auth = new RegistryAuth.Bearer(new RegistryAccount("ci", "secret")) }, new RegistryLogin("ci", "secret"));
        await PushAsync(Image("1.5.0"), "1.5.0", "pr-7");
        var access = Access(new RegistryCredential("ci", "secret"));
        var before = _registry.Log.Requests.Length;

        var manifest = Ok(await Writer.ReadAsync(access, "1.5.0", Stop));
        Ok(await Writer.PutAsync(access, "prod", manifest, Stop));
        Ok(await Writer.RemoveAsync(access, "pr-7", Stop));

        var scopes = _registry.Log.Requests[before..].Where(entry => entry.Request.Path == "/token").Select(entry => entry.Request.Parameter("scope"));
        Assert.Equal(["repository:acme/shop:pull", "repository:acme/shop:pull,push", "repository:acme/shop:pull,push,delete"], scopes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_may_only_pull_is_told_so_and_nothing_moves(bool bearer)
    {
        var reader = new RegistryAccount("reader", "r") { Grants = [new RegistryGrant("*", "pull")] };
        RegistryAuth auth = bearer ? new RegistryAuth.Bearer(new RegistryAccount("ci", "secret"), reader) : new RegistryAuth.Basic(new RegistryAccount("ci", "secret"), reader);
        await RestartAsync(new SandboxRegistryOptions { Auth = auth }, new RegistryLogin("ci", "secret"));
        await PushAsync(Image("1.5.0"), "1.5.0");
        var access = Access(new RegistryCredential("reader", "r"));

        var manifest = Ok(await Writer.ReadAsync(access, "1.5.0", Stop));
        var problem = Problem(await Writer.PutAsync(access, "prod", manifest, Stop));

        Assert.Equal(RegistryProblemKind.Forbidden, problem.Kind);
        Assert.Contains("may not push to acme/shop", problem.Message, StringComparison.Ordinal);
        Assert.Null(_registry.Content.FindManifest("acme/shop", "prod"));
    }

    [Fact]
    public async Task A_write_is_not_carried_to_where_a_registry_redirects_it()
    {
        await using var elsewhere = await SandboxRegistry.StartAsync(cancellationToken: Stop);
        await PushAsync(Image("1.5.0"), "1.5.0");
        var manifest = Ok(await Writer.ReadAsync(Access(), "1.5.0", Stop));
        _registry.Faults.Add(new RegistryFault.Redirecting(elsewhere.Url), new FaultMatch(RequestKind.Manifest, Method: "PUT"));

        Problem(await Writer.PutAsync(Access(), "prod", manifest, Stop));

        Assert.Empty(elsewhere.Log.Requests);
    }

    [Theory]
    [InlineData("1.5.0")]
    [InlineData("digest")]
    public async Task Bytes_that_are_not_those_of_the_digest_are_not_put_anywhere(string reference)
    {
        var digest = await PushAsync(Image("1.5.0"), "1.5.0");
        _registry.Faults.Add(new RegistryFault.WrongBytes(), new FaultMatch(RequestKind.Manifest, Method: "GET"));

        Assert.Equal(RegistryProblemKind.DigestMismatch, Problem(await Writer.ReadAsync(Access(), reference == "digest" ? digest : reference, Stop)).Kind);
    }

    [Fact]
    public async Task A_tag_that_is_elsewhere_after_it_was_put_is_told()
    {
        await PushAsync(Image("1.5.0"), "1.5.0");
        await PushAsync(Image("1.6.0"), "prod");
        var manifest = Ok(await Writer.ReadAsync(Access(), "1.5.0", Stop));
        var other = _registry.Content.FindManifest("acme/shop", "prod")!.Digest;
        _registry.Faults.Add(new RegistryFault.WrongDigestHeader(), new FaultMatch(RequestKind.Manifest, Method: "HEAD"));

        var problem = Problem(await Writer.PutAsync(Access(), "prod", manifest, Stop));

        Assert.Equal(RegistryProblemKind.DigestMismatch, problem.Kind);
        Assert.NotEqual(other, manifest.Digest);
        Assert.Contains("somebody moved it at the same time", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task What_is_neither_tag_nor_digest_is_not_sent(string reference)
    {
        Assert.Equal(RegistryProblemKind.TagNotFound, Problem(await Writer.RemoveAsync(Access(), reference, Stop)).Kind);
        Assert.Empty(_registry.Log.Requests);
    }
}
