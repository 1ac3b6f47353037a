using System.Diagnostics;

namespace Slipway.Kube;

/// <summary>What an informer does next. The state says it all, so a reader needs no flags. README.md has the drawing.</summary>
public abstract record WatchState
{
    private WatchState(int failures) => Failures = failures;

    /// <summary>In a row, since the watch was last heard.</summary>
    public int Failures { get; init; }

    /// <param name="Continue">Token of the next page; null for the first.</param>
    /// <param name="Whole">In one page, because a paged list took longer than its token lived.</param>
    public sealed record Listing(string? Continue = null, bool Whole = false, int Failures = 0) : WatchState(Failures);

    public sealed record Watching(string ResourceVersion, int Failures = 0) : WatchState(Failures);

    public sealed record BackingOff(WatchState Then) : WatchState(Then.Failures);
}

/// <summary>What happened to the request that the state asked for.</summary>
public abstract record WatchSignal
{
    private WatchSignal() { }

    public sealed record Page(string ResourceVersion, string? Continue) : WatchSignal;

    /// <summary>An event or a bookmark came.</summary>
    public sealed record Seen(string ResourceVersion) : WatchSignal;

    /// <summary>The server ended the watch in good order, as it does when its time is over.</summary>
    /// <param name="Early">Long before that time: a proxy or a server that goes down. To watch again at once could become a tight loop.</param>
    /// <param name="Heard">Whether anything came at all; a server sends a bookmark about each minute.</param>
    public sealed record Closed(bool Early, bool Heard = true) : WatchSignal;

    /// <summary>HTTP 410, or an ERROR event with that code: the version or the token is no longer kept.</summary>
    public sealed record Gone : WatchSignal;

    /// <summary>Everything else: refused, unreachable, cut, silent, not JSON.</summary>
    public sealed record Broken : WatchSignal;

    public sealed record Waited : WatchSignal;
}

/// <summary>
/// The list-then-watch protocol of the Kubernetes API ("API concepts", Efficient detection of changes; 410 Gone; Retrieving large results
/// in chunks) as a function of values.
/// </summary>
public static class WatchMachine
{
    /// <summary>After so many attempts that heard nothing, the version itself is suspected and everything is listed anew.</summary>
    public const int ResumesBeforeList = 5;

    public static WatchState Next(WatchState state, WatchSignal signal) => (state, signal) switch
    {
        (WatchState.Listing list, WatchSignal.Page { Continue.Length: > 0 } page) => list with { Continue = page.Continue },
        (WatchState.Listing list, WatchSignal.Page page) => new WatchState.Watching(page.ResourceVersion, list.Failures),

        // The token expired between two pages. Pages would be too slow the next time as well, so the second try takes all in one.
        (WatchState.Listing { Continue: not null } list, WatchSignal.Gone) => new WatchState.Listing(Whole: true, Failures: list.Failures),
        (WatchState.Listing list, WatchSignal.Gone) => BackOff(new WatchState.Listing(), list.Failures),
        (WatchState.Listing list, WatchSignal.Broken) => BackOff(list, list.Failures),

        // Versions that go back are those of a server whose storage was restored from a backup: what we know has not happened there.
        (WatchState.Watching watch, WatchSignal.Seen seen) when ResourceVersion.IsOlder(seen.ResourceVersion, watch.ResourceVersion) => new WatchState.Listing(Failures: 1),

        // Bookmarks count as seen too: without them a quiet resource outlives its version and must be listed again.
        (WatchState.Watching, WatchSignal.Seen seen) => new WatchState.Watching(seen.ResourceVersion),

        // Such a server keeps to itself all changes up to the version that it was asked for, in good order and for as long as that takes.
        (WatchState.Watching watch, WatchSignal.Closed { Early: false, Heard: false }) => new WatchState.Listing(Failures: watch.Failures),
        (WatchState.Watching watch, WatchSignal.Closed { Early: false }) => watch with { Failures = 0 },
        (WatchState.Watching watch, WatchSignal.Closed) => BackOff(watch, watch.Failures),

        // Events were lost for good. Only a full list shows what was deleted in the meantime. The first one is at once; a server
        // that says 410 to every version that it has just given is listed with pauses.
        (WatchState.Watching { Failures: 0 }, WatchSignal.Gone) => new WatchState.Listing(Failures: 1),
        (WatchState.Watching watch, WatchSignal.Gone) => BackOff(new WatchState.Listing(), watch.Failures),

        (WatchState.Watching { Failures: >= ResumesBeforeList } watch, WatchSignal.Broken) => BackOff(new WatchState.Listing(), watch.Failures),
        (WatchState.Watching watch, WatchSignal.Broken) => BackOff(watch, watch.Failures),

        (WatchState.BackingOff back, WatchSignal.Waited) => back.Then,

        _ => throw new UnreachableException($"{signal} in {state}"),
    };

    private static WatchState.BackingOff BackOff(WatchState then, int failures) =>
        new(then with { Failures = failures == int.MaxValue ? failures : failures + 1 });
}
