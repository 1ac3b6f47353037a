namespace Slipway.EndToEnd.Harness;

/// <summary>The project's chart, and the real helm.</summary>
internal static class HelmChart
{
    public static string Folder { get; } = Find();

    /// <returns>What it printed, errors too.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        Assert.SkipWhen(TestEnvironment.Helm is null, "there is no helm (HELM)");
        return await RunningProcess.RunAsync(TestEnvironment.Helm!, arguments);
    }

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> DoneAsync(params string[] arguments)
    {
        var (exit, output) = await RunAsync([.. arguments, "--kubeconfig", TestEnvironment.Kubeconfig]);
        return exit == 0 ? output : throw new InvalidOperationException($"helm {string.Join(' ', arguments)}: {output}");
    }

    // The tests run somewhere below the root of the project.
    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "deploy", "charts", "slipway") is var chart && Directory.Exists(chart))
            {
                return chart;
            }
        }

        throw new InvalidOperationException($"deploy/charts/slipway is in no directory above {AppContext.BaseDirectory}");
    }
}
