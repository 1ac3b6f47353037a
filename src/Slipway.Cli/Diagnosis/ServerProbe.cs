using System.Globalization;
using System.Text.Json;
using Slipway.Explanations;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>The API server: that it answers, its version, and its clock beside ours.</summary>
internal static class ServerProbe
{
    private const int OldestMinor = 20;

    // The Date header has whole seconds (RFC 9110, section 6.6.1), and the answer takes its time.
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> LookAsync(Examination examination, CancellationToken cancellationToken)
    {
        var (connection, sent) = (examination.Connection, examination.Now);
        var answer = await connection.ReadAsync("the server's version", "/version", cancellationToken);
        return [Version(answer.Text, connection), Clock(answer.Date, sent, examination.Now)];
    }

    public static Finding Clock(DateTimeOffset? theirs, DateTimeOffset sent, DateTimeOffset received)
    {
        if (theirs is not { } there)
        {
            return new Finding("clock", Verdict.Unknown, "the answer of the API server has no Date: something between here and there takes it away");
        }

        // Wherever between question and answer it was read, it is right.
        var ahead = there + Grain < sent ? there + Grain - sent : there > received ? there - received : TimeSpan.Zero;
        return ahead.Duration() <= Bearable
            ? new Finding("clock", Verdict.Ok, "this machine's clock agrees with the API server's")
            : new Finding(
                "clock",
                Verdict.Warning,
                $"the API server's clock is {Words.Age(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's: ages shown here are wrong by that, and tokens may be refused",
                "set both by NTP; see which of the two is wrong: date -u");
    }

    private static Finding Version(string text, ClusterConnection connection)
    {
        var (name, minor) = Read(text);
        var said = $"Kubernetes {name} at {connection.Server.GetLeftPart(UriPartial.Authority)} ({connection.Origin})";
        return minor switch
        {
            null => new Finding(Doctor.ServerSubject, Verdict.Warning, $"{said}: its version cannot be read", "see what answers there: kubectl get --raw /version"),
            < OldestMinor => new Finding(Doctor.ServerSubject, Verdict.Problem, $"{said} is older than 1.{OldestMinor}", $"Slipway needs Kubernetes 1.{OldestMinor} or newer"),
            _ => new Finding(Doctor.ServerSubject, Verdict.Ok, said),
        };
    }

    // Vendors write minor versions such as 27+.
    private static (string Name, int? Minor) Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var digits = string.Concat((document.RootElement.Text("minor") ?? "").TakeWhile(char.IsAsciiDigit));
            var isOne = document.RootElement.Text("major") == "1";
            return (document.RootElement.Text("gitVersion") ?? "of no version", isOne && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : null);
        }
        catch (JsonException)
        {
            return ("of no version", null);
        }
    }
}
