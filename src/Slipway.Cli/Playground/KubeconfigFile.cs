using Slipway.Cli.CommandLine;
using Slipway.Sandbox;

namespace Slipway.Cli.Playground;

/// <summary>A kubeconfig that leads to a sandbox, and is gone with it.</summary>
internal sealed class KubeconfigFile : IDisposable
{
    private KubeconfigFile(string path) => FullPath = path;

    public string FullPath { get; }

    /// <exception cref="VerbException">There is a file of another cluster at the path, or it cannot be written.</exception>
    public static KubeconfigFile Write(SandboxCluster cluster, string path)
    {
        var full = Path.GetFullPath(path);

        // Whoever names ~/.kube/config by mistake keeps it.
        if (File.Exists(full) && !File.ReadAllText(full).Contains("current-context: sandbox\n", StringComparison.Ordinal))
        {
            throw new VerbException(ExitCode.Failed, $"{full} is there already, and is not a sandbox's kubeconfig; name another file");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            cluster.WriteKubeconfig(full);
            return new KubeconfigFile(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Failed, $"the kubeconfig cannot be written: {e.Message}; name another file");
        }
    }

    public void Dispose() => File.Delete(FullPath);
}
