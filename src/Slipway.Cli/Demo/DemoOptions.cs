namespace Slipway.Cli.Demo;

/// <param name="Listen">Where the controller of the demo listens.</param>
/// <param name="Speed">How many times faster than is pleasant to watch.</param>
internal sealed record DemoOptions(string Listen, double Speed)
{
    /// <summary>What did not happen by then will not: on a busy machine each act takes some seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Between two acts, so that eyes can follow.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(1.5) / Speed;

    /// <summary>Of a container, from running to ready.</summary>
    public TimeSpan ReadyAfter => TimeSpan.FromMilliseconds(700) / Speed;

    /// <summary>Time that a new version must stay healthy.</summary>
    public TimeSpan Hold => TimeSpan.FromSeconds(1) / Speed;
}
