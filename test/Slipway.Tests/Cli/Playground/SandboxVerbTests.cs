using System.Text.RegularExpressions;
using Slipway.Cli.CommandLine;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Cli.Playground;

public sealed partial class SandboxVerbTests
{
    [Fact]
    public async Task It_serves_until_it_is_stopped_and_leaves_nothing_behind()
    {
        var path = Path.Combine(Path.GetTempPath(), $"slipway-test-{Environment.ProcessId}", "sandbox.kubeconfig");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var output = new StringWriter();
        var surroundings = new Surroundings { Out = TextWriter.Synchronized(output), Error = TextWriter.Null, In = TextReader.Null };

        var running = SlipwayCommand.RunAsync(["sandbox", "--kubeconfig", path], surroundings, stop.Token);
        await Eventually.TrueAsync(() => output.ToString().Contains("Try next", StringComparison.Ordinal), "the sandbox is up");
        using var http = new HttpClient();
        var registry = RegistryLine.Match(output.ToString()).Groups[1].Value;
        var answer = await http.GetAsync(new Uri($"http://{registry}/v2/"), stop.Token);
        var missing = await CliRun.OfAsync(["get", "--kubeconfig", path], connect: Slipway.Kube.ClusterConnection.Open);
        await stop.CancelAsync();

        Assert.Equal(200, (int)answer.StatusCode);

        // It is a bare cluster: our kinds are not there yet.
        Assert.Equal(4, missing.Code);
        Assert.Equal(0, await running);
        Assert.False(File.Exists(path));
        Directory.Delete(Path.GetDirectoryName(path)!);
    }

    [Fact]
    public async Task The_kubeconfig_of_another_cluster_is_not_overwritten()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "current-context: precious\n", TestContext.Current.CancellationToken);

            var run = await CliRun.OfAsync(["sandbox", "--kubeconfig", path]);

            Assert.Equal(1, run.Code);
            Assert.Contains("not a sandbox's kubeconfig", run.Error, StringComparison.Ordinal);
            Assert.Equal("current-context: precious\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("conflict=2")]
    [InlineData("conflict")]
    [InlineData("nosuch=0.1")]
    [InlineData("conflict=-1")]
    public async Task A_fault_that_cannot_be_is_refused_with_one_that_can(string fault)
    {
        var run = await CliRun.OfAsync(["sandbox", "--fault", fault]);

        Assert.Equal(2, run.Code);
        Assert.Contains("write for example conflict=0.1", run.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"registry +(\S+)")]
    private static partial Regex RegistryLine { get; }
}
