using Slipway.Images;
using Slipway.Registry;
using Slipway.Tests.Registry.Logins;

namespace Slipway.Tests.Registry;

/// <summary>Mirrors are asked first, each as itself; what is known afterwards is known of the original.</summary>
public sealed class MirrorTests : IAsyncLifetime
{
    private static readonly RepositoryName Original = new("docker.io", "acme/shop");
    private static readonly RegistryCredential OfOriginal = new("bob", "original-password");
    private static readonly RegistryCredential OfMirror = new("bob", "mirror-password");

    private LoginWorld _world = null!;
    private TestRegistry _mirror = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await LoginWorld.StartAsync();
        _mirror = await TestRegistry.StartAsync();
        _mirror.Push("1.0.0", "one", "hub/acme/shop");
        (_world.Routes["registry-1.docker.io"], _world.Routes["mirror.corp"]) = (_world.Registry.Address, _mirror.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _mirror.DisposeAsync();
        await _world.DisposeAsync();
    }

    private static readonly RegistryConfiguration Entry = new() { Host = "docker.io", Mirrors = [new RegistryMirror { Host = "mirror.corp", Prefix = "hub" }] };

    private RepositorySession Session(params RegistryConfiguration[] others)
    {
        var client = _world.NewClient(null, [Entry, .. others]);
        var mirrors = client.Options.MirrorsOf(Original).Select(mirror => new MirrorChain(mirror, new CredentialChain([OfMirror], client.Logins.MayServe(mirror, "shop"))));
        return new RepositorySession(client, new FactsCache(), Original, new CredentialChain([OfOriginal], mirrors: [.. mirrors]));
    }

    private static async Task<IReadOnlyList<string>?> TagsAsync(RepositorySession session) =>
        RegistryClientTests.Ok(await session.ListTagsAsync(null, TestContext.Current.CancellationToken)).Tags;

    [Fact]
    public async Task The_mirror_answers_and_the_original_is_not_asked()
    {
        var session = Session();

        Assert.Equal(["1.0.0"], await TagsAsync(session));

        Assert.Equal("/v2/hub/acme/shop/tags/list?n=1000", Assert.Single(_mirror.Requests).Target);
        Assert.Empty(_world.Registry.Requests);
        Assert.Equal(Original, session.Repository);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(429)]
    public async Task A_mirror_that_gives_no_answer_is_passed_over(int status)
    {
        _mirror.Misbehaves = http => HostileWorld.AnswersAsync(http, "/v2/", status, "");

        Assert.Equal(["1.0.0"], await TagsAsync(Session()));
    }

    [Fact]
    public async Task What_is_told_of_a_problem_is_the_original_s()
    {
        _mirror.Misbehaves = http => HostileWorld.AnswersAsync(http, "/v2/", 500, "");
        _world.Registry.Misbehaves = http => HostileWorld.AnswersAsync(http, "/v2/", 404, "");

        var problem = RegistryClientTests.Problem(await Session().ListTagsAsync(null, TestContext.Current.CancellationToken));

        Assert.Equal(RegistryProblemKind.RepositoryNotFound, problem.Kind);
        Assert.Contains("docker.io/acme/shop", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_in_trouble_is_left_alone_and_costs_no_request()
    {
        _mirror.Misbehaves = http => HostileWorld.AnswersAsync(http, "/v2/", 503, "");
        var session = Session();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(["1.0.0"], await TagsAsync(session));
        }

        Assert.Single(_mirror.Requests);
    }

    [Fact]
    public async Task Each_is_logged_in_to_with_what_is_its_own()
    {
        foreach (var registry in new[] { _mirror, _world.Registry })
        {
            registry.Challenge = "Basic realm=\"x\"";
            registry.Accepts = _ => false;
        }

        RegistryClientTests.Problem(await Session().ListTagsAsync(null, TestContext.Current.CancellationToken));

        Assert.Equal([null, TestRegistry.BasicHeader("bob:mirror-password")], _mirror.Requests.Select(request => request.Authorization));
        Assert.Equal([null, TestRegistry.BasicHeader("bob:original-password")], _world.Registry.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task The_bytes_of_an_image_are_its_digest_s_wherever_they_come_from()
    {
        var digest = _world.Registry.Push("2.0.0", "two");
        _mirror.Push("2.0.0", "two", "hub/acme/shop");
        _mirror.Corrupt(digest);

        var facts = RegistryClientTests.Ok(await Session().ReadFactsAsync(digest, withLabels: false, TestContext.Current.CancellationToken));

        Assert.Equal("linux/amd64", $"{facts.Platforms}");
        Assert.NotEmpty(_world.Registry.Requests);
    }

    [Fact]
    public async Task A_mirror_s_own_entry_gives_its_login()
    {
        _mirror.Challenge = "Basic realm=\"x\"";
        _mirror.Accepts = header => header == TestRegistry.BasicHeader("robot:of-the-mirror");
        var login = new RegistryLogin { UsernameFile = _world.Write("u", "robot"), PasswordFile = _world.Write("p", "of-the-mirror") };

        Assert.Equal(["1.0.0"], await TagsAsync(Session(new RegistryConfiguration { Host = "mirror.corp", Login = login })));
        Assert.Empty(_world.Registry.Requests);
    }
}
