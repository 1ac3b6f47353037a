using System.Globalization;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd;

/// <summary>
/// How long a push takes to reach the workload, and what an idle minute costs. The figures go to the test's output; asserted is only
/// what no noise of a machine can change.
/// </summary>
[Collection(RealCluster.Name)]
public sealed class SpeedTests(TestCluster cluster, ITestOutputHelper output)
{
    private const int Pushes = 50;
    private const int Polled = 10;

    [Fact]
    public async Task Every_push_is_patched_by_webhook()
    {
        var ns = await cluster.NewNamespaceAsync("webhook");
        await using var controller = await ControllerProcess.StartReadyAsync();
        await AsleepAsync(ns, "shop", "1h");

        var times = new List<TimeSpan>();
        for (var push = 1; push <= Pushes; push++)
        {
            // The budget is that of an idle controller; more than one hint a second for one repository is late on purpose.
            await Task.Delay(TimeSpan.FromMilliseconds(1200), TimeProvider.System, TestContext.Current.CancellationToken);
            var pushed = await cluster.Shipyard.PushAsync($"{ns}/shop", string.Create(CultureInfo.InvariantCulture, $"1.0.{push}"));
            var at = TimeProvider.System.GetUtcNow();
            times.Add(await PatchedAsync(ns, "shop", pushed) - at);
        }

        Report("push answered → workload patched, by webhook", times);
        Assert.Equal(Pushes + 1, (await SettledHistoryAsync(ns, "shop", Pushes + 1)).Count);
    }

    [Fact]
    public async Task Every_hint_is_patched()
    {
        const int Port = 18099;
        var ns = await cluster.NewNamespaceAsync("hint");

        // Not where the registry's notifications go: the test sends them itself, so that the registry's own delay is not measured.
        await using var controller = await ControllerProcess.StartReadyAsync(Port);
        await AsleepAsync(ns, "shop", "1h");
        using var http = new HttpClient { DefaultRequestHeaders = { { "Authorization", $"Bearer {TestEnvironment.WebhookToken}" } } };

        var times = new List<TimeSpan>();
        for (var push = 1; push <= Pushes; push++)
        {
            var pushed = await cluster.Shipyard.PushAsync($"{ns}/shop", string.Create(CultureInfo.InvariantCulture, $"1.0.{push}"));
            await Task.Delay(TimeSpan.FromMilliseconds(1200), TimeProvider.System, TestContext.Current.CancellationToken);
            var patched = PatchedAsync(ns, "shop", pushed);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            var at = TimeProvider.System.GetUtcNow();
            using var content = new StringContent($$$"""{"events": [{"action": "push", "target": {"repository": "{{{ns}}}/shop"}, "request": {"host": "{{{TestEnvironment.Registry}}}"}}]}""", System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{Port}/webhooks/distribution"), content, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
            times.Add(await patched - at);
        }

        Report("webhook sent → workload patched", times);
        Assert.Equal(Pushes + 1, (await SettledHistoryAsync(ns, "shop", Pushes + 1)).Count);
    }

    [Fact]
    public async Task Every_push_is_patched_by_polling_every_five_seconds()
    {
        var ns = await cluster.NewNamespaceAsync("poll");

        // Not where the registry's notifications go, so that only polling finds the pushes.
        await using var controller = ControllerProcess.Start(port: 0);
        var names = Enumerable.Range(1, Polled).Select(number => string.Create(CultureInfo.InvariantCulture, $"shop-{number}")).ToArray();
        foreach (var name in names)
        {
            await AsleepAsync(ns, name, "5s");
        }

        var times = new List<TimeSpan>();
        for (var round = 1; round <= Pushes / Polled; round++)
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"1.0.{round}");
            times.AddRange(await Task.WhenAll(names.Select(async name =>
            {
                var pushed = await cluster.Shipyard.PushAsync($"{ns}/{name}", version);
                var at = TimeProvider.System.GetUtcNow();
                return await PatchedAsync(ns, name, pushed) - at;
            })));
        }

        Report("push answered → workload patched, by polling every 5 s", times);
        Assert.Equal(Pushes, times.Count);
    }

    [Fact]
    public async Task An_idle_minute_writes_nothing_and_asks_each_repository_once_an_interval()
    {
        Assert.SkipWhen(TestEnvironment.AuditLog is null || TestEnvironment.RegistryLog is null, "this cluster shows neither its audit log nor its registry's log");
        var ns = await cluster.NewNamespaceAsync("idle");
        await using var controller = await ControllerProcess.StartReadyAsync();
        await AsleepAsync(ns, "one", "10s");
        await AsleepAsync(ns, "two", "10s");

        // Two more Deliveries on the first repository cost nothing more. Then whatever was caused by all that is over.
        for (var more = 1; more <= 2; more++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"more-{more}");
            await cluster.ApplyAsync(Manifests.Deployment(ns, $"{TestEnvironment.Registry}/{ns}/one:1.0.0", 0, name) + Manifests.Delivery(ns, $"{{name: {name}}}", "follow: {semver: {}}, interval: 10s", name: name));
            await SettledHistoryAsync(ns, name, 1);
        }

        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System, TestContext.Current.CancellationToken);
        var (audit, registry) = (AuditLog.End(TestEnvironment.AuditLog!), AccessLog.End(TestEnvironment.RegistryLog!));
        await Task.Delay(TimeSpan.FromMinutes(2), TimeProvider.System, TestContext.Current.CancellationToken);

        var requests = AuditLog.Since(TestEnvironment.AuditLog!, audit, TestEnvironment.ControllerUser);

        // What other tests left behind is not idle where a registry refuses it: its pull secrets are read again twice a minute.
        var beside = requests
            .Where(request => request.Verb != "watch" && request.Resource != "leases")
            .Where(request => !request.Path.Contains("/namespaces/", StringComparison.Ordinal) || request.Path.Contains($"/namespaces/{ns}/", StringComparison.Ordinal))
            .ToArray();
        var looks = AccessLog.Since(TestEnvironment.RegistryLog!, registry, $"/v2/{ns}/");
        output.WriteLine($"2 idle minutes, 4 Deliveries on 2 repositories every 10 s: {looks.Count} registry requests, "
            + $"{requests.Count(request => request.Resource == "leases")} of the lease, {beside.Length} others to the API server");
        Assert.True(beside.Length == 0, string.Join('\n', beside.Select(request => $"{request.Verb} {request.Path}")));

        // Two repositories, twelve intervals, a tenth of jitter either way.
        Assert.InRange(looks.Count, 2 * 10, 2 * 14);
    }

    private async Task AsleepAsync(string ns, string name, string interval)
    {
        await cluster.Shipyard.PushAsync($"{ns}/{name}", "1.0.0");
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{TestEnvironment.Registry}/{ns}/{name}:1.0.0", 0, name)
            + Manifests.Delivery(ns, $"{{name: {name}}}", $"follow: {{semver: {{}}}}, interval: {interval}", "history: {limit: 100}", name: name));
        await SettledHistoryAsync(ns, name, 1);
    }

    /// <summary>When the API server took the patch: by its own clock, which is this machine's, from the field's owner entry it is only known to the second; so it is watched.</summary>
    private async Task<DateTimeOffset> PatchedAsync(string ns, string name, string digest)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        var deployments = cluster.Any(Kube.ResourceTypes.Deployments);
        var scope = new Kube.ListScope(ns, FieldSelector: $"metadata.name={name}");
        var page = await deployments.ListAsync(scope, late.Token);
        if (page.Items.Any(item => Names(item.Value, digest)))
        {
            return TimeProvider.System.GetUtcNow();
        }

        await foreach (var change in deployments.WatchAsync(scope, page.ResourceVersion, late.Token))
        {
            if (change is Kube.WatchEvent<System.Text.Json.Nodes.JsonObject>.Applied { Item.Value: var deployment } && Names(deployment, digest))
            {
                return TimeProvider.System.GetUtcNow();
            }
        }

        throw new TimeoutException($"{ns}/{name} was not patched to {digest}");
    }

    private static bool Names(System.Text.Json.Nodes.JsonObject deployment, string digest) => deployment["spec"]!["template"]!.ToJsonString().Contains(digest, StringComparison.Ordinal);

    private async Task<IReadOnlyList<Api.Release>> SettledHistoryAsync(string ns, string name, int count) => await Eventually.GetAsync(
        $"{count} Releases of {ns}/{name} have ended",
        async () => await cluster.HistoryAsync(ns, name) is { } history && history.Count == count && history.All(release => release.Status?.FinishedAt is not null) ? history : null);

    private void Report(string what, List<TimeSpan> times)
    {
        var sorted = times.Select(time => Math.Max(0, time.TotalMilliseconds)).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: n {sorted.Length}, p50 {sorted[sorted.Length / 2]:0} ms, p90 {sorted[sorted.Length * 9 / 10]:0} ms, p99 {sorted[^1]:0} ms, min {sorted[0]:0} ms"));
        output.WriteLine(string.Join(' ', times.Select(time => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture))));
    }
}
