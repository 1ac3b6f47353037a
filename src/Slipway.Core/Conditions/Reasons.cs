namespace Slipway.Conditions;

/// <summary>Every reason that appears in a condition, in <c>status.held</c>, in a Release or as an Event. docs/conditions.md says what to do about each.</summary>
public static class Reasons
{
    // The Delivery itself.

    /// <summary>Nothing to do: the candidate is current, or there is none.</summary>
    public const string UpToDate = nameof(UpToDate);

    /// <summary>A field of the spec cannot be read; nothing happens until it is edited.</summary>
    public const string InvalidSpec = nameof(InvalidSpec);

    /// <summary>Waiting for the workload to settle, to learn what version it runs.</summary>
    public const string Adopting = nameof(Adopting);

    /// <summary>The new version is being written and watched.</summary>
    public const string Advancing = nameof(Advancing);

    /// <summary>The new version runs beside the stable one.</summary>
    public const string Stepping = nameof(Stepping);

    /// <summary>Requests are taken from what runs beside the stable version, and then it goes.</summary>
    public const string Draining = nameof(Draining);

    /// <summary>It takes longer than it should: requests may still reach what is to go, so it stays.</summary>
    public const string DrainBlocked = nameof(DrainBlocked);

    /// <summary>The version before is being written back and watched.</summary>
    public const string RollingBack = nameof(RollingBack);

    /// <summary>The outcome is being written into the Release.</summary>
    public const string Recording = nameof(Recording);

    /// <summary>A tool re-applied another image; the current one is being written again.</summary>
    public const string CorrectingDrift = nameof(CorrectingDrift);

    // The source.

    public const string Found = nameof(Found);

    /// <summary>The registry was not asked yet.</summary>
    public const string NotLookedYet = nameof(NotLookedYet);

    /// <summary>The policy goes by build times, and not all of them were read yet.</summary>
    public const string ReadingBuildTimes = nameof(ReadingBuildTimes);

    /// <summary>The registry answered; no tag fits the policy.</summary>
    public const string NoMatch = nameof(NoMatch);

    // Publishing.

    /// <summary>The version stands where spec.publish says.</summary>
    public const string Published = nameof(Published);

    /// <summary>Somebody else owns the key; it is not taken from them.</summary>
    public const string PublishConflict = nameof(PublishConflict);

    /// <summary>The API server did not take the version; the message is its answer.</summary>
    public const string PublishFailed = nameof(PublishFailed);

    // Why nothing starts (status.held).

    public const string Suspended = nameof(Suspended);

    /// <summary>A Freeze is in force.</summary>
    public const string Frozen = nameof(Frozen);

    /// <summary>The time is not one of spec.windows.</summary>
    public const string OutsideWindow = nameof(OutsideWindow);

    /// <summary>Another Delivery (spec.after) has not run the candidate well for long enough.</summary>
    public const string AwaitingDelivery = nameof(AwaitingDelivery);

    /// <summary>Deliveries wait for each other in a circle (spec.after).</summary>
    public const string CircularAfter = nameof(CircularAfter);

    /// <summary>As many rollouts are under way as the configuration allows.</summary>
    public const string TooManyRollouts = nameof(TooManyRollouts);

    /// <summary>It says to the others of its group that it comes, before it does.</summary>
    public const string JoiningGroup = nameof(JoiningGroup);

    /// <summary>It could start, or switch, and waits for the others of its group.</summary>
    public const string AwaitingGroup = nameof(AwaitingGroup);

    /// <summary>The group is in the middle of a run without it; it comes with the next one.</summary>
    public const string GroupBusy = nameof(GroupBusy);

    /// <summary>Another member of the group failed: this one goes back, or does not start without it.</summary>
    public const string GroupFailed = nameof(GroupFailed);

    /// <summary>A person said no to the candidate.</summary>
    public const string RejectedByPerson = nameof(RejectedByPerson);

    /// <summary>The candidate failed under these very terms.</summary>
    public const string Rejected = nameof(Rejected);

    /// <summary>The policy's pick is older than what runs; a version is never lowered because a tag vanished.</summary>
    public const string Downgrade = nameof(Downgrade);

    /// <summary>The image has no variant for a node that its pods may land on.</summary>
    public const string PlatformMismatch = nameof(PlatformMismatch);

    /// <summary>A check is made from a ClusterCheck that is missing, is wrong, or is not given what it asks for.</summary>
    public const string CheckUnusable = nameof(CheckUnusable);

    /// <summary>The signatures that are required are being looked for.</summary>
    public const string SignaturePending = nameof(SignaturePending);

    /// <summary>A signature is required, and there is none.</summary>
    public const string SignatureMissing = nameof(SignatureMissing);

    /// <summary>There are signatures, none of them by a key that is accepted; or what was signed was changed.</summary>
    public const string SignatureInvalid = nameof(SignatureInvalid);

    /// <summary>The signature is a good one, of another image.</summary>
    public const string SignatureForOtherDigest = nameof(SignatureForOtherDigest);

    /// <summary>The signature is a good one, and names another repository.</summary>
    public const string SignatureForOtherRepository = nameof(SignatureForOtherRepository);

    /// <summary>The signature is a good one, and names another tag.</summary>
    public const string SignatureForOtherTag = nameof(SignatureForOtherTag);

    /// <summary>There is something in the place of a signature that is none: damaged, too large, not of its digest.</summary>
    public const string SignatureUnreadable = nameof(SignatureUnreadable);

    /// <summary>An attestation is required, and none of that type was signed by a key that is accepted.</summary>
    public const string AttestationMissing = nameof(AttestationMissing);

    /// <summary>A key that verifies cannot be read, or is none.</summary>
    public const string KeyUnusable = nameof(KeyUnusable);

    /// <summary>Whether the image is signed cannot be found out at present; it is tried again.</summary>
    public const string VerificationUnavailable = nameof(VerificationUnavailable);

    /// <summary>The candidate was first seen less than minimumAge ago.</summary>
    public const string TooYoung = nameof(TooYoung);

    /// <summary>A Job of the version before is still running.</summary>
    public const string TargetBusy = nameof(TargetBusy);

    /// <summary>A person must say yes.</summary>
    public const string AwaitingApproval = nameof(AwaitingApproval);

    /// <summary>The checks of a step cannot tell good from bad.</summary>
    public const string Inconclusive = nameof(Inconclusive);

    /// <summary>One pod is more than twice the weight that was asked for.</summary>
    public const string TooCoarse = nameof(TooCoarse);

    /// <summary>A person changed the image by hand.</summary>
    public const string Drifted = nameof(Drifted);

    /// <summary>A tool keeps writing another image as often as it is put right.</summary>
    public const string Contested = nameof(Contested);

    /// <summary>A person rolled back; nothing starts until <c>resume</c>.</summary>
    public const string ManualRollback = nameof(ManualRollback);

    /// <summary>The rollout failed, and spec.rollback is Never.</summary>
    public const string RollbackDisabled = nameof(RollbackDisabled);

    /// <summary>The rollout failed, and no version is known to be good.</summary>
    public const string NothingToRollBackTo = nameof(NothingToRollBackTo);

    // How an attempt ended (beside the reasons of pods and workloads, such as ImagePullBackOff).

    public const string ProgressDeadlineExceeded = nameof(ProgressDeadlineExceeded);

    /// <summary>A check said that the new version is bad.</summary>
    public const string CheckFailed = nameof(CheckFailed);

    /// <summary>In the time that there was, nothing told whether the new version is good.</summary>
    public const string NoEvidence = nameof(NoEvidence);

    /// <summary>The router did not bring the step's share into effect.</summary>
    public const string TrafficNotShifted = nameof(TrafficNotShifted);

    /// <summary>Nobody said yes in time.</summary>
    public const string ApprovalExpired = nameof(ApprovalExpired);

    /// <summary>The time box of a step is over.</summary>
    public const string ExposureEnded = nameof(ExposureEnded);

    /// <summary>A person ended it with <c>abort</c>.</summary>
    public const string Stopped = nameof(Stopped);

    /// <summary>A newer candidate came before this one had passed.</summary>
    public const string Superseded = nameof(Superseded);

    /// <summary>The moving tag went back before this one had passed.</summary>
    public const string Withdrawn = nameof(Withdrawn);

    /// <summary>The version before was written back and did not become healthy either: the cause lies elsewhere.</summary>
    public const string RollbackIneffective = nameof(RollbackIneffective);

    /// <summary>A person ended it with <c>rollback</c>.</summary>
    public const string Aborted = nameof(Aborted);

    /// <summary>The status of the Delivery was lost while the attempt was under way; the history gave it an end.</summary>
    public const string StatusLost = nameof(StatusLost);

    // A Notifier.

    /// <summary>It can be read, and nothing went wrong with the last message.</summary>
    public const string Listening = nameof(Listening);

    /// <summary>The last message could not be told; it is tried again.</summary>
    public const string NotDelivered = nameof(NotDelivered);

    // Events only.

    public const string Started = nameof(Started);
    public const string Succeeded = nameof(Succeeded);
    public const string RolledBack = nameof(RolledBack);
    public const string Adopted = nameof(Adopted);
    public const string Resumed = nameof(Resumed);
    public const string RequestRefused = nameof(RequestRefused);

    /// <summary>On a workload: an annotation that asks for a Delivery cannot be read.</summary>
    public const string InvalidAnnotation = nameof(InvalidAnnotation);

    /// <summary>On a workload: its annotations ask for a Delivery whose name is taken.</summary>
    public const string DeliveryExists = nameof(DeliveryExists);
}
