using System.Globalization;

namespace Slipway.EndToEnd.Harness;

/// <summary>The published controller as a process, with the rights that <c>slipway install</c> prints.</summary>
internal static class ControllerProcess
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <param name="port">0: where the registry's notifications go.</param>
    public static RunningProcess Start(int? port = null, params string[] more)
    {
        var listen = port is { } given ? $"http://127.0.0.1:{given.ToString(CultureInfo.InvariantCulture)}" : TestEnvironment.Webhook.GetLeftPart(UriPartial.Authority);
        return RunningProcess.Start(
            TestEnvironment.Slipway,
            ["run", .. more.Contains("--kubeconfig") ? Array.Empty<string>() : ["--kubeconfig", TestEnvironment.ControllerKubeconfig], "--listen", listen, "--lease-namespace", "slipway-system", .. more],
            new Dictionary<string, string?> { ["SLIPWAY_WEBHOOK_TOKEN"] = TestEnvironment.WebhookToken, ["KUBECONFIG"] = null });
    }

    /// <summary>Until it follows the cluster and, unless another does, leads.</summary>
    public static async Task<RunningProcess> StartReadyAsync(int? port = null, bool leads = true)
    {
        var process = Start(port);
        try
        {
            await ReadyAsync(process, port, leads);
            return process;
        }
        catch
        {
            // Nobody else knows of it yet, and it would keep the port from the next test.
            await process.DisposeAsync();
            throw;
        }
    }

    public static Task ReadyAsync(RunningProcess process, int? port = null, bool leads = true) => Eventually.TrueAsync(
        leads ? "the controller leads" : "the controller follows the cluster",
        async () =>
        {
            Assert.False(process.HasExited, process.Output);
            try
            {
                var ready = await Http.GetStringAsync(new Uri($"http://127.0.0.1:{port ?? TestEnvironment.Webhook.Port}/readyz"));
                return !leads || ready.Contains("leads", StringComparison.Ordinal);
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        TimeSpan.FromSeconds(60),
        () => process.Output);
}
