using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Webhooks.Receivers;
using Slipway.Workloads;

namespace Slipway.Notifications;

/// <summary>Which notifications a Notifier wants. All of it must hold.</summary>
/// <param name="Namespaces">Patterns of names; at least one.</param>
/// <param name="Deliveries">Their labels; null: all.</param>
public sealed record Route(ImmutableArray<NotificationEvent> Events, NotificationSeverity Least, ImmutableArray<NameGlob> Namespaces, LabelSelector? Deliveries)
{
    /// <summary>What is told where nobody chose: the beginning, the end, and what needs a person; not each step.</summary>
    public static readonly ImmutableArray<NotificationEvent> Usual =
        [.. Enum.GetValues<NotificationEvent>().Except([NotificationEvent.Stepping, NotificationEvent.Advancing, NotificationEvent.Draining])];

    /// <summary>What ends an incident is told whatever its severity: else nobody would close it.</summary>
    public bool EndsIncidents { get; init; }

    public bool Wants(Notification notification) =>
        Events.Contains(notification.Event)
        && (notification.Severity >= Least || (EndsIncidents && Formats.Incident.Opens(notification) == false))
        && Namespaces.Any(glob => glob.Matches(notification.Namespace))
        && (Deliveries is null || LabelSelectors.Matches(Deliveries, notification.Labels));
}
