using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Notifications;

/// <summary>
/// What a link allows whoever holds it: to answer one question about one version of one Delivery, until a time. It is sealed before it leaves, and is
/// worth nothing once the question is another one.
/// </summary>
/// <param name="Uid">Of the Delivery: one that is made anew under the same name asks anew.</param>
/// <param name="Question">Fingerprint of what was asked; a later step asks something else.</param>
/// <param name="Notifier">NAMESPACE/NAME of the one that told it, for the history.</param>
public sealed record ApprovalLink(string Namespace, string Delivery, string Uid, string Digest, string Question, string Notifier, DateTimeOffset Until)
{
    private const char Between = '\n';

    /// <summary>The question that a Delivery asks a person now; null where it asks none.</summary>
    public static string? QuestionOf(DeliveryStatus? status) => status?.Held is { Reason: Reasons.AwaitingApproval } held ? Fingerprint(held.Message) : null;

    /// <param name="notification">That somebody is waited for.</param>
    public static ApprovalLink Of(Notification notification, string notifier, DateTimeOffset until) => new(
        notification.Namespace, notification.Delivery, notification.Uid, notification.Digest ?? "", Fingerprint(notification.Message), notifier, Instant.Of(until));

    /// <summary>Why it answers nothing any more; null where the Delivery still asks what it asked.</summary>
    /// <param name="delivery">As it is now; null where there is none.</param>
    public string? WhyNot(Delivery? delivery, DateTimeOffset now) => delivery switch
    {
        _ when now > Until => $"it was good until {Instant.Write(Until)}",
        null => "the Delivery is gone",
        _ when delivery.Metadata.Uid != Uid => "the Delivery was made anew since",
        _ when QuestionOf(delivery.Status) != Question || PeoplesDecision.Asked(delivery.Status)?.Digest != Digest => "the Delivery asks this no more: it was decided, or another version has come",
        _ => null,
    };

    public byte[] Write() => Encoding.UTF8.GetBytes(string.Join(Between, Namespace, Delivery, Uid, Digest, Question, Notifier, Until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));

    /// <summary>Null where it was never one of ours.</summary>
    public static ApprovalLink? Read(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes).Split(Between) is [var ns, var delivery, var uid, var digest, var question, var notifier, var until]
        && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? new(ns, delivery, uid, digest, question, notifier, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;

    private static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(BoundedText.Of(text, Notification.LongestMessage))))[..16];
}
