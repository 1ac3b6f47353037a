using Slipway.EndToEnd.Harness;
using Slipway.Sandbox.Registry;

namespace Slipway.EndToEnd;

/// <summary>The published binary against the real registry, without any cluster.</summary>
public sealed class TagTests
{
    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] args) => await RunningProcess.RunAsync(TestEnvironment.Slipway, ["tags", .. args]);

    [Fact]
    public async Task A_tag_is_moved_on_the_real_registry_and_its_digest_stays()
    {
        var name = $"tags/{Environment.ProcessId}";
        var repository = $"{TestEnvironment.Registry}/{name}";
        using var connection = new RegistryConnection(new Uri($"http://{TestEnvironment.Registry}"), null);
        var pusher = new ImagePusher(connection);
        var old = await pusher.PushAsync(name, new ImageBuilder().WithLabel("version", "1.4.0").Build(), CancellationToken.None, "1.4.0", "prod");
        var index = BuiltImage.Index([new ImageBuilder().WithLabel("version", "1.5.0").Build()]);
        var digest = await pusher.PushAsync(name, index, CancellationToken.None, "1.5.0");

        var added = await RunAsync("add", repository, "1.5.0", "prod");
        var moved = await RunAsync("move", repository, "1.5.0", "prod", "--from", old);
        var list = await RunAsync("list", repository);
        var card = await RunAsync("get", repository, "prod");

        Assert.Equal((1, 0), (added.ExitCode, moved.ExitCode));
        Assert.Contains($"{repository}:prod is on {digest}, was on", moved.Output, StringComparison.Ordinal);
        Assert.Contains("1.5.0", list.Output, StringComparison.Ordinal);
        Assert.Contains("application/vnd.oci.image.index.v1+json", card.Output, StringComparison.Ordinal);
        Assert.Contains("other tags  1.5.0", card.Output, StringComparison.Ordinal);

        // docker-registry 2.8 removes by digest only, and says so.
        var untag = await RunAsync("remove", repository, "1.4.0");
        Assert.Equal(7, untag.ExitCode);
        Assert.Contains("--digest", untag.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("remove", repository, "--digest", old)).ExitCode);
        Assert.Equal(4, (await RunAsync("get", repository, "1.4.0")).ExitCode);
    }
}
