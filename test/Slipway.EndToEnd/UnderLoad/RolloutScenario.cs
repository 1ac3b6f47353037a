using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Api;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.Load;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>What becomes of a version.</summary>
internal enum Fate
{
    Good,

    /// <summary>It cannot start.</summary>
    Bad,

    /// <summary>A person ends its rollout.</summary>
    Aborted,

    /// <summary>A newer one comes while it rolls out.</summary>
    Superseded,
}

/// <summary>
/// Rollouts under load, one after the other, good, bad, ended by a person and overtaken: only the strategy of the Delivery differs between those
/// who use it.
/// </summary>
/// <param name="Name">Of the strategy, for those who read the output.</param>
/// <param name="Strategy">What is under <c>strategy</c> in the Delivery.</param>
internal sealed record RolloutScenario(TestCluster Cluster, string Name, string Strategy)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>One that is overtaken, and the one that overtakes it, are two.</summary>
    public int Rollouts { get; init; } = 20;

    /// <summary>Most of it on new connections, whose pod the proxy chooses: a step of two seconds tells its share by some two hundred of them.</summary>
    public LoadOptions Load { get; init; } = new() { PerSecond = 150, KeptOneIn = 4 };

    /// <summary>In turn.</summary>
    public ImmutableArray<Fate> Fates { get; init; } = [Fate.Good, Fate.Bad, Fate.Aborted, Fate.Superseded, Fate.Good];

    /// <summary>Of the steps, in percent; none for a strategy that shows a version to nobody before all have it.</summary>
    public ImmutableArray<int> Weights { get; init; } = [];

    /// <summary>The load, its report, and the windows of the steps.</summary>
    public sealed record Result(LoadReport Report, ImmutableArray<StepWindow> Steps, IReadOnlyList<Release> History);

    public async Task<Result> RunAsync(Shop shop, MortalController controller)
    {
        await shop.PushAsync("1.0.0");
        await Cluster.ApplyAsync(shop.Manifests("1.0.0")
            + Manifests.Delivery(shop.Namespace, "{name: shop}", "follow: {semver: {}}, interval: 2s", $"strategy: {Strategy}\n  progressDeadline: 60s\n  history: {{limit: 100}}"));
        await using var load = LoadGenerator.Start(await shop.AddressAsync(), Load);
        await Eventually.TrueAsync("adopted", async () => (await Cluster.HistoryAsync(shop.Namespace, "shop")).Count == 1, evidence: () => controller.Output);
        await using var watch = new RolloutWatch(Cluster, shop.Namespace, load);

        var (version, running) = (0, "1.0.0");
        for (var turn = 0; version < Rollouts; turn++)
        {
            var (fate, tag) = (Fates[turn % Fates.Length], Tag(++version));
            await shop.PushAsync(tag, crashes: fate is Fate.Bad);
            var last = fate is Fate.Superseded ? Tag(++version) : tag;
            await MeetAsync(shop, fate, tag, last, controller);
            running = await EndAsync(shop, fate, tag, last, running, controller);
            await ServesAsync(load, running, controller);
        }

        return new Result(await load.StopAsync(), watch.Steps, await Cluster.HistoryAsync(shop.Namespace, "shop"));
    }

    /// <summary>What must hold of every strategy.</summary>
    public void Judge(Shop shop, Result result, ITestOutputHelper output)
    {
        var shares = new StringBuilder();
        List<string> wrong = [];
        foreach (var window in result.Steps.Where(window => window.Step < Weights.Length))
        {
            var part = result.Report.Between(window.From, window.Until);
            var (pods, all) = Wish(Weights[window.Step], shop.Replicas);
            if (part.Share(window.Version) is not { } share)
            {
                continue;
            }

            var line = string.Create(CultureInfo.InvariantCulture, $"{window.Version} step {window.Step + 1}: {share:P1} of {part.Samples.Length} requests, wished {pods} of {all} pods");
            shares.AppendLine(line);
            if (Math.Abs((share * all) - pods) > 1)
            {
                wrong.Add(line);
            }
        }

        var outcomes = result.History.Skip(1).GroupBy(release => release.Status!.Outcome).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}: {group.Count()}");
        output.WriteLine($"{Name}: {result.History.Count - 1} rollouts ({string.Join(", ", outcomes)}): {result.Report}\n{shares}");
        Assert.Empty(result.Report.Dropped);
        Assert.Empty(wrong);
        Assert.True(Weights.IsEmpty || shares.Length > 0, $"{Name}: no step was seen for long enough");
    }

    /// <summary>Pods beside the stable ones for a share of the requests, and all of them (rollouts.md, mode R): at least one, and never more than was asked but for that.</summary>
    private static (int Pods, int All) Wish(int weight, int stable)
    {
        var pods = weight == 0 ? 0 : Math.Max(1, weight * stable / (100 - weight));
        return (pods, stable + pods);
    }

    private static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"1.0.{version}");

    // What a person or a registry does while the version rolls out.
    private async Task MeetAsync(Shop shop, Fate fate, string tag, string last, MortalController controller)
    {
        if (fate is Fate.Good or Fate.Bad)
        {
            return;
        }

        await ReleaseAsync(shop, tag, _ => true, "has begun", controller);
        if (fate is Fate.Superseded)
        {
            await shop.PushAsync(last);
        }
        else
        {
            var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            await Cluster.KubectlAsync("annotate", "delivery", "shop", "-n", shop.Namespace, "--overwrite", $"{ApiNames.AbortAnnotation}={now} by test");
        }
    }

    /// <returns>The version that runs from now on.</returns>
    private async Task<string> EndAsync(Shop shop, Fate fate, string tag, string last, string before, MortalController controller)
    {
        var outcome = (await ReleaseAsync(shop, tag, IsOver, "has ended", controller)).Status!.Outcome;
        Assert.Equal(fate switch { Fate.Good => "Succeeded", Fate.Superseded => "Superseded", _ => "RolledBack" }, outcome);
        if (fate is Fate.Superseded)
        {
            Assert.Equal("Succeeded", (await ReleaseAsync(shop, last, IsOver, "has ended", controller)).Status!.Outcome);
        }

        return fate is Fate.Good or Fate.Superseded ? last : before;
    }

    private static bool IsOver(Release release) => release.Status is { } status && History.Outcomes.IsFinal(status.Outcome);

    private Task<Release> ReleaseAsync(Shop shop, string tag, Func<Release, bool> holds, string what, MortalController controller) => Eventually.GetAsync(
        $"{tag} {what}",
        async () => (await Cluster.HistoryAsync(shop.Namespace, "shop")).LastOrDefault(release => release.Spec.Tag == tag && holds(release)),
        Patience,
        () => controller.Output);

    // The proxies follow the API server; once they have, nobody else answers.
    private static async Task ServesAsync(LoadGenerator load, string version, MortalController controller)
    {
        var span = TimeSpan.FromMilliseconds(500);
        await Eventually.TrueAsync(
            $"{version} alone serves",
            () =>
            {
                var now = load.Now;
                return Task.FromResult(load.Report.Between(now - span, now).Share(version) == 1);
            },
            evidence: () => $"{load.Report}\n{controller.Output}");
    }
}
