using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>
/// How a container of an image behaves, by the labels of the image's config. Durations are written as Go writes them:
/// <c>300ms</c>, <c>5s</c>, <c>1m30s</c>. A label that cannot be read is as if it were not there.
/// </summary>
public sealed partial record ImageBehaviour
{
    public const string Prefix = "sandbox.slipway.dev/";

    /// <summary>From running to ready: <c>300ms</c>.</summary>
    public const string ReadyAfterLabel = Prefix + "ready-after";

    /// <summary>It runs, and is never ready: <c>"true"</c>.</summary>
    public const string NeverReadyLabel = Prefix + "never-ready";

    /// <summary>It ends with an error as soon as it runs: <c>"exit 1"</c>.</summary>
    public const string CrashLabel = Prefix + "crash";

    /// <summary>It ends with an error after a while, each time: <c>5s</c>.</summary>
    public const string CrashAfterLabel = Prefix + "crash-after";

    /// <summary>It stops being ready after a while, and stays so: <c>10s</c>.</summary>
    public const string UnreadyAfterLabel = Prefix + "unready-after";

    /// <summary>It ends well after a while: <c>2s</c>. For jobs and init containers.</summary>
    public const string ExitAfterLabel = Prefix + "exit-after";

    /// <summary>It cannot be started for want of its configuration; the value is the message: <c>secret "db" not found</c>.</summary>
    public const string ConfigErrorLabel = Prefix + "config-error";

    /// <summary>How long it takes to end when asked to: <c>1s</c>.</summary>
    public const string StopAfterLabel = Prefix + "stop-after";

    /// <summary>The part of requests that it answers with an error: <c>0.05</c>. Shown as an annotation of the pod, for those who play its traffic.</summary>
    public const string ErrorRateLabel = Prefix + "error-rate";

    public TimeSpan? ReadyAfter { get; init; }

    public bool NeverReady { get; init; }

    /// <summary>Null: it does not crash.</summary>
    public int? CrashCode { get; init; }

    /// <summary>From running to the crash.</summary>
    public TimeSpan CrashAfter { get; init; }

    public TimeSpan? UnreadyAfter { get; init; }

    public TimeSpan? ExitAfter { get; init; }

    public string? ConfigError { get; init; }

    public TimeSpan? StopAfter { get; init; }

    public static ImageBehaviour Of(IReadOnlyDictionary<string, string> labels)
    {
        var crash = labels.GetValueOrDefault(CrashLabel);
        var crashAfter = Duration(labels.GetValueOrDefault(CrashAfterLabel));
        return new ImageBehaviour
        {
            ReadyAfter = Duration(labels.GetValueOrDefault(ReadyAfterLabel)),
            NeverReady = labels.GetValueOrDefault(NeverReadyLabel) == "true",
            CrashCode = crash is null && crashAfter is null ? null : ExitCode(crash),
            CrashAfter = crashAfter ?? TimeSpan.Zero,
            UnreadyAfter = Duration(labels.GetValueOrDefault(UnreadyAfterLabel)),
            ExitAfter = Duration(labels.GetValueOrDefault(ExitAfterLabel)),
            ConfigError = labels.GetValueOrDefault(ConfigErrorLabel),
            StopAfter = Duration(labels.GetValueOrDefault(StopAfterLabel)),
        };
    }

    private static int ExitCode(string? text) =>
        int.TryParse(text?.Split(' ')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 1;

    /// <summary>A duration of Go (package time, ParseDuration), without signs and units below the millisecond.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (text is null || !Whole.IsMatch(text))
        {
            return null;
        }

        return Part.Matches(text).Aggregate(TimeSpan.Zero, (sum, part) => sum + Unit(part.Groups["unit"].Value)
            * double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture));
    }

    private static TimeSpan Unit(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };

    [GeneratedRegex(@"\A([0-9]{1,9}(\.[0-9]{1,9})?(ms|s|m|h))+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Whole { get; }

    [GeneratedRegex(@"(?<number>[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m|h)", RegexOptions.ExplicitCapture)]
    private static partial Regex Part { get; }
}
