using Slipway.Views;

namespace Slipway.Tests.Dashboard;

/// <summary>Rows as the API has them. Each is the calm one with a change.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static DeliveryRow Calm(string ns = "prod", string name = "shop", string tag = "1.1.0") =>
        new(ns, name, "Idle", "True") { Current = new(tag, $"sha256:{tag}", 2), Candidate = new(tag, $"sha256:{tag}"), Reason = "UpToDate", Message = $"{tag} runs", Since = Noon };

    public static DeliveryRow Held(string reason, string name = "shop", string phase = "Idle") =>
        Calm(name: name) with { Phase = phase, Ready = "False", Reason = reason, Candidate = new("1.2.0", "sha256:120"), Held = new(reason, $"it is {reason}") };

    public static DeliveryRow Stepping(string name = "shop") =>
        Calm(name: name) with { Phase = "Stepping", Ready = "False", Reason = "Stepping", Candidate = new("1.2.0", "sha256:120"), Progress = new(3, "1.2.0", 2, 4, 25) };
}
