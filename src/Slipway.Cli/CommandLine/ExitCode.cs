namespace Slipway.Cli.CommandLine;

/// <summary>What the process ends with. <c>slipway --help</c> lists them; scripts may rely on them.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It failed, or the answer is no.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or the configuration file that it names, cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>No way to the cluster, or it does not let us.</summary>
    public const int Unreachable = 3;

    public const int NotFound = 4;

    public const int TimedOut = 5;

    /// <summary>What was waited for was tried, and failed or was rolled back.</summary>
    public const int RolledBack = 6;

    /// <summary>A registry does not let us: no login, no right, an immutable tag, deletion switched off.</summary>
    public const int RegistryRefused = 7;

    /// <summary>Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;

    public const string Meaning =
        """
        Exit codes:
          0    done; the answer is yes
          1    it failed, was refused, or the answer is no
          2    the command line or the configuration file cannot be understood
          3    the cluster or the registry cannot be reached, or the cluster does not allow it
          4    there is no such object, repository or tag
          5    it was not done in time, or something holds it (--wait)
          6    it was tried, and failed or was rolled back (watch, tags --wait)
          7    the registry refuses it: login, rights, an immutable tag, deletion switched off
          130  interrupted
        """;
}

/// <summary>Ends the verb. The message goes to stderr and says the way out.</summary>
internal sealed class VerbException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
