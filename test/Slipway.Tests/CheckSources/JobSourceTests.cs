using System.Text.Json.Nodes;
using Slipway.Checks;
using Slipway.CheckSources;
using Slipway.Cli.Schemas;
using Slipway.Kube;
using Slipway.Sandbox;
using Slipway.Sandbox.Workloads.Nodes;
using Slipway.Tests.Queue;

namespace Slipway.Tests.CheckSources;

public sealed class JobSourceTests : IAsyncLifetime
{
    private SandboxCluster? _sandbox;
    private ClusterConnection? _cluster;
    private Measuring? _measuring;
    private string _uid = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxCluster.StartAsync(new SandboxClusterOptions
        {
            Api = new() { Tls = false, PodLog = (pod, container) => $"{container}: 3 of 5 passed\npassword=hunter2\n" },
            Workloads = new() { Speed = 20 },
        });
        _cluster = ClusterConnection.To(_sandbox.Api.Url, token: _sandbox.Api.AdminToken);
        _measuring = new Measuring(_cluster, null, TimeProvider.System);

        // A Job whose owner is not there is collected.
        await Any(new ResourceType("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false)).CreateAsync(null, CustomResources.Delivery, Ct);
        var delivery = new JsonObject { ["spec"] = new JsonObject { ["targets"] = new JsonArray(new JsonObject { ["name"] = "shop" }), ["source"] = new JsonObject { ["follow"] = new JsonObject { ["newest"] = new JsonObject() } } } };
        _uid = (await Any(ResourceTypes.Deliveries).ApplyAsync(new ObjectKey("default", "shop"), delivery, null, Ct)).Uid!;
    }

    public async ValueTask DisposeAsync()
    {
        _measuring!.Dispose();
        _cluster!.Dispose();
        await _sandbox!.DisposeAsync();
    }

    [Fact]
    public async Task A_job_that_ends_well_passes_with_the_end_of_its_log()
    {
        await PushAsync("good", (ImageBehaviour.ExitAfterLabel, "1s"));

        var measured = await MeasureAsync("good");

        Assert.Equal((MeasuredAs.Pass, "exit 0", "check: 3 of 5 passed\npassword=…"), (measured.Result, measured.Value, measured.Log));
    }

    [Fact]
    public async Task A_job_that_ends_badly_fails_with_its_exit_code()
    {
        await PushAsync("bad", (ImageBehaviour.CrashLabel, "exit 3"));

        var measured = await MeasureAsync("bad");

        Assert.Equal((MeasuredAs.Fail, "exit 3", "it ended with exit 3"), (measured.Result, measured.Value, measured.Message));
        Assert.Contains("3 of 5 passed", measured.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_does_not_end_in_time_fails()
    {
        await PushAsync("slow", (ImageBehaviour.ExitAfterLabel, "10h"));

        var measured = await MeasureAsync("slow", timeout: TimeSpan.FromSeconds(1));

        Assert.Equal((MeasuredAs.Fail, "it did not end within its timeout"), (measured.Result, measured.Message));
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_ends_it_at_once_and_says_nothing_of_the_new_version()
    {
        var measured = await MeasureAsync("missing");

        Assert.Equal(MeasuredAs.Error, measured.Result);
        Assert.StartsWith("ImagePullBackOff: container check", measured.Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Find("missing") is null, "the job is gone");
    }

    [Fact]
    public async Task The_job_is_told_what_it_is_about_belongs_to_the_Delivery_and_has_an_end()
    {
        await PushAsync("good", (ImageBehaviour.ExitAfterLabel, "1s"));
        var wish = Wish("good");
        var source = (CheckSource.Job)wish.Plan.Source! with
        {
            Url = "http://{{ candidate.workload }}:8080/",
            Args = ["--version", "{{ version }}"],
            Env = [new("LEVEL", "{{ args.level }}"), new("KEY", SecretKeyRef: new("login", "key"))],
            Ttl = TimeSpan.FromMinutes(5),
        };
        wish = wish with { Plan = wish.Plan with { Source = source, Args = System.Collections.Immutable.ImmutableDictionary<string, CheckValueText>.Empty.Add("level", new("Text", "high")) } };

        await _measuring!.MeasureAsync(wish, Ct);

        var job = (await Jobs.GetAsync(Key(wish), Ct))!.Value;
        var container = job["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var env = container["env"]!.AsArray().ToDictionary(one => (string)one!["name"]!, one => (string?)one!["value"]);
        Assert.Equal(("1.2", "sha256:aa", "1.1", "sha256:bb"), (env["VERSION"], env["DIGEST"], env["PREVIOUS"], env["PREVIOUS_DIGEST"]));
        Assert.Equal(("http://shop-canary:8080/", "shop", "shop-7", "high"), (env["URL"], env["DELIVERY"], env["RELEASE"], env["LEVEL"]));
        Assert.Equal("login", (string?)container["env"]!.AsArray().Single(one => (string?)one!["name"] == "KEY")!["valueFrom"]!["secretKeyRef"]!["name"]);
        Assert.Equal(["--version", "1.2"], container["args"]!.AsArray().Select(one => (string)one!));
        Assert.Equal((0, 60, 300), ((int)job["spec"]!["backoffLimit"]!, (int)job["spec"]!["activeDeadlineSeconds"]!, (int)job["spec"]!["ttlSecondsAfterFinished"]!));
        Assert.Equal(("Delivery", "shop", _uid), ((string?)job["metadata"]!["ownerReferences"]![0]!["kind"], (string?)job["metadata"]!["ownerReferences"]![0]!["name"], (string?)job["metadata"]!["ownerReferences"]![0]!["uid"]));
        Assert.False((bool)job["spec"]!["template"]!["spec"]!["automountServiceAccountToken"]!);
    }

    /// <summary>I24, I29. Killed while it waited, it finds the Job that it made.</summary>
    [Fact]
    public async Task Made_again_it_finds_the_job_that_runs_already()
    {
        await PushAsync("good", (ImageBehaviour.ExitAfterLabel, "20s"));
        using var killed = new CancellationTokenSource();
        var first = _measuring!.MeasureAsync(Wish("good"), killed.Token);
        await Eventually.TrueAsync(() => Find("good") is not null, "the job is made");
        var uid = Find("good")!.Uid;
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var measured = await MeasureAsync("good");

        Assert.Equal(MeasuredAs.Pass, measured.Result);
        Assert.Equal(uid, Find("good")!.Uid);
        Assert.Single((await Jobs.ListAsync(ListScope.All, Ct)).Items);
    }

    [Fact]
    public async Task A_job_that_nobody_waits_for_is_deleted_and_one_that_has_ended_is_kept()
    {
        await PushAsync("slow", (ImageBehaviour.ExitAfterLabel, "10h"));
        await PushAsync("good", (ImageBehaviour.ExitAfterLabel, "1s"));
        using var stopped = new CancellationTokenSource();
        var slow = _measuring!.MeasureAsync(Wish("slow"), stopped.Token);
        await Eventually.TrueAsync(() => Find("slow") is not null, "the job is made");
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        await MeasureAsync("good");

        await _measuring.AbandonAsync(Wish("slow"), Ct);
        await _measuring.AbandonAsync(Wish("good"), Ct);
        await _measuring.AbandonAsync(Wish("nothing"), Ct);

        await Eventually.TrueAsync(() => Find("slow") is null, "the job is gone");
        Assert.NotNull(Find("good"));
    }

    [Fact]
    public async Task A_job_of_that_name_that_is_somebody_elses_is_neither_believed_nor_deleted()
    {
        var wish = Wish("good");
        await Jobs.CreateAsync("default", new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject { ["name"] = MeasurementName.Of(wish) },
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject { ["spec"] = new JsonObject { ["restartPolicy"] = "Never", ["containers"] = new JsonArray(new JsonObject { ["name"] = "x", ["image"] = "x" }) } },
            },
        }, Ct);

        var measured = await _measuring!.MeasureAsync(wish, Ct);
        await _measuring.AbandonAsync(wish, Ct);

        Assert.Equal(MeasuredAs.Error, measured.Result);
        Assert.Contains("is somebody else's: delete it", measured.Message, StringComparison.Ordinal);
        Assert.NotNull(await Jobs.GetAsync(Key(wish), Ct));
    }

    private ResourceClient<JsonObject> Jobs => Any(ResourceTypes.Jobs);

    private ResourceClient<JsonObject> Any(ResourceType type) => new(_cluster!, type, json => JsonNode.Parse(json.GetRawText())!.AsObject());

    private ResourceItem<JsonObject>? Find(string tag) => Jobs.GetAsync(Key(Wish(tag)), Ct).GetAwaiter().GetResult();

    private static ObjectKey Key(MeasureWish wish) => new("default", MeasurementName.Of(wish));

    private MeasureWish Wish(string tag, TimeSpan? timeout = null)
    {
        var wish = MeasuringWorld.Wish(
            new CheckSource.Job(_sandbox!.Image("acme/smoke", tag)) { Timeout = timeout ?? TimeSpan.FromMinutes(1) }, plan: new CheckPlan { Name = $"smoke-{tag}", Count = 1 });
        return wish with { Context = wish.Context with { Uid = _uid } };
    }

    private Task<Measurement> MeasureAsync(string tag, TimeSpan? timeout = null) => _measuring!.MeasureAsync(Wish(tag, timeout), Ct);

    private Task<string> PushAsync(string tag, params (string Label, string Value)[] labels) => _sandbox!.PushAsync("acme/smoke", tag, Ct, [.. labels]);
}
