using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Slipway.EndToEnd.Load;

/// <summary>What came of a request.</summary>
internal enum Outcome
{
    Answered,

    /// <summary>The program itself said that it failed.</summary>
    Error,

    /// <summary>No answer, for one of these reasons: what a rollout must never cause.</summary>
    Refused,
    Unreachable,
    Reset,
    Closed,
    Late,
    Malformed,
}

/// <param name="At">Since the load began.</param>
/// <param name="Version">Of the program that answered, with an error or without.</param>
/// <param name="Fresh">On a connection of its own, so that the proxy chose a pod for it.</param>
internal sealed record Sample(TimeSpan At, Outcome Outcome, string Version, bool Fresh, string Detail);

/// <summary>All requests of a load, in the order in which they were sent.</summary>
/// <param name="Renewed">Kept connections that a server had closed, where the client opened another, as every client does.</param>
/// <param name="Overrun">Requests that were due and not sent, because too many were unanswered: the machine was too slow.</param>
internal sealed record LoadReport(ImmutableArray<Sample> Samples, int Renewed, int Overrun)
{
    private const int MaxTold = 20;

    public IEnumerable<Sample> Dropped => Samples.Where(sample => sample.Outcome is not (Outcome.Answered or Outcome.Error));

    public int Errors => Samples.Count(sample => sample.Outcome is Outcome.Error);

    public IReadOnlyDictionary<string, int> ByVersion =>
        Samples.Where(sample => sample.Version.Length > 0).GroupBy(sample => sample.Version).ToDictionary(group => group.Key, group => group.Count());

    public LoadReport Between(TimeSpan from, TimeSpan until) => this with { Samples = [.. Samples.Where(sample => sample.At >= from && sample.At < until)] };

    /// <summary>The part of those requests whose pod was freely chosen that a version answered; null where there were none.</summary>
    public double? Share(string version)
    {
        var free = Samples.Where(sample => sample.Fresh && sample.Version.Length > 0).ToArray();
        return free.Length == 0 ? null : (double)free.Count(sample => sample.Version == version) / free.Length;
    }

    /// <summary>One line for each slice of time: how many of which version, and what was dropped.</summary>
    public string Slices(TimeSpan width)
    {
        var text = new StringBuilder();
        foreach (var slice in Samples.GroupBy(sample => sample.At.Ticks / width.Ticks))
        {
            var versions = slice.Where(sample => sample.Version.Length > 0).GroupBy(sample => sample.Version).OrderBy(group => group.Key, StringComparer.Ordinal);
            var bad = slice.Count(sample => sample.Outcome is not (Outcome.Answered or Outcome.Error));
            text.AppendLine(CultureInfo.InvariantCulture, $"{TimeSpan.FromTicks(slice.Key * width.Ticks).TotalSeconds,7:0.0} s  {string.Join("  ", versions.Select(one => $"{one.Key}: {one.Count()}"))}{(bad > 0 ? $"  dropped: {bad}" : "")}");
        }

        return text.ToString();
    }

    public override string ToString()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"{Samples.Length} requests, {Dropped.Count()} dropped, {Errors} answered with an error, {Renewed} connections renewed, {Overrun} not sent; {string.Join(", ", ByVersion.Select(one => $"{one.Key}: {one.Value}"))}"));
        foreach (var sample in Dropped.Take(MaxTold))
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {sample.At.TotalSeconds:0.000} s {sample.Outcome} {(sample.Fresh ? "on a new connection" : "on a kept connection")}: {sample.Detail}");
        }

        return text.ToString();
    }
}
