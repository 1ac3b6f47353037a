using System.Text;
using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryBlobTests
{
    private static readonly byte[] Bytes = "0123456789"u8.ToArray();
    private static readonly string Digest = ContentDigest.Of(Bytes);

    [Fact]
    public async Task One_post_with_a_digest_is_enough()
    {
        await using var probe = await StartAsync();

        var pushed = await probe.SendAsync("POST", $"/v2/acme/shop/blobs/uploads/?digest={Digest}", Bytes);

        Assert.Equal((201, Digest), (pushed.Status, pushed["Docker-Content-Digest"]));
        Assert.Equal(Bytes, (await probe.GetAsync(pushed["Location"]!)).Body);
    }

    [Fact]
    public async Task Chunks_are_put_together_in_their_order()
    {
        await using var probe = await StartAsync();

        var opened = await probe.SendAsync("POST", "/v2/acme/shop/blobs/uploads/", []);
        var first = await probe.SendAsync("PATCH", opened["Location"]!, Bytes[..4], ("Content-Range", "0-3"));
        var second = await probe.SendAsync("PATCH", first["Location"]!, Bytes[4..8], ("Content-Range", "4-7"));
        var asked = await probe.GetAsync(second["Location"]!);
        var closed = await probe.SendAsync("PUT", $"{second["Location"]}?digest={Digest}", Bytes[8..]);

        Assert.Equal([202, 202, 202, 204, 201], [opened.Status, first.Status, second.Status, asked.Status, closed.Status]);
        Assert.Equal(["0-3", "0-7", "0-7"], [first["Range"], second["Range"], asked["Range"]]);
        Assert.Equal(Bytes, (await probe.GetAsync($"/v2/acme/shop/blobs/{Digest}")).Body);
    }

    [Fact]
    public async Task A_chunk_out_of_order_is_refused_and_says_where_to_go_on()
    {
        await using var probe = await StartAsync();
        var opened = await probe.SendAsync("POST", "/v2/acme/shop/blobs/uploads/", []);
        var first = await probe.SendAsync("PATCH", opened["Location"]!, Bytes[..4], ("Content-Range", "0-3"));

        var wrong = await probe.SendAsync("PATCH", first["Location"]!, Bytes[6..], ("Content-Range", "6-9"));

        Assert.Equal((416, "0-3"), (wrong.Status, wrong["Range"]));
    }

    [Fact]
    public async Task Content_that_is_not_what_its_digest_says_is_refused()
    {
        await using var probe = await StartAsync();

        var pushed = await probe.SendAsync("POST", $"/v2/acme/shop/blobs/uploads/?digest={Digest}", "other"u8.ToArray());

        Assert.Equal((400, "DIGEST_INVALID"), (pushed.Status, pushed.ErrorCode));
        Assert.Equal(404, (await probe.HeadAsync($"/v2/acme/shop/blobs/{Digest}")).Status);
    }

    [Fact]
    public async Task A_session_ends_with_its_last_put_or_when_it_is_cancelled()
    {
        await using var probe = await StartAsync();
        var opened = await probe.SendAsync("POST", "/v2/acme/shop/blobs/uploads/", []);

        Assert.Equal(204, (await probe.SendAsync("DELETE", opened["Location"]!, null)).Status);
        Assert.Equal((404, "BLOB_UPLOAD_UNKNOWN"), await probe.SendAsync("PATCH", opened["Location"]!, Bytes) is var gone ? (gone.Status, gone.ErrorCode) : default);
    }

    [Fact]
    public async Task A_session_belongs_to_its_repository()
    {
        await using var probe = await StartAsync();
        var opened = await probe.SendAsync("POST", "/v2/acme/shop/blobs/uploads/", []);

        var elsewhere = await probe.SendAsync("PATCH", opened["Location"]!.Replace("acme/shop", "acme/other", StringComparison.Ordinal), Bytes);

        Assert.Equal(404, elsewhere.Status);
    }

    [Fact]
    public async Task A_blob_is_not_to_be_had_from_a_repository_that_does_not_have_it()
    {
        await using var probe = await StartAsync();
        probe.Registry.Content.PutBlob("acme/shop", Bytes);

        Assert.Equal(404, (await probe.HeadAsync($"/v2/acme/other/blobs/{Digest}")).Status);
    }

    [Fact]
    public async Task A_mount_takes_a_blob_over_from_another_repository()
    {
        await using var probe = await StartAsync();
        probe.Registry.Content.PutBlob("acme/shop", Bytes);

        var mounted = await probe.SendAsync("POST", $"/v2/acme/other/blobs/uploads/?mount={Digest}&from=acme/shop", []);

        Assert.Equal(201, mounted.Status);
        Assert.Equal(Bytes, (await probe.GetAsync($"/v2/acme/other/blobs/{Digest}")).Body);
    }

    [Fact]
    public async Task A_mount_of_what_is_not_there_opens_an_upload()
    {
        await using var probe = await StartAsync();

        var mounted = await probe.SendAsync("POST", $"/v2/acme/other/blobs/uploads/?mount={Digest}&from=acme/shop", []);

        Assert.Equal(202, mounted.Status);
        Assert.NotNull(mounted["Docker-Upload-UUID"]);
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "0123", "bytes 0-3/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", 206, "89", "bytes 8-9/10")]
    [InlineData("bytes=8-99", 206, "89", "bytes 8-9/10")]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    [InlineData("nonsense", 200, "0123456789", null)]
    public async Task Ranges_give_a_part(string range, int status, string body, string? contentRange)
    {
        await using var probe = await StartAsync();
        probe.Registry.Content.PutBlob("acme/shop", Bytes);

        var answer = await probe.GetAsync($"/v2/acme/shop/blobs/{Digest}", ("Range", range));

        Assert.Equal((status, body, contentRange), (answer.Status, Encoding.UTF8.GetString(answer.Body), answer["Content-Range"]));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone()
    {
        await using var probe = await StartAsync();
        probe.Registry.Content.PutBlob("acme/shop", Bytes);

        Assert.Equal(202, (await probe.SendAsync("DELETE", $"/v2/acme/shop/blobs/{Digest}", null)).Status);
        Assert.Equal((404, "BLOB_UNKNOWN"), await probe.GetAsync($"/v2/acme/shop/blobs/{Digest}") is var gone ? (gone.Status, gone.ErrorCode) : default);
    }

    [Fact]
    public async Task What_is_no_digest_is_refused()
    {
        await using var probe = await StartAsync();

        Assert.Equal((400, "DIGEST_INVALID"), await probe.GetAsync("/v2/acme/shop/blobs/sha256:12") is var answer ? (answer.Status, answer.ErrorCode) : default);
    }
}
