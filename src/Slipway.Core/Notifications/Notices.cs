using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Notifications;

/// <summary>Makes notifications of one write of a Delivery's status: of what the planner announces, and of a gate that waits for a person.</summary>
public static class Notices
{
    private static readonly ImmutableArray<NotificationEvent> Errors = [NotificationEvent.RollingBack, NotificationEvent.RolledBack, NotificationEvent.Failed];

    private static readonly ImmutableArray<NotificationEvent> Warnings =
        [NotificationEvent.Held, NotificationEvent.AwaitingApproval, NotificationEvent.CorrectingDrift, NotificationEvent.RequestRefused];

    /// <param name="before">With the status that was stored until now.</param>
    /// <param name="after">The one that is stored now.</param>
    public static ImmutableArray<Notification> Of(Delivery before, DeliveryStatus after, ImmutableArray<Announcement> announcements, DateTimeOffset at)
    {
        var said = announcements.Select(announcement => Of(before, after, EventOf(after, announcement), announcement.Reason, announcement.Message, at));
        return Waits(before.Status, after) is { } held
            ? [.. said, Of(before, after, NotificationEvent.AwaitingApproval, held.Reason, held.Message, at)]
            : [.. said];
    }

    // The message names the version and the step: another one is another question, the same one was asked already.
    private static HeldStatus? Waits(DeliveryStatus? before, DeliveryStatus after) =>
        after.Held is { Reason: Reasons.AwaitingApproval } held && before?.Held?.Message != held.Message ? held : null;

    private static NotificationEvent EventOf(DeliveryStatus after, Announcement announcement) => announcement.Reason switch
    {
        _ when after.Rollout is RolloutState.Held held && held.Reason == announcement.Reason => NotificationEvent.Held,
        Reasons.Started => NotificationEvent.Started,
        Reasons.Stepping => NotificationEvent.Stepping,
        Reasons.Advancing => NotificationEvent.Advancing,
        Reasons.Draining => NotificationEvent.Draining,
        Reasons.RollingBack => NotificationEvent.RollingBack,
        Reasons.CorrectingDrift => NotificationEvent.CorrectingDrift,
        Reasons.Adopted => NotificationEvent.Adopted,
        Reasons.Resumed => NotificationEvent.Resumed,
        Reasons.RequestRefused => NotificationEvent.RequestRefused,
        Outcomes.Succeeded => NotificationEvent.Succeeded,
        Outcomes.RolledBack => NotificationEvent.RolledBack,
        Outcomes.Failed => NotificationEvent.Failed,
        Outcomes.Superseded => NotificationEvent.Superseded,
        Outcomes.Exposed => NotificationEvent.Exposed,
        _ => NotificationEvent.Held,
    };

    private static Notification Of(Delivery delivery, DeliveryStatus after, NotificationEvent happened, string reason, string message, DateTimeOffset at)
    {
        var attempt = after.Rollout?.Attempted ?? delivery.Status?.Rollout?.Attempted;
        var (tag, digest) = attempt is not null ? (attempt.Tag, attempt.Digest)
            : happened == NotificationEvent.AwaitingApproval ? (after.Candidate?.Tag, after.Candidate?.Digest)
            : (after.Current?.Tag, after.Current?.Digest);
        var uid = delivery.Metadata.Uid ?? $"{delivery.Metadata.Namespace}/{delivery.Metadata.Name}";
        return new Notification
        {
            Id = IdOf($"{uid}\n{attempt?.Number}\n{digest}\n{happened}\n{reason}\n{message}"),
            Uid = uid,
            Namespace = delivery.Metadata.Namespace ?? "",
            Delivery = delivery.Metadata.Name,
            Labels = delivery.Metadata.Labels ?? ImmutableDictionary<string, string>.Empty,
            Event = happened,
            Severity = Errors.Contains(happened) ? NotificationSeverity.Error : Warnings.Contains(happened) ? NotificationSeverity.Warning : NotificationSeverity.Info,
            From = attempt is null ? after.Current?.Tag : attempt.Previous?.Tag,
            FromDigest = attempt is null ? after.Current?.Digest : attempt.Previous?.Digest,
            To = tag,
            Repository = attempt?.Repository,
            Digest = digest,
            Release = attempt?.Number,
            By = attempt?.By,
            Reason = after.Rollout switch
            {
                RolloutState.Recording { Result.Reason: { Length: > 0 } why } => why,
                RolloutState.Reverting back => back.Reason,
                _ => reason,
            },
            Message = BoundedText.Of(message, Notification.LongestMessage),
            At = at,
        };
    }

    private static string IdOf(string cause) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)))[..32];
}
