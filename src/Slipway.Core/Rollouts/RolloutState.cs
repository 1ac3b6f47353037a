using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Groups;
using Slipway.History;

namespace Slipway.Rollouts;

/// <summary>
/// Where the rollout of one Delivery stands. It is stored whole in <c>status.rollout</c> and, with the rest of the status, is the
/// planner's only memory. Which writes are allowed follows from the state alone.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "phase")]
[JsonDerivedType(typeof(Idle), nameof(Idle))]
[JsonDerivedType(typeof(Stepping), nameof(Stepping))]
[JsonDerivedType(typeof(Advancing), nameof(Advancing))]
[JsonDerivedType(typeof(Draining), nameof(Draining))]
[JsonDerivedType(typeof(Reverting), nameof(Reverting))]
[JsonDerivedType(typeof(Recording), nameof(Recording))]
[JsonDerivedType(typeof(Correcting), nameof(Correcting))]
[JsonDerivedType(typeof(Held), nameof(Held))]
public abstract record RolloutState
{
    // The hierarchy is closed: a state that the planner does not know must not exist.
    private RolloutState() { }

    /// <summary>The attempt that is under way in this state; null in those that have none.</summary>
    [JsonIgnore]
    public Attempt? Attempted => this switch
    {
        Stepping at => at.Attempt,
        Advancing at => at.Attempt,
        Draining at => at.Attempt,
        Reverting at => at.Attempt,
        Recording at => at.Attempt,
        _ => null,
    };

    /// <summary>What runs beside the stable workload in this state; null in those that have nothing there.</summary>
    [JsonIgnore]
    public Side? Beside => this switch
    {
        Stepping at => at.Side,
        Advancing at => at.Side,
        Draining at => at.Side,
        Reverting at => at.Side,
        _ => null,
    };

    /// <summary>
    /// Whether storing one instead of the other would change anything. Lists are compared by what they hold: a state that was read again from the
    /// API server is the same one.
    /// </summary>
    public static bool AreSame(RolloutState? one, RolloutState? other) =>
        one == other
        || (one is not null && other is not null && one.GetType() == other.GetType()
            && JsonSerializer.SerializeToUtf8Bytes(one, ApiJson.Default.RolloutState).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, ApiJson.Default.RolloutState)));

    /// <summary>Nothing is under way. No target is written to; a drift is noticed and becomes <see cref="Correcting"/> or <see cref="Held"/>.</summary>
    public sealed record Idle(Corrections? Corrections = null) : RolloutState;

    /// <summary>The new version runs beside the stable one, which is not touched, and takes the share of the requests that the step says.</summary>
    /// <param name="Step">Index into the plan's steps.</param>
    /// <param name="Deadline">The stage fails at this instant unless it is over, or <paramref name="HighWater"/> has risen since.</param>
    /// <param name="HighWater">Most pods that were prepared at once: progress is only what exceeds it.</param>
    /// <param name="Since">Holding: since when the step's share is in effect. The hold, and what is measured, counts from here.</param>
    /// <param name="BoxEnds">When the exposure ends, whatever happens: stored before the first request can come.</param>
    public sealed record Stepping(
        Attempt Attempt, int Step, Stage Stage, Side Side, DateTimeOffset Deadline, int? HighWater = null, DateTimeOffset? Since = null, DateTimeOffset? BoxEnds = null) : RolloutState
    {
        /// <summary>Of the present step, while it holds.</summary>
        public IReadOnlyList<CheckProgress>? Checks { get; init; }
    }

    /// <summary>The attempt's image is written to the targets of all waves up to <paramref name="Wave"/>, and is watched.</summary>
    /// <param name="Wave">0: the first target; 1: the targets that follow it.</param>
    /// <param name="Deadline">The wave fails at this instant unless it is healthy, or <paramref name="HighWater"/> has risen since.</param>
    /// <param name="HighWater">Most pods of the new version that were available at once: progress is only what exceeds it. Null until the
    /// image was seen on every target of the wave: from then on, another image there is somebody else's doing.</param>
    /// <param name="HealthySince">Since when the wave is healthy without a break: the hold counts from here.</param>
    /// <param name="FirstHealthy">When the wave was healthy for the first time: the hold and one progress deadline more are all the time
    /// there is from here, however often it breaks.</param>
    public sealed record Advancing(
        Attempt Attempt, int Wave, DateTimeOffset Deadline, int? HighWater = null, DateTimeOffset? HealthySince = null, DateTimeOffset? FirstHealthy = null) : RolloutState
    {
        /// <summary>What ran the new version beside the stable one. It goes on serving until the stable one has passed.</summary>
        public Side? Side { get; init; }

        /// <summary>Of the promotion, from when it was first healthy.</summary>
        public IReadOnlyList<CheckProgress>? Checks { get; init; }

        /// <summary>Who does not want to wait for the hold and the checks; null: nobody.</summary>
        public string? HurriedBy { get; init; }
    }

    /// <summary>
    /// The one way in which requests are taken from the side and it goes: first no more requests, then time for those under way, then
    /// its pods (I2).
    /// </summary>
    /// <param name="Attempt">Null: nobody knows how it came there.</param>
    /// <param name="Then">What comes when nothing of it is left.</param>
    /// <param name="Deadline">From here on it is said that it takes too long.</param>
    /// <param name="ClosedSince">Since when no request can reach it; null while one can.</param>
    public sealed record Draining(Attempt? Attempt, Side Side, RolloutState Then, DateTimeOffset Deadline, DateTimeOffset? ClosedSince = null) : RolloutState
    {
        /// <summary>A working version is drained only as fast as the stable side can take over; one that is broken at once.</summary>
        public bool Gently { get; init; }

        /// <summary>Its requests had time to end: it may go.</summary>
        public bool Removing { get; init; }
    }

    /// <summary>The attempt failed or was aborted; its previous image is written back to every target, and is watched.</summary>
    /// <param name="Deadline">The way back is given up at this instant unless it is done, or <paramref name="HighWater"/> has risen since.</param>
    /// <param name="HighWater">As of <see cref="Advancing"/>, of the previous version.</param>
    public sealed record Reverting(Attempt Attempt, string Reason, string Message, DateTimeOffset Deadline, int? HighWater = null) : RolloutState
    {
        /// <summary>How the attempt ends where it was no failure; null: RolledBack.</summary>
        public string? Outcome { get; init; }

        /// <summary>What comes then; null: what the reason asks for.</summary>
        public RolloutState? Then { get; init; }

        /// <summary>What still runs beside it and serves until the stable side is whole again.</summary>
        public Side? Side { get; init; }

        /// <summary>What had failed is measured again, to see whether the way back has helped.</summary>
        public IReadOnlyList<CheckProgress>? Checks { get; init; }
    }

    /// <summary>The attempt's outcome is decided and goes into its Release. Nothing new starts before the history has it.</summary>
    public sealed record Recording(Attempt Attempt, ReleaseStatus Result, RolloutState Then) : RolloutState;

    /// <summary>A target stopped running the current image through a tool's re-apply; the current image is written again.</summary>
    public sealed record Correcting(string By, DateTimeOffset Deadline, RolloutState Then) : RolloutState;

    /// <summary>Nothing starts and no target is written to until a person says so or, where the reason allows it, a newer candidate comes.</summary>
    /// <param name="Candidate">The candidate's digest when the hold began: another one is newer.</param>
    /// <param name="Pinned">A person had rolled back: no candidate ends it, however new (I17). A ManualRollback is always pinned.</param>
    public sealed record Held(
        string Reason, string Message, DateTimeOffset Since, string? Candidate = null, Corrections? Corrections = null, bool Pinned = false) : RolloutState;
}

/// <summary>How far a step is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Stage>))]
public enum Stage
{
    /// <summary>The pods of the step come up. No request that did not reach the side before reaches it now.</summary>
    Preparing,

    /// <summary>The step's share is written, and waited for until it is in effect.</summary>
    Shifting,

    /// <summary>The share is in effect; checks, approval and time decide.</summary>
    Holding,
}

/// <summary>How often a drift was put right in a row, and when last.</summary>
public sealed record Corrections(int Count, DateTimeOffset LastAt);

/// <summary>One attempt. Its Release's name and number are drawn when it starts, so a crash cannot draw them twice.</summary>
/// <param name="Cause">NewImage, Adopted or Rollback; what is tried again is a new image.</param>
/// <param name="Previous">What to go back to; null when nothing was known to be good.</param>
public sealed record Attempt(
    long Number, string Release, string Repository, string? Tag, string Digest, ReleasedImage? Previous, string Cause, string? By, DateTimeOffset StartedAt)
{
    /// <summary>When the image was built, where the policy goes by that.</summary>
    public DateTimeOffset? Built { get; init; }

    /// <summary>How it goes; null: the workload's own rolling update, and no checks.</summary>
    public RolloutPlan? Plan { get; init; }

    /// <summary>How far it is in a run of its group; null: it goes alone.</summary>
    public GroupProgress? Group { get; init; }

    /// <summary>What happened so far, oldest first.</summary>
    public IReadOnlyList<Transition>? Transitions { get; init; }

    /// <summary>What the steps that are over have measured.</summary>
    public IReadOnlyList<CheckResult>? Checks { get; init; }

    /// <summary>A person asked for it: what the source says does not overtake it, nor what comes after it (I17).</summary>
    [JsonIgnore]
    public bool IsByHand => Cause == Causes.Rollback;
}
