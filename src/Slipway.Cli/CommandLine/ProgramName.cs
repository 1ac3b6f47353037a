namespace Slipway.Cli.CommandLine;

/// <summary>
/// What we were called as. kubectl runs what is named kubectl-slipway as <c>kubectl slipway</c>, and what is named kubectl_complete-slipway to
/// complete its words ("Extend kubectl with plugins", Kubernetes documentation).
/// </summary>
/// <param name="Text">As people type it.</param>
/// <param name="IsCompletion">All arguments are words of another command line.</param>
internal sealed record ProgramName(string Text, bool IsCompletion = false)
{
    public static readonly ProgramName Slipway = new("slipway");

    public static ProgramName OfProcess() => Of(FirstWord());

    public static ProgramName Of(string called) => Path.GetFileNameWithoutExtension(called) switch
    {
        "kubectl-slipway" => new ProgramName("kubectl slipway"),
        "kubectl_complete-slipway" => new ProgramName("kubectl slipway", IsCompletion: true),
        _ => Slipway,
    };

    /// <summary>A text with the examples in it said as this program is called.</summary>
    public string Said(string text) => Text == Slipway.Text ? text
        : text.Replace("  slipway ", $"  {Text} ", StringComparison.Ordinal).Replace("'slipway ", $"'{Text} ", StringComparison.Ordinal).Replace("| slipway ", $"| {Text} ", StringComparison.Ordinal);

    // The runtime follows links, and a link is how we get our names: Linux still knows what was typed (proc(5), /proc/PID/cmdline).
    private static string FirstWord()
    {
        try
        {
            return File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return System.Environment.GetCommandLineArgs()[0];
        }
    }
}
