using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryFaultTests
{
    private const string Manifest = "/v2/acme/shop/manifests/1.0";
    private static readonly BuiltImage Shop = new ImageBuilder().Build();
    private static readonly FaultMatch Manifests = new(RequestKind.Manifest);

    private static async Task<RegistryProbe> StartWithAsync(RegistryFault fault, FaultMatch? match = null, SandboxRegistryOptions? options = null)
    {
        var probe = await StartAsync(options);
        await probe.PushAsync("acme/shop", Shop, "1.0");
        probe.Registry.Faults.Add(fault, match);
        return probe;
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task It_can_fail_with_a_status(int status)
    {
        await using var probe = await StartWithAsync(new RegistryFault.Failing(status, TimeSpan.FromSeconds(30)));

        var answer = await probe.GetAsync("/v2/");

        Assert.Equal((status, "30"), (answer.Status, answer["Retry-After"]));
    }

    [Fact]
    public async Task It_can_refuse_whatever_the_client_shows()
    {
        var auth = new RegistryAuth.Bearer(new RegistryAccount("ci", "pw")) { AnonymousGrants = [RegistryGrant.Everything] };
        await using var probe = await StartWithAsync(new RegistryFault.Unauthorized(), Manifests, new SandboxRegistryOptions { Auth = auth });
        var token = (await probe.GetAsync("/token?scope=repository:acme/shop:pull")).Json["token"]!.ToString();

        var answer = await probe.HeadAsync(Manifest, AcceptAll, ("Authorization", $"Bearer {token}"));

        Assert.Equal(401, answer.Status);
        Assert.StartsWith($"Bearer realm=\"http://{probe.Registry.Address}/token\"", answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task It_can_send_the_client_to_a_foreign_token_endpoint()
    {
        await using var probe = await StartWithAsync(new RegistryFault.ForeignRealm(new Uri("http://127.0.0.2:1/token")));

        var answer = await probe.HeadAsync(Manifest);

        Assert.Equal((401, "Bearer realm=\"http://127.0.0.2:1/token\",service=\"elsewhere\",scope=\"repository:acme/shop:pull\""), (answer.Status, answer["WWW-Authenticate"]));
    }

    [Fact]
    public async Task It_can_redirect_elsewhere()
    {
        await using var probe = await StartWithAsync(new RegistryFault.Redirecting(new Uri("http://127.0.0.2:1/x")));

        var answer = await probe.GetAsync(Manifest, AcceptAll);

        Assert.Equal((307, "http://127.0.0.2:1/x"), (answer.Status, answer["Location"]));
    }

    [Fact]
    public async Task It_can_send_bytes_that_do_not_match_the_digest()
    {
        await using var probe = await StartWithAsync(new RegistryFault.WrongBytes(), Manifests);

        var answer = await probe.GetAsync(Manifest, AcceptAll);

        Assert.Equal((200, Shop.Digest), (answer.Status, answer["Docker-Content-Digest"]));
        Assert.NotEqual(Shop.Digest, ContentDigest.Of(answer.Body));
    }

    [Fact]
    public async Task It_can_name_the_wrong_digest()
    {
        await using var probe = await StartWithAsync(new RegistryFault.WrongDigestHeader(), Manifests);

        var answer = await probe.GetAsync(Manifest, AcceptAll);

        Assert.Equal(Shop.Digest, ContentDigest.Of(answer.Body));
        Assert.NotEqual(Shop.Digest, answer["Docker-Content-Digest"]);
    }

    [Fact]
    public async Task It_can_send_a_manifest_of_ten_megabytes()
    {
        await using var probe = await StartWithAsync(new RegistryFault.HugeManifest(), Manifests);

        Assert.Equal(10_000_000, (await probe.GetAsync(Manifest, AcceptAll)).Body.Length);
    }

    [Fact]
    public async Task It_can_cut_a_body_off_in_the_middle()
    {
        await using var probe = await StartWithAsync(new RegistryFault.TruncatedBody(), Manifests);

        await Assert.ThrowsAsync<HttpRequestException>(() => probe.GetAsync(Manifest, AcceptAll));
    }

    [Fact]
    public async Task It_can_send_something_else_altogether()
    {
        await using var probe = await StartWithAsync(new RegistryFault.Garbage(), Manifests);

        Assert.Equal("<html>proxy error</html>", (await probe.GetAsync(Manifest, AcceptAll)).Text);
    }

    [Fact]
    public async Task It_can_stall_until_it_is_stopped()
    {
        var probe = await StartWithAsync(new RegistryFault.Stalling(), Manifests);
        var hanging = probe.GetAsync(Manifest, AcceptAll);
        Assert.Equal(200, (await probe.GetAsync("/v2/")).Status);
        Assert.False(hanging.IsCompleted);

        await probe.Registry.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
    }

    [Fact]
    public async Task It_can_be_slow_by_its_own_clock()
    {
        var time = new ManualTime();
        await using var probe = await StartWithAsync(new RegistryFault.Slow(TimeSpan.FromMinutes(1)), Manifests, new SandboxRegistryOptions { Time = time });
        var waiting = probe.GetAsync(Manifest, AcceptAll);
        await time.WhenAwaitedAsync(TestContext.Current.CancellationToken);

        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(200, (await waiting).Status);
    }

    [Fact]
    public async Task Its_tag_list_can_go_on_for_ever()
    {
        await using var probe = await StartWithAsync(new RegistryFault.EndlessPages(2), new FaultMatch(RequestKind.Tags));
        HashSet<string> seen = [];
        var next = "/v2/acme/shop/tags/list";
        for (var page = 0; page < 20; page++)
        {
            var answer = await probe.GetAsync(next);
            seen.UnionWith(answer.Json["tags"]!.AsArray().Select(tag => tag!.ToString()));
            next = answer["Link"]!.Split('<', '>')[1];
        }

        Assert.Equal(40, seen.Count);
    }

    [Fact]
    public async Task Its_tag_list_can_link_to_itself()
    {
        await using var probe = await StartWithAsync(new RegistryFault.SelfLinkedPage(), new FaultMatch(RequestKind.Tags));

        Assert.Equal("</v2/acme/shop/tags/list>; rel=\"next\"", (await probe.GetAsync("/v2/acme/shop/tags/list"))["Link"]);
    }

    [Fact]
    public async Task A_script_hits_the_requests_it_names_and_only_so_often()
    {
        await using var probe = await StartWithAsync(new RegistryFault.Failing(), new FaultMatch(RequestKind.Manifest, "acme/shop", "HEAD") { After = 1, Times = 2 });

        List<int> heads = [];
        for (var i = 0; i < 5; i++)
        {
            heads.Add((await probe.HeadAsync(Manifest, AcceptAll)).Status);
        }

        Assert.Equal([200, 500, 500, 200, 200], heads);
        Assert.Equal(200, (await probe.GetAsync(Manifest, AcceptAll)).Status);
    }

    [Fact]
    public async Task The_same_seed_fails_the_same_requests()
    {
        var first = await RollAsync(seed: 7);
        var again = await RollAsync(seed: 7);
        var other = await RollAsync(seed: 8);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(status => status == 500), 1, 39);
    }

    private static async Task<List<int>> RollAsync(int seed)
    {
        await using var probe = await StartAsync();
        probe.Registry.Faults.AddRandom(seed, 0.3, new RegistryFault.Failing());
        List<int> statuses = [];
        for (var i = 0; i < 40; i++)
        {
            statuses.Add((await probe.GetAsync("/v2/")).Status);
        }

        return statuses;
    }

    [Fact]
    public async Task Faults_can_be_taken_back()
    {
        await using var probe = await StartWithAsync(new RegistryFault.Failing());

        probe.Registry.Faults.Clear();

        Assert.Equal(200, (await probe.GetAsync("/v2/")).Status);
    }
}
