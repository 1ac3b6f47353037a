namespace Slipway.Notifications;

/// <summary>Addresses that stand in messages, where a person can see more or answer.</summary>
/// <param name="address">Of the controller, as browsers reach it.</param>
/// <param name="seal">Makes of a link a text that only this controller can have made.</param>
public sealed class PeoplesLinks(Uri address, Func<byte[], string> seal)
{
    /// <summary>Where links lead, before what is sealed.</summary>
    public const string ApprovePath = "/approve/";

    /// <summary>A night and a day: who is asked on a Friday evening answers at the command line.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The notification with the address that belongs to it.</summary>
    public Notification Linked(Notification notification, NotifierTerms terms) => notification with
    {
        Link = terms.Spec.ApprovalLinks == true && notification is { Event: NotificationEvent.AwaitingApproval, Digest: not null }
            ? $"{Origin}{ApprovePath}{seal(ApprovalLink.Of(notification, $"{terms.Namespace}/{terms.Name}", notification.At + Lifetime).Write())}"
            : $"{Origin}/dashboard/namespaces/{notification.Namespace}/deliveries/{notification.Delivery}",
    };

    private string Origin => address.GetLeftPart(UriPartial.Authority);
}
