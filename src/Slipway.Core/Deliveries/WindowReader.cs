using System.Text.RegularExpressions;
using Slipway.Api;
using Slipway.Images;
using Slipway.Schedules;

namespace Slipway.Deliveries;

/// <summary>Makes windows of <c>spec.windows</c>, or says which field cannot be read.</summary>
internal sealed partial class WindowReader(Action<SpecProblem?> found)
{
    private const int MostWindows = 50;

    // A window of years would be none.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    public WindowSet Read(IReadOnlyList<ReleaseWindow>? windows)
    {
        if (windows is not { Count: > 0 })
        {
            return WindowSet.Always;
        }

        found(windows.Count > MostWindows ? new("spec.windows", $"{windows.Count} windows are more than {MostWindows}; say them with fewer schedules") : null);
        var (allowing, denying) = (new List<Window>(), new List<Window>());
        for (var index = 0; index < Math.Min(windows.Count, MostWindows); index++)
        {
            var (field, window) = ($"spec.windows[{index}]", windows[index]);
            found(window.Kind is null or "" or "Allow" or "Deny" ? null : new($"{field}.kind", $"{UntrustedText.Quote(window.Kind)} is not one of Allow, Deny"));
            if (One(field, window) is { } read)
            {
                (window.Kind == "Deny" ? denying : allowing).Add(read);
            }
        }

        return new WindowSet(allowing, denying);
    }

    private Window? One(string field, ReleaseWindow window)
    {
        found(CronSchedule.TryParse(window.Schedule, out var schedule, out var problem) ? null : new($"{field}.schedule", problem));
        var (readable, duration) = (DurationText.TryParse(window.Duration, out var length), length);
        found(!readable ? new($"{field}.duration", $"{UntrustedText.Quote(window.Duration ?? "")} is no duration; write for example 8h")
            : duration < TimeSpan.FromMinutes(1) || duration > Longest ? new($"{field}.duration", $"{UntrustedText.Quote(window.Duration!)} is not between 1m and {Longest.TotalHours:0}h") : null);
        var zone = Zone($"{field}.timeZone", window.TimeZone);
        return schedule is null || !readable || zone is null ? null : new Window(field, schedule, duration, zone);
    }

    // The rules of time zones are data of the platform, as is its knowledge of letters.
    private TimeZoneInfo? Zone(string field, string? name)
    {
        if (name is null or "" or "UTC")
        {
            return TimeZoneInfo.Utc;
        }

        if (ZoneName.IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        found(new(field, TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Paris", out _)
            ? $"{UntrustedText.Quote(name)} is no time zone; write an IANA name such as Europe/Paris, or UTC"
            : $"{UntrustedText.Quote(name)} is not known, and neither is any other zone: the controller's image has no time zone data; write UTC, or run an image that has the package tzdata"));
        return null;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$")]
    private static partial Regex ZoneName { get; }
}
