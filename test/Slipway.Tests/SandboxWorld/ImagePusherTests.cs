using Slipway.Images;
using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class ImagePusherTests
{
    private static readonly BuiltImage Amd = new ImageBuilder().Build();
    private static readonly BuiltImage Arm = new ImageBuilder { Platform = new Platform("linux", "arm64") }.Build();

    [Fact]
    public async Task An_index_brings_its_images_along()
    {
        await using var probe = await StartAsync();
        var index = BuiltImage.Index(Amd, Arm);

        var digest = await probe.PushAsync("acme/shop", index, "1.0", "latest");

        Assert.Equal(index.Digest, digest);
        Assert.Equal(digest, probe.Registry.Content.Resolve("acme/shop", "latest"));
        Assert.Equal(Arm.Manifest.ToArray(), probe.Registry.Content.FindManifest("acme/shop", Arm.Digest)!.Bytes.ToArray());
        Assert.All(Arm.Blobs, blob => Assert.NotNull(probe.Registry.Content.FindBlob("acme/shop", ContentDigest.Of(blob.Span))));
    }

    [Fact]
    public async Task Without_a_tag_the_image_is_there_by_digest()
    {
        await using var probe = await StartAsync();

        await probe.PushAsync("acme/shop", Amd);

        Assert.Empty(probe.Registry.Content.Tags("acme/shop")!);
        Assert.Equal(200, (await probe.HeadAsync($"/v2/acme/shop/manifests/{Amd.Digest}", AcceptAll)).Status);
    }

    [Fact]
    public async Task What_the_registry_has_is_not_sent_again()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Amd, "1.0");
        probe.Registry.Log.Clear();

        await probe.PushAsync("acme/shop", Amd, "1.1");

        Assert.Equal(0, probe.Registry.Log.Count(RequestKind.Upload));
        Assert.Equal(Amd.Digest, probe.Registry.Content.Resolve("acme/shop", "1.1"));
    }

    [Fact]
    public async Task A_bearer_challenge_is_answered_once_for_each_scope()
    {
        var auth = new RegistryAuth.Bearer(new RegistryAccount("ci", "pw"));
        await using var probe = await StartAsync(new SandboxRegistryOptions { Auth = auth }, new RegistryLogin("ci", "pw"));

        await probe.PushAsync("acme/shop", BuiltImage.Index(Amd, Arm), "1.0");

        Assert.Equal(2, probe.Registry.Log.Count(RequestKind.Token));
        Assert.NotNull(probe.Registry.Content.Resolve("acme/shop", "1.0"));
    }

    [Fact]
    public async Task A_refusal_says_who_said_no_and_why()
    {
        await using var probe = await StartAsync(new SandboxRegistryOptions { Auth = new RegistryAuth.Basic(new RegistryAccount("ci", "pw")) });

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => probe.PushAsync("acme/shop", Amd, "1.0"));

        Assert.Contains($"http://{probe.Registry.Address}/v2/acme/shop/blobs/uploads/ was refused with 401", refused.Message, StringComparison.Ordinal);
        Assert.Contains("UNAUTHORIZED", refused.Message, StringComparison.Ordinal);
    }
}
