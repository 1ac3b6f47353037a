using System.Globalization;
using Slipway.Api;
using Slipway.Checks;
using Slipway.History;
using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Bench;

/// <summary>One decision: from a snapshot to a plan.</summary>
internal static class PlannerBench
{
    private const string Old = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string New = "sha256:2222222222222222222222222222222222222222222222222222222222222222";
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Benchmark> All =>
    [
        Row("plan: nothing to do", targets => Settled(targets, history: 50)),
        Row("plan: a rollout is watched", targets => Watched(targets, history: 50)),
        new("plan: a canary step holds, 3 checks", () =>
        {
            var step = Stepping();
            var time = Measure.Seconds(() => DeliveryPlanner.Plan(step));
            return new Figure(Report.Rate(1 / time, "plans"), "", null, string.Create(CultureInfo.InvariantCulture, $"{Report.Duration(time)} and {Measure.Allocated(() => DeliveryPlanner.Plan(step))} bytes each"));
        }),
        new("plan: 10,000 Deliveries with nothing to do", () =>
        {
            var all = Enumerable.Range(0, 10_000).Select(_ => Settled(1, history: 50)).ToArray();
            var time = Measure.Seconds(() => PlanAll(all));
            return new Figure(Report.Duration(time), "", null, string.Create(CultureInfo.InvariantCulture, $"one core, one pass each; {Measure.Allocated(() => PlanAll(all)) / all.Length} bytes each"));
        }),
    ];

    private static DeliverySnapshot[] PlanAll(DeliverySnapshot[] all)
    {
        foreach (var delivery in all)
        {
            DeliveryPlanner.Plan(delivery);
        }

        return all;
    }

    private static DeliverySnapshot Stepping()
    {
        var shop = Shop(1, 50, "1.0.0", Old, new Health.Healthy(10));
        var plan = new RolloutPlan { Strategy = StrategyKind.Canary, Steps = [new PlanStep(10) { Hold = TimeSpan.FromHours(1) }, new PlanStep(50)] };
        CheckPlan[] checks = [.. Enumerable.Range(0, 3).Select(index => new CheckPlan { Name = $"check-{index}" })];
        var now = shop with
        {
            Terms = shop.Terms with { Plan = plan },
            Checks = checks,
            Targets = [shop.Targets[0] with { Replicas = 10, Available = 10 }],
            Sighting = new Sighting.Seen("1.1.0", New, "1.1.0 is the highest", PlatformSet.Unknown),
        };
        now = AtRest(now) with { Side = new SideSnapshot("shop-0", New, 1, 1, 0, new Health.Healthy(1)) };
        now = AtRest(now) with { Side = new SideSnapshot("shop-0", New, 1, 1, 1, new Health.Healthy(1)) { Open = 1 } };
        now = AtRest(now);
        return AtRest(now with { Now = now.Now.AddSeconds(5) });
    }

    private static Benchmark Row(string what, Func<int, DeliverySnapshot> snapshot) => new($"{what}, 1 target, 50 Releases", () =>
    {
        var (one, ten) = (snapshot(1), snapshot(10));
        var (time, ofTen) = (Measure.Seconds(() => DeliveryPlanner.Plan(one)), Measure.Seconds(() => DeliveryPlanner.Plan(ten)));
        return new Figure(
            Report.Rate(1 / time, "plans"), "", null, string.Create(CultureInfo.InvariantCulture, $"{Report.Duration(time)} each; ten targets: × {ofTen / time:0.0}"));
    });

    private static DeliverySnapshot Settled(int targets, int history) => AtRest(Shop(targets, history, "1.0.0", Old, new Health.Healthy(3)));

    private static DeliverySnapshot Watched(int targets, int history)
    {
        var shop = Shop(targets, history, "1.1.0", New, new Health.Progressing("2 of 3 pods are available", 2));
        var attempt = new Attempt(
            history + 1, ReleaseName.For("shop", "uid", history + 1, New), shop.Terms.Repository, "1.1.0", New, shop.Status.Current, Causes.NewImage, By: null, Noon);
        var advancing = new RolloutState.Advancing(attempt, Wave: targets > 1 ? 1 : 0, Noon.AddMinutes(10), HighWater: 2 * targets);
        return AtRest(shop with
        {
            Status = shop.Status with { Rollout = advancing, LastRelease = attempt.Number },
            Sighting = new Sighting.Seen("1.1.0", New, "1.1.0 is the highest", PlatformSet.Unknown),
        });
    }

    /// <summary>With the status that the planner leaves as it is: a pass that moves something is the rare one.</summary>
    private static DeliverySnapshot AtRest(DeliverySnapshot snapshot)
    {
        for (var pass = 0; pass < 5; pass++)
        {
            var status = DeliveryPlanner.Plan(snapshot).Status;
            if (status.SameAs(snapshot.Status))
            {
                return snapshot;
            }

            snapshot = snapshot with { Status = status };
        }

        throw new InvalidOperationException($"the planner does not come to rest: {snapshot.Status}");
    }

    private static DeliverySnapshot Shop(int targets, int history, string tag, string digest, Health health) => new()
    {
        Namespace = "prod",
        Name = "shop",
        Uid = "uid",
        Generation = 1,
        CreatedAt = Noon.AddDays(-7),
        Terms = new RolloutTerms { Repository = "ghcr.io/acme/shop", Fingerprint = "v1:0", CompareTags = (left, right) => string.CompareOrdinal(left, right) },
        Status = new DeliveryStatus { ObservedGeneration = 1, Current = new ReleasedImage("1.0.0", Old, history), LastRelease = history },
        Sighting = new Sighting.Seen("1.0.0", Old, "1.0.0 is the highest", PlatformSet.Unknown),
        Targets =
        [
            .. Enumerable.Range(0, targets).Select(index => new TargetSnapshot(
                new WorkloadKey("Deployment", "prod", $"shop-{index}"), [new RunningImage("web", InRepository: true, tag, digest, ImageWriter.Ours, "slipway")], health)
            {
                Managed = true,
            }),
        ],
        History =
        [
            .. Enumerable.Range(1, history).Select(number => new ReleaseRecord(
                ReleaseName.For("shop", "uid", number, Old), $"uid-{number}", number, "1.0.0", Old, Outcomes.Succeeded, Noon.AddHours(number - history))),
        ],
        Now = Noon.AddSeconds(10),
    };
}
