namespace Slipway.Notifications.Formats;

/// <summary>What an event means to who is woken. One Delivery has at most one incident; it is over when a version runs again.</summary>
internal static class Incident
{
    /// <summary>The same for all of a Delivery.</summary>
    public static string Key(Notification notification) => $"slipway/{notification.Uid}";

    /// <summary>Whether it opens or feeds the incident; false: it ends it; null: it has nothing to do with one.</summary>
    public static bool? Opens(Notification notification) => notification.Event switch
    {
        NotificationEvent.Succeeded or NotificationEvent.Adopted => false,
        _ when notification.Severity > NotificationSeverity.Info => true,
        _ => null,
    };
}
