using System.Text;
using Slipway.Images;
using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryManifestTests
{
    private static readonly BuiltImage Shop = new ImageBuilder().WithLabel("version", "1").Build();
    private static readonly BuiltImage DockerShop = (new ImageBuilder() with { Docker = true }).WithLabel("version", "1").Build();

    [Theory]
    [InlineData("1.0")]
    [InlineData("digest")]
    public async Task A_manifest_comes_back_byte_for_byte_with_its_digest_and_type(string reference)
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "1.0");

        var answer = await probe.GetAsync($"/v2/acme/shop/manifests/{(reference == "digest" ? Shop.Digest : reference)}", AcceptAll);

        Assert.Equal(200, answer.Status);
        Assert.Equal(Shop.Manifest.ToArray(), answer.Body);
        Assert.Equal(Shop.Digest, answer["Docker-Content-Digest"]);
        Assert.Equal($"\"{Shop.Digest}\"", answer["ETag"]);
        Assert.Equal(MediaTypes.OciManifest, answer["Content-Type"]);
    }

    [Fact]
    public async Task A_head_gives_the_same_headers_and_no_body()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "1.0");

        var answer = await probe.HeadAsync("/v2/acme/shop/manifests/1.0", AcceptAll);

        Assert.Equal((200, Shop.Digest, $"{Shop.Manifest.Length}"), (answer.Status, answer["Docker-Content-Digest"], answer["Content-Length"]));
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task A_known_digest_is_answered_with_304()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "1.0");

        var same = await probe.GetAsync("/v2/acme/shop/manifests/1.0", AcceptAll, ("If-None-Match", $"\"{Shop.Digest}\""));
        var other = await probe.GetAsync("/v2/acme/shop/manifests/1.0", AcceptAll, ("If-None-Match", $"\"{DockerShop.Digest}\""));

        Assert.Equal((304, 0), (same.Status, same.Body.Length));
        Assert.Equal(200, other.Status);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData(MediaTypes.DockerManifest)]
    public async Task An_oci_image_does_not_exist_for_a_client_that_does_not_accept_it(string accept)
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "1.0");

        var answer = await probe.HeadAsync("/v2/acme/shop/manifests/1.0", Accept(accept));

        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task An_oci_index_does_not_exist_for_a_client_that_accepts_images_only()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", BuiltImage.Index(Shop), "1.0");

        var answer = await probe.GetAsync("/v2/acme/shop/manifests/1.0", Accept(MediaTypes.OciManifest));

        Assert.Equal((404, "MANIFEST_UNKNOWN"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task A_docker_list_turns_into_its_linux_amd64_entry_for_a_client_that_accepts_images_only()
    {
        await using var probe = await StartAsync();
        var arm = (new ImageBuilder { Docker = true, Platform = new Platform("linux", "arm64") }).Build();
        await probe.PushAsync("acme/shop", BuiltImage.Index(arm, DockerShop), "1.0");

        var answer = await probe.HeadAsync("/v2/acme/shop/manifests/1.0", Accept(MediaTypes.DockerManifest));

        Assert.Equal((200, DockerShop.Digest), (answer.Status, answer["Docker-Content-Digest"]));
    }

    [Fact]
    public async Task Without_an_accept_header_a_docker_tag_gives_the_digest_of_a_schema_1_rewrite()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", DockerShop, "1.0");

        var byTag = await probe.HeadAsync("/v2/acme/shop/manifests/1.0");
        var byDigest = await probe.HeadAsync($"/v2/acme/shop/manifests/{DockerShop.Digest}");

        Assert.Equal(MediaTypes.DockerManifestV1, byTag["Content-Type"]);
        Assert.NotEqual(DockerShop.Digest, byTag["Docker-Content-Digest"]);
        Assert.Equal(DockerShop.Digest, byDigest["Docker-Content-Digest"]);
    }

    [Fact]
    public async Task A_tag_that_is_pushed_again_moves_and_leaves_the_old_digest_behind()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "latest");
        var newer = new ImageBuilder().WithLabel("version", "2").Build();
        await probe.PushAsync("acme/shop", newer, "latest");

        Assert.Equal(newer.Digest, (await probe.HeadAsync("/v2/acme/shop/manifests/latest", AcceptAll))["Docker-Content-Digest"]);
        Assert.Equal(200, (await probe.HeadAsync($"/v2/acme/shop/manifests/{Shop.Digest}", AcceptAll)).Status);
    }

    [Theory]
    [InlineData("/v2/acme/shop/manifests/2.0", 404, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/acme/other/manifests/1.0", 404, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/Acme/shop/manifests/1.0", 400, "NAME_INVALID")]
    public async Task What_is_not_there_is_said_in_the_words_of_the_spec(string path, int status, string code)
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "1.0");

        var answer = await probe.GetAsync(path, AcceptAll);

        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
    }

    [Theory]
    [InlineData("{}", MediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [InlineData("{", MediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [InlineData("[]", MediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [InlineData("""{"layers":[]}""", "application/json", 400, "MANIFEST_INVALID")]
    [InlineData("""{"layers":[],"mediaType":"application/vnd.oci.image.index.v1+json"}""", MediaTypes.OciManifest, 400, "MANIFEST_INVALID")]
    [InlineData("""{"layers":[{"digest":"sha256:00"}]}""", MediaTypes.OciManifest, 400, "MANIFEST_BLOB_UNKNOWN")]
    [InlineData("""{"manifests":[{"digest":"sha256:00"}]}""", MediaTypes.OciIndex, 400, "MANIFEST_BLOB_UNKNOWN")]
    public async Task A_manifest_that_cannot_be_used_is_refused(string body, string type, int status, string code)
    {
        await using var probe = await StartAsync();

        var answer = await probe.SendAsync("PUT", "/v2/acme/shop/manifests/1.0", Encoding.UTF8.GetBytes(body), ("Content-Type", type));

        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        Assert.Null(probe.Registry.Content.Resolve("acme/shop", "1.0"));
    }

    [Fact]
    public async Task Bytes_under_a_digest_that_is_not_theirs_are_refused()
    {
        await using var probe = await StartAsync();

        var answer = await probe.SendAsync("PUT", $"/v2/acme/shop/manifests/{Shop.Digest}", """{"layers":[]}"""u8.ToArray(), ("Content-Type", MediaTypes.OciManifest));

        Assert.Equal((400, "DIGEST_INVALID"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task A_manifest_over_the_limit_is_refused()
    {
        await using var probe = await StartAsync(new SandboxRegistryOptions { MaxManifestBytes = 100 });

        var answer = await probe.SendAsync("PUT", "/v2/acme/shop/manifests/1.0", new byte[101], ("Content-Type", MediaTypes.OciManifest));

        Assert.Equal((413, "SIZE_INVALID"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Deleting_a_tag_keeps_the_manifest()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "1.0", "latest");

        Assert.Equal(202, (await probe.SendAsync("DELETE", "/v2/acme/shop/manifests/1.0", null)).Status);

        Assert.Equal(404, (await probe.HeadAsync("/v2/acme/shop/manifests/1.0", AcceptAll)).Status);
        Assert.Equal(200, (await probe.HeadAsync("/v2/acme/shop/manifests/latest", AcceptAll)).Status);
    }

    [Fact]
    public async Task Deleting_a_manifest_takes_its_tags_along()
    {
        await using var probe = await StartAsync();
        await probe.PushAsync("acme/shop", Shop, "1.0", "latest");

        Assert.Equal(202, (await probe.SendAsync("DELETE", $"/v2/acme/shop/manifests/{Shop.Digest}", null)).Status);

        Assert.Empty(probe.Registry.Content.Tags("acme/shop")!);
        Assert.Equal(404, (await probe.SendAsync("DELETE", $"/v2/acme/shop/manifests/{Shop.Digest}", null)).Status);
    }

    [Fact]
    public async Task A_verb_that_nobody_knows_is_405()
    {
        await using var probe = await StartAsync();

        Assert.Equal((405, "UNSUPPORTED"), await probe.SendAsync("PATCH", "/v2/acme/shop/manifests/1.0", []) is var answer ? (answer.Status, answer.ErrorCode) : default);
    }
}
