using Slipway.Checks;

namespace Slipway.Api;

/// <summary>One attempt to deploy, and how it ended. The Releases of a Delivery are its history.</summary>
public sealed record Release
{
    public string ApiVersion { get; init; } = ApiNames.ApiVersion;

    public string Kind { get; init; } = ApiNames.ReleaseKind;

    public ObjectMeta Metadata { get; init; } = new();

    public ReleaseSpec Spec { get; init; } = new();

    public ReleaseStatus? Status { get; init; }
}

/// <summary>What the API server answers to a list of Releases.</summary>
public sealed record ReleaseList(ListMeta? Metadata, IReadOnlyList<Release>? Items, string ApiVersion = ApiNames.ApiVersion, string Kind = "ReleaseList");

/// <summary>What was attempted: written once, when the attempt starts.</summary>
public sealed record ReleaseSpec
{
    public string Delivery { get; init; } = "";

    public long Number { get; init; }

    public string Repository { get; init; } = "";

    public string? Tag { get; init; }

    public string Digest { get; init; } = "";

    /// <summary>What ran before and is gone back to; absent when nothing was known to be good.</summary>
    public ReleasedImage? Previous { get; init; }

    /// <summary>NewImage, Adopted or Rollback; what is tried again is a new image.</summary>
    public string Cause { get; init; } = "";

    /// <summary>Who asked, where a person did.</summary>
    public string? By { get; init; }

    public DateTimeOffset StartedAt { get; init; }
}

/// <summary>How it ended.</summary>
public sealed record ReleaseStatus
{
    /// <summary>Running, Succeeded, RolledBack, Failed, Superseded or Exposed.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>CamelCase, for machines.</summary>
    public string? Reason { get; init; }

    /// <summary>A sentence, for people.</summary>
    public string? Message { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What happened on the way, oldest first; bounded.</summary>
    public IReadOnlyList<Transition>? Transitions { get; init; }

    /// <summary>What was measured, check by check and step by step; bounded.</summary>
    public IReadOnlyList<CheckResult>? Checks { get; init; }
}

/// <summary>One move of a rollout: written before its effect can be seen.</summary>
/// <param name="Ordinal">1, 2, 3, … within the attempt; the first of many are let go in time.</param>
/// <param name="What">CamelCase, for machines: StepStarted, Promoting, Draining, ….</param>
public sealed record Transition(int Ordinal, DateTimeOffset At, string What, string Message, string? By = null);

/// <summary>An image that a Release brought, or that was found running when Slipway took over.</summary>
/// <param name="Release">Number of the Release that brought it.</param>
/// <param name="Adopted">Found running and left as it was written: a bare tag on the workload then counts as this image.</param>
public sealed record ReleasedImage(string? Tag, string Digest, long Release, bool Adopted = false)
{
    /// <summary>When it was built, where that is known: by it an older build is told from a newer one after its tag has vanished.</summary>
    public DateTimeOffset? Built { get; init; }
}
