using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Registry;
using Slipway.Signatures;
using Slipway.Sources;
using Slipway.Telemetry;
using Slipway.Tests.Queue;
using Slipway.Tests.Registry;
using Slipway.Workloads;

namespace Slipway.Tests.Controllers;

/// <summary>Pull secrets of a real API, for a registry that lets one password in; the clock is the test's.</summary>
public sealed class PullCredentialsTests : IAsyncLifetime
{
    private static readonly ObjectKey Key = new("default", "shop");

    private readonly VirtualTime _time = new();
    private readonly SlipwayMetrics _metrics = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-pull").FullName;
    private ControllerWorld _cluster = null!;
    private TestRegistry _registry = null!;
    private RegistryClient _client = null!;
    private FeedSet _feeds = null!;
    private WorkQueue<ObjectKey> _queue = null!;
    private SignatureChecks _signatures = null!;
    private SourceBinding _binding = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ControllerWorld.StartAsync(controller: false);
        _registry = await TestRegistry.StartAsync();
        _registry.Push("1.0.0", "one");
        _registry.Challenge = "Basic realm=\"x\"";
        _registry.Accepts = header => header == TestRegistry.BasicHeader("bob:right");
        Start(new RegistryOptions());
    }

    public async ValueTask DisposeAsync()
    {
        await _signatures.DisposeAsync();
        await _feeds.DisposeAsync();
        await _signatures.DisposeAsync();
        _client.Dispose();
        _queue.Dispose();
        _metrics.Dispose();
        await _registry.DisposeAsync();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Start(RegistryOptions options)
    {
        _client = new RegistryClient(options, _time, () => 0.5);
        _feeds = new FeedSet(_client, _time, () => 0.5, NullLogger<FeedSet>.Instance);
        _queue = new WorkQueue<ObjectKey>(_time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)), () => 0.5);
        var context = new ControllerContext(_cluster.Admin, null, _time, () => 0.5, _metrics, NullLoggerFactory.Instance);
        _signatures = new SignatureChecks(_client, _cluster.Admin, [], _time, () => 0.5, NullLogger<SignatureChecks>.Instance);
        _binding = new SourceBinding(_feeds, _signatures, new PullCredentials(context, _client, NullLogger<PullCredentials>.Instance), _queue);
    }

    private async Task WriteSecretAsync(string password)
    {
        var config = $$$"""{"auths":{"{{{_registry.Host}}}":{"auth":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"bob:{password}"))}}}"} } }""";
        await _cluster.ApplyAsync(ResourceTypes.Secrets, "regcred", new JsonObject
        {
            ["type"] = PullSecretReader.DockerConfigJson,
            ["data"] = new JsonObject { [".dockerconfigjson"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(config)) },
        });
    }

    /// <summary>What a pass does, and what the feed then has to say.</summary>
    private async Task<Sighting> PassAsync(params string[] secrets)
    {
        // A pass begins with its key being taken, which ends all waiting for it.
        Due();
        var spec = new DeliverySpec
        {
            Targets = [new Target { Name = "shop", Containers = ["web"] }],
            Source = new Source { Repository = $"{_registry.Repository()}", Follow = new Follow { Semver = new SemverPolicy(">=1.0") }, PullSecrets = [.. secrets.Select(name => new SecretReference(name))] },
        };
        Assert.True(DeliveryTerms.TryRead(spec, out var terms, out var problem), $"{problem}");
        var delivery = new Delivery { Metadata = new ObjectMeta { Name = Key.Name, Namespace = Key.Namespace }, Spec = spec };
        var targets = TargetResolution.Resolve(Key.Namespace, spec, new Dictionary<WorkloadKey, WorkloadSnapshot>());
        await _binding.BindAsync(Key, delivery, terms, targets, _time.GetUtcNow(), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _feeds.SettledAsync();
        return _feeds.Latest($"{Key}").Sighting;
    }

    private int Due()
    {
        var due = 0;
        while (_queue.TryTake(out var key))
        {
            _queue.Done(key);
            due++;
        }

        return due;
    }

    [Fact]
    public async Task A_refused_secret_that_is_mended_is_found_though_nothing_else_happens()
    {
        await WriteSecretAsync("wrong");
        Assert.IsType<Sighting.Problem>(await PassAsync("regcred"));
        Assert.IsType<Sighting.Problem>(await PassAsync("regcred"));

        await WriteSecretAsync("right");
        _time.Advance(TimeSpan.FromSeconds(28));
        await _feeds.SettledAsync();
        Assert.Equal(0, Due());

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, Due());
        Assert.Equal("1.0.0", Assert.IsType<Sighting.Seen>(await PassAsync("regcred")).Tag);

        // All is well, and there is no reason to come again.
        await PassAsync("regcred");
        _time.Advance(TimeSpan.FromSeconds(32));
        await _feeds.SettledAsync();
        Assert.Equal(0, Due());
    }

    [Fact]
    public async Task As_long_as_it_is_refused_it_comes_again_and_reads_anew()
    {
        await WriteSecretAsync("wrong");
        await PassAsync("regcred");
        for (var i = 0; i < 3; i++)
        {
            await PassAsync("regcred");
            _time.Advance(TimeSpan.FromSeconds(32));
            await _feeds.SettledAsync();

            Assert.Equal(1, Due());
        }
    }

    [Fact]
    public async Task Without_a_secret_of_its_own_a_Delivery_uses_the_controller_s_login_where_its_namespace_may()
    {
        await _feeds.DisposeAsync();
        _client.Dispose();
        _queue.Dispose();
        var (username, password) = (Path.Combine(_folder, "u"), Path.Combine(_folder, "p"));
        await File.WriteAllTextAsync(username, "bob", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(password, "right", TestContext.Current.CancellationToken);
        var login = new RegistryLogin { UsernameFile = username, PasswordFile = password, Namespaces = ["other"] };
        Start(new RegistryOptions { Registries = [new RegistryConfiguration { Host = _registry.Host, Login = login }] });

        Assert.IsType<Sighting.Problem>(await PassAsync());
        Assert.All(_registry.Requests, request => Assert.Null(request.Authorization));

        await _feeds.DisposeAsync();
        _client.Dispose();
        _queue.Dispose();
        Start(new RegistryOptions { Registries = [new RegistryConfiguration { Host = _registry.Host, Login = login with { Namespaces = ["default"] } }] });
        Assert.IsType<Sighting.Seen>(await PassAsync());
    }
}
