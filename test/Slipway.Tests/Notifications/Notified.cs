using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;
using Slipway.Notifications;

namespace Slipway.Tests.Notifications;

/// <summary>A version that was rolled back, and Notifiers to tell it.</summary>
internal static class Notified
{
    public const string Secret = "https://hooks.example.com/T000/B000/canary-5ec7e7";

    public static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static Notification RolledBack => new()
    {
        Id = "0123456789abcdef0123456789abcdef",
        Uid = "6f1c",
        Namespace = "prod",
        Delivery = "shop",
        Labels = ImmutableDictionary<string, string>.Empty.Add("team", "cart"),
        Event = NotificationEvent.RolledBack,
        Severity = NotificationSeverity.Error,
        From = "1.4.1",
        FromDigest = $"sha256:{new string('b', 64)}",
        To = "1.4.2",
        Repository = "registry.example.com/acme/shop",
        Digest = $"sha256:{new string('a', 64)}",
        Release = 7,
        By = "alice",
        Reason = "CheckFailed",
        Message = "release 7: errors <b>&</b> more: 3 of 3 measurements failed",
        At = At,
        Link = "https://slipway.example.com/prod/shop",
    };

    public static Notification Succeeded => RolledBack with { Event = NotificationEvent.Succeeded, Severity = NotificationSeverity.Info, Reason = "Succeeded", Message = "release 7: healthy for 30s", Link = null, By = null };

    public static Notifier Notifier(string spec, string ns = "prod", string name = "chat", long generation = 1) => new()
    {
        Metadata = new ObjectMeta { Namespace = ns, Name = name, Generation = generation },
        Spec = JsonSerializer.Deserialize(spec, ApiJson.Default.Notifier.Options.GetTypeInfo(typeof(NotifierSpec))) as NotifierSpec,
    };

    public static NotifierTerms Terms(string spec, string ns = "prod", string? home = "slipway") => NotifierTerms.Read(Notifier(spec, ns), home);
}
