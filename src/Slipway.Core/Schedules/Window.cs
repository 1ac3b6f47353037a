namespace Slipway.Schedules;

/// <summary>
/// Stretches of time that begin by a schedule. Their length is time that passes, not what a clock shows: a window of eight hours has eight
/// hours on every day of the year.
/// </summary>
/// <param name="Name">As a reader finds it again: <c>spec.windows[0]</c>.</param>
public sealed record Window(string Name, CronSchedule Schedule, TimeSpan Duration, TimeZoneInfo Zone)
{
    // How many stretches that follow each other without a gap are looked at; the end that is told is then a lower bound.
    private const int MostInARow = 64;

    /// <summary>The end of the stretch that <paramref name="now"/> lies in, or an instant before it; null: it lies in none.</summary>
    public DateTimeOffset? Until(DateTimeOffset now)
    {
        if (Schedule.Next(now - Duration, Zone) is not { } begun || begun > now)
        {
            return null;
        }

        // One that begins before the last is over, or just then, goes on with it.
        var end = begun + Duration;
        for (var next = 0; next < MostInARow && Schedule.Next(begun, Zone) is { } again && again <= end; next++)
        {
            (begun, end) = (again, again + Duration);
        }

        return end;
    }

    /// <summary>When the next stretch begins; null: none does for years.</summary>
    public DateTimeOffset? Next(DateTimeOffset now) => Schedule.Next(now, Zone);

    public override string ToString() => $"{Name}: '{Schedule.Text}' for {Deliveries.DurationText.Write(Duration)}, {Zone.Id}";
}

/// <summary>When something may happen: within one of the allowing windows, if there are any, and within none of the denying ones.</summary>
public sealed record WindowSet(IReadOnlyList<Window> Allowing, IReadOnlyList<Window> Denying)
{
    public static readonly WindowSet Always = new([], []);

    // Edges that are walked to find the next opening; what is told is then a lower bound.
    private const int MostEdges = 200;

    /// <summary>Which window keeps it closed at <paramref name="now"/>, and until when; null: it is open.</summary>
    public Closure? ClosedAt(DateTimeOffset now)
    {
        if (Closer(now) is not { } by)
        {
            return null;
        }

        DateTimeOffset? at = now;
        for (var edge = 0; edge < MostEdges && at is { } closed && Closer(closed) is not null; edge++)
        {
            at = NextEdge(closed);
        }

        return new Closure(by, Allowing.Contains(by) ? null : by, at);
    }

    // A denying window that is in effect, or the allowing one that opens first.
    private Window? Closer(DateTimeOffset now) =>
        Denying.FirstOrDefault(window => window.Until(now) is not null)
        ?? (Allowing.Count == 0 || Allowing.Any(window => window.Until(now) is not null) ? null : Allowing.MinBy(window => window.Next(now) ?? DateTimeOffset.MaxValue));

    private DateTimeOffset? NextEdge(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var window in Allowing.Concat(Denying))
        {
            if ((window.Until(now) ?? window.Next(now)) is { } edge && !(next <= edge))
            {
                next = edge;
            }
        }

        return next;
    }
}

/// <summary>Why nothing may happen now.</summary>
/// <param name="By">The window that denies, or the one that has not begun.</param>
/// <param name="Denies">The same where it denies; null where one that allows is waited for.</param>
/// <param name="Opens">When it may go on, at the earliest; null: not for years.</param>
public sealed record Closure(Window By, Window? Denies, DateTimeOffset? Opens);
