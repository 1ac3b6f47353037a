using System.ComponentModel;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd;

/// <summary>The published binary as a plugin of the real kubectl, by links on the PATH.</summary>
[Collection(RealCluster.Name)]
public sealed class KubectlPluginTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-plugin").FullName;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["kubectl-slipway", "kubectl_complete-slipway"])
        {
            File.CreateSymbolicLink(Path.Combine(_folder, name), Path.GetFullPath(TestEnvironment.Slipway));
        }

        try
        {
            await RunningProcess.RunAsync(TestEnvironment.Kubectl, ["version", "--client"]);
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"there is no kubectl ({e.Message}): set KUBECTL, or let eng/e2e bring one");
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    // kubectl hands flags on only behind the plugin's name, so the kubeconfig comes by its variable, as to a person.
    private Task<(int ExitCode, string Output)> KubectlAsync(params string[] arguments) => RunningProcess.RunAsync(
        TestEnvironment.Kubectl,
        arguments,
        new Dictionary<string, string?> { ["KUBECONFIG"] = TestEnvironment.Kubeconfig, ["PATH"] = $"{_folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}" });

    [Fact]
    public async Task Kubectl_finds_it_and_it_speaks_as_kubectl_slipway()
    {
        var list = await KubectlAsync("plugin", "list");
        var help = await KubectlAsync("slipway", "why", "--help");
        var mistake = await KubectlAsync("slipway", "nosuch");

        Assert.Contains(Path.Combine(_folder, "kubectl-slipway"), list.Output, StringComparison.Ordinal);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("kubectl slipway why shop", help.Output, StringComparison.Ordinal);

        // kubectl hands on how its plugin ended.
        Assert.Equal(2, mistake.ExitCode);
        Assert.Contains("'kubectl slipway --help'", mistake.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespaces_and_exit_codes_are_those_of_kubectl()
    {
        var ns = await cluster.NewNamespaceAsync("plugin");
        await cluster.ApplyAsync(
            $$"""
            apiVersion: slipway.dev/v1alpha1
            kind: Delivery
            metadata: {name: shop, namespace: {{ns}} }
            spec:
              suspend: true
              targets: [{kind: Deployment, name: shop}]
              source: {follow: {semver: {range: ">=1.0"} } }
            """);

        var got = await KubectlAsync("slipway", "get", "-n", ns, "-o", "name");
        var missing = await KubectlAsync("slipway", "why", "nosuch", "-n", ns);
        var refused = await KubectlAsync("slipway", "rollback", "shop", "-n", ns);
        var completed = await KubectlAsync("__complete", "slipway", "why", "-n", ns, "");
        var examined = await KubectlAsync("slipway", "doctor", "-n", ns, "-o", "jsonpath={.findings[0].verdict}");

        Assert.Equal((0, "delivery.slipway.dev/shop"), (got.ExitCode, got.Output.Trim()));
        Assert.Equal(4, missing.ExitCode);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("'kubectl slipway resume shop' first", refused.Output, StringComparison.Ordinal);
        Assert.Contains("shop", completed.Output.Split('\n'));
        Assert.Equal("ok", examined.Output.Trim());
    }

    [Fact]
    public async Task The_doctor_finds_what_was_installed_as_this_binary_knows_it()
    {
        var (_, output) = await KubectlAsync("slipway", "doctor", "-A", "-o", "jsonpath={range .findings[*]}{.subject}: {.verdict}: {.said}{\"\\n\"}{end}");

        Assert.Contains("definitions: ok", output, StringComparison.Ordinal);
        Assert.Contains("server: ok", output, StringComparison.Ordinal);
    }
}
