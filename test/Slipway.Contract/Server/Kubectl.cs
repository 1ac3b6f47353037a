using System.Diagnostics;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Server;

public sealed record KubectlResult(string Command, int ExitCode, string Out, string Error)
{
    public JsonObject Json => JsonTree.ParseObject(Out);

    public KubectlResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Command} ended with {ExitCode}: {Error}{Out}");
        return this;
    }
}

/// <summary>The real kubectl: of the environment variable KUBECTL, of PATH, or of where eng/cluster/install puts it.</summary>
public sealed class Kubectl(Cluster cluster, string ns)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string? Binary = Candidates().FirstOrDefault(File.Exists);

    public async Task<KubectlResult> RunAsync(string arguments, string? input = null)
    {
        using var process = Start(arguments);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"kubectl {arguments} did not end within {Patience}: {await output}{await error}");
        }
        return new($"kubectl {arguments}", process.ExitCode, await output, await error);
    }

    /// <summary>Starts a kubectl that goes on until it is disposed.</summary>
    public Process Start(string arguments)
    {
        if (Binary is null)
        {
            Assert.Skip("NO KUBECTL HERE: nothing shows that it works against the sandbox. Set KUBECTL to one, or run eng/cluster/install");
        }
        var start = new ProcessStartInfo(Binary, $"--kubeconfig \"{cluster.KubeconfigPath}\" --namespace {ns} {arguments}")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Its cache of discovery lives there; each server has one of its own.
        start.Environment["HOME"] = cluster.Folder;
        start.Environment["KUBECACHEDIR"] = Path.Combine(cluster.Folder, "kubectl-cache");
        return Process.Start(start)!;
    }

    private static IEnumerable<string> Candidates()
    {
        yield return Environment.GetEnvironmentVariable("KUBECTL") ?? "";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            yield return Path.Combine(folder, "kubectl");
        }
        var cache = Environment.GetEnvironmentVariable("SLIPWAY_CACHE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "slipway");
        foreach (var folder in Directory.Exists(cache) ? Directory.GetDirectories(cache, "kubectl-*") : [])
        {
            yield return Path.Combine(folder, "kubectl");
        }
    }
}
