namespace Slipway.Api;

/// <summary>Names that appear on the wire, each in one place.</summary>
public static class ApiNames
{
    public const string Group = "slipway.dev";
    public const string Version = "v1alpha1";
    public const string ApiVersion = Group + "/" + Version;

    public const string DeliveryKind = "Delivery";
    public const string DeliveryPlural = "deliveries";
    public const string DeliveryShortName = "dlv";

    public const string ReleaseKind = "Release";
    public const string ReleasePlural = "releases";
    public const string ReleaseShortName = "rel";

    public const string FreezeKind = "Freeze";
    public const string FreezePlural = "freezes";
    public const string FreezeShortName = "frz";

    public const string ClusterCheckKind = "ClusterCheck";
    public const string ClusterCheckPlural = "clusterchecks";
    public const string ClusterCheckShortName = "cchk";

    public const string NotifierKind = "Notifier";
    public const string NotifierPlural = "notifiers";
    public const string NotifierShortName = "ntf";

    /// <summary>Owner of every field that Slipway applies.</summary>
    public const string FieldManager = "slipway";

    /// <summary>On a Release: the Delivery it belongs to, for label selectors.</summary>
    public const string DeliveryLabel = Group + "/delivery";

    /// <summary>On a workload: the number of the Release that last wrote its image.</summary>
    public const string ReleaseAnnotation = Group + "/release";

    /// <summary>On a workload: the version (tag) that the written digest stands for.</summary>
    public const string VersionAnnotation = Group + "/version";

    /// <summary>On a ClusterRole: its rules are the controller's too.</summary>
    public const string AggregationLabel = Group + "/aggregate-to-controller";

    // Requests of people. A command is an annotation whose value is new (an RFC 3339 instant, then the words of the command): the
    // controller acts on it once and remembers the value in status.handled, so a request is neither lost nor done twice. Each may tell who asked,
    // from where, and last, in as many words as there are, why: [from WHERE] [by WHO] [because WORDS].

    /// <summary>Look at the registry now. Value: <c>INSTANT</c>.</summary>
    public const string CheckAnnotation = Group + "/check";

    /// <summary>Try a rejected digest again, by default that of the candidate. Value: <c>INSTANT [digest DIGEST] [by WHO]</c>.</summary>
    public const string RetryAnnotation = Group + "/retry";

    /// <summary>Go back. Value: <c>INSTANT [to NUMBER] [by WHO]</c>; without a number, the last good Release before the current one.</summary>
    public const string RollbackAnnotation = Group + "/rollback";

    /// <summary>Leave a hold (drift, manual rollback) and follow the source again. Value: <c>INSTANT [by WHO]</c>.</summary>
    public const string ResumeAnnotation = Group + "/resume";

    /// <summary>Give the new version more: <c>INSTANT [all] [by WHO]</c> ends the present step, with <c>all</c> every one.</summary>
    public const string PromoteAnnotation = Group + "/promote";

    /// <summary>End the rollout and go back. Value: <c>INSTANT [by WHO]</c>.</summary>
    public const string AbortAnnotation = Group + "/abort";

    /// <summary>Say yes to what waits for it. Value: <c>INSTANT [digest DIGEST] [by WHO] [from WHERE]</c>.</summary>
    public const string ApproveAnnotation = Group + "/approve";

    /// <summary>Say no to it. Value: as <see cref="ApproveAnnotation"/>.</summary>
    public const string RejectAnnotation = Group + "/reject";

    /// <summary>On a Freeze: who made it.</summary>
    public const string ByAnnotation = Group + "/by";

    /// <summary>On what runs the new version beside the stable one, and on its pods: which side it is.</summary>
    public const string TrackLabel = Group + "/track";

    /// <summary>Finalizer of a Delivery: something may run beside its workload.</summary>
    public const string SideFinalizer = Group + "/side";

    /// <summary>Readiness gate of the canary's pods: while it is not True they take no requests.</summary>
    public const string ServingGate = Group + "/serving";
}
