using Slipway.Api;
using Slipway.History;
using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Tests.Rollouts;

/// <summary>
/// The canonical Delivery of the planner's tables: Deployment shop, of which 1.0.0 is current and healthy. A test changes with <c>with</c>,
/// or with one of the short words below, only what its sentence is about.
/// </summary>
internal static class Shop
{
    public const string Repository = "ghcr.io/acme/shop";

    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    public static readonly Version Old = new("1.0.0", "sha256:100");
    public static readonly Version New = new("1.1.0", "sha256:110");
    public static readonly Version Newer = new("1.2.0", "sha256:120");

    /// <summary>Release 2, from 1.0.0 to 1.1.0.</summary>
    public static readonly Attempt Second = new(
        2, ReleaseName.For("shop", "uid-1", 2, New.Digest), Repository, New.Tag, New.Digest, Old.By(release: 1), Causes.NewImage, By: null, Noon);

    /// <summary>Nothing to do: 1.0.0 is what the source has, what is current and what runs.</summary>
    public static readonly DeliverySnapshot Settled = new DeliverySnapshot
    {
        Namespace = "prod",
        Name = "shop",
        Uid = "uid-1",
        Generation = 3,
        CreatedAt = Noon.AddDays(-7),
        Terms = new RolloutTerms { Repository = Repository, Fingerprint = "v1:a", CompareTags = (a, b) => string.CompareOrdinal(a, b) },
        Status = new DeliveryStatus { Current = Old.By(release: 1), LastRelease = 1 },
        Targets = [Target("shop", Old)],
        History = [Old.Release(1, Outcomes.Succeeded)],
        Now = Noon,
    }.Seeing(Old);

    /// <summary>Release 2 has begun: 1.1.0 is to be written.</summary>
    public static readonly DeliverySnapshot JustStarted = Started(Second, new Advancing(Second, Wave: 0, Noon + Deadline)).Seeing(New);

    /// <summary>1.1.0 is in the template, and two of its three pods are available.</summary>
    public static readonly DeliverySnapshot HalfWay = JustStarted
        .In(new Advancing(Second, Wave: 0, Noon + Deadline, HighWater: 2)).Running(New, new Health.Progressing("2 of 3 pods", 2));

    /// <summary>1.1.0 crashed, and 1.0.0 is written back.</summary>
    public static readonly DeliverySnapshot GoingBack = JustStarted
        .In(new Reverting(Second, "CrashLoopBackOff", "pod shop-1: exit 1", Noon + Deadline))
        .Running(New, new Health.Failing("CrashLoopBackOff", "pod shop-1: exit 1"))
        .Rejecting(New);

    public static readonly ReleaseStatus Failure =
        new() { Outcome = Outcomes.Failed, Reason = "CrashLoopBackOff", Message = "pod shop-1: exit 1", FinishedAt = Noon };

    /// <summary>Before anything is known of the Delivery but its spec.</summary>
    public static readonly DeliverySnapshot Fresh = (Settled with
    {
        Status = new DeliveryStatus(),
        History = [],
        CreatedAt = Noon,
    }).Running(Old, author: ImageWriter.Declarative, managed: false);

    internal sealed record Version(string Tag, string Digest)
    {
        public ReleasedImage By(long release, bool adopted = false) => new(Tag, Digest, release, adopted);

        public ReleaseRecord Release(long number, string outcome) =>
            new(ReleaseName.For("shop", "uid-1", number, Digest), $"uid-of-{number}", number, Tag, Digest, outcome, Noon.AddHours(number - 100));

        public Sighting.Seen Seen() => new(Tag, Digest, $"{Tag} is the highest", PlatformSet.Unknown);

        public Rejection Rejected(string terms = "v1:a", long release = 2) => new(Tag, Digest, release, "CrashLoopBackOff", "exit 1", terms);
    }

    public static WorkloadKey Key(string name) => new("Deployment", "prod", name);

    /// <summary>As Slipway wrote it, with three pods.</summary>
    public static TargetSnapshot Target(string name, Version version, Health? health = null) =>
        new(Key(name), [Image(version)], health ?? new Health.Healthy(3)) { Managed = true };

    public static RunningImage Image(Version version, ImageWriter author = ImageWriter.Ours, bool bare = false, string container = "web") =>
        new(container, InRepository: true, version.Tag, bare ? null : version.Digest, author, author switch
        {
            ImageWriter.Ours => "slipway",
            ImageWriter.Person => "kubectl set (field manager kubectl-set)",
            _ => "field manager argocd-controller",
        });

    public static DeliverySnapshot Started(Attempt attempt, RolloutState state) => Settled with
    {
        Status = Settled.Status with { Rollout = state, LastRelease = attempt.Number },
        History = [.. Settled.History, new ReleaseRecord(attempt.Release, "uid-of-2", attempt.Number, attempt.Tag, attempt.Digest, Outcomes.Running, attempt.StartedAt)],
    };

    public static DeliverySnapshot In(this DeliverySnapshot now, RolloutState state) => now with { Status = now.Status with { Rollout = state } };

    /// <summary>The registry's word, known for an hour.</summary>
    public static DeliverySnapshot Seeing(this DeliverySnapshot now, Version version) => now with
    {
        Sighting = version.Seen(),
        Status = now.Status with { Candidate = new(version.Tag, version.Digest, Noon.AddHours(-1), version.Seen().Why) },
    };

    /// <summary>Every target has this image.</summary>
    public static DeliverySnapshot Running(
        this DeliverySnapshot now, Version version, Health? health = null, ImageWriter author = ImageWriter.Ours, bool bare = false, bool managed = true) => now with
        {
            Targets = [.. now.Targets.Select(target => target with { Images = [Image(version, author, bare || author != ImageWriter.Ours)], Health = health ?? new Health.Healthy(3), Managed = managed })],
        };

    /// <summary>Only this target has this image; it is added where it is not there.</summary>
    public static DeliverySnapshot WithTarget(this DeliverySnapshot now, TargetSnapshot target) => now with
    {
        Targets = now.Targets.Any(other => other.Key == target.Key) ? [.. now.Targets.Select(other => other.Key == target.Key ? target : other)] : [.. now.Targets, target],
    };

    public static DeliverySnapshot After(this DeliverySnapshot now, TimeSpan time) => now with { Now = now.Now + time };

    public static DeliverySnapshot Rejecting(this DeliverySnapshot now, params Version[] versions) =>
        now with { Status = now.Status with { Rejected = [.. versions.Select(version => version.Rejected())] } };

    public static DeliverySnapshot Suspended(this DeliverySnapshot now) => now with { Terms = now.Terms with { Suspended = true } };

    public static DeliverySnapshot Asking(this DeliverySnapshot now, string? rollback = null, string? retry = null, string? resume = null, string? check = null) =>
        now with { Requests = new(check, retry, rollback, resume) };

    public static DeliverySnapshot WithHistory(this DeliverySnapshot now, params ReleaseRecord[] releases) => now with { History = [.. releases] };

    public static DeliveryPlan Plan(this DeliverySnapshot now) => DeliveryPlanner.Plan(now);

    public static RolloutState State(this DeliveryPlan plan) => plan.Status.Rollout ?? new Idle();

    /// <summary>The state after this pass, which must be a <typeparamref name="T"/>.</summary>
    public static T Next<T>(this DeliverySnapshot now) where T : RolloutState => Assert.IsType<T>(now.Plan().State());

    /// <summary>This pass leaves the state where it is.</summary>
    public static void Stays(this DeliverySnapshot now) => Assert.Equal(now.State, now.Plan().State());

    public static Condition? Condition(this DeliveryPlan plan, string type) => plan.Status.Conditions!.SingleOrDefault(condition => condition.Type == type);

    /// <summary>The same world, with what this pass wants stored as what is stored.</summary>
    public static DeliverySnapshot Stored(this DeliverySnapshot now) => now with { Status = now.Plan().Status };
}
