using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;
using static Slipway.Tests.SandboxWorld.RegistryProbe;

namespace Slipway.Tests.SandboxWorld;

public sealed class RegistryListTests
{
    private static readonly BuiltImage Shop = new ImageBuilder().Build();

    private static async Task<RegistryProbe> WithTagsAsync(SandboxRegistryOptions? options = null)
    {
        var probe = await StartAsync(options);
        await probe.PushAsync("acme/shop", Shop, "b", "a", "C", "10", "9");
        return probe;
    }

    private static string[] Tags(ProbeAnswer answer) => [.. answer.Json["tags"]!.AsArray().Select(tag => tag!.ToString())];

    [Fact]
    public async Task Tags_come_in_the_order_of_their_bytes()
    {
        await using var probe = await WithTagsAsync();

        var answer = await probe.GetAsync("/v2/acme/shop/tags/list");

        Assert.Equal(["10", "9", "C", "a", "b"], Tags(answer));
        Assert.Equal("acme/shop", answer.Json["name"]!.ToString());
        Assert.Null(answer["Link"]);
    }

    [Fact]
    public async Task Pages_are_followed_by_their_links_to_the_end()
    {
        await using var probe = await WithTagsAsync();
        List<string> seen = [];
        string? next = "/v2/acme/shop/tags/list?n=2";
        for (var pages = 0; next is not null && pages < 10; pages++)
        {
            var page = await probe.GetAsync(next);
            seen.AddRange(Tags(page));
            next = page["Link"]?.Split('<', '>')[1];
        }

        Assert.Equal(["10", "9", "C", "a", "b"], seen);
        Assert.Equal(3, probe.Registry.Log.Count(RequestKind.Tags));
    }

    [Fact]
    public async Task A_page_that_ends_with_the_last_tag_links_to_nothing()
    {
        await using var probe = await WithTagsAsync();

        Assert.Null((await probe.GetAsync("/v2/acme/shop/tags/list?n=5"))["Link"]);
    }

    [Theory]
    [InlineData("?last=C", "a b")]
    [InlineData("?last=zzz", "")]
    [InlineData("?n=0", "")]
    [InlineData("?n=1&last=9", "C")]
    public async Task Last_and_n_choose_the_page(string query, string expected)
    {
        await using var probe = await WithTagsAsync();

        Assert.Equal(expected, string.Join(' ', Tags(await probe.GetAsync($"/v2/acme/shop/tags/list{query}"))));
    }

    [Fact]
    public async Task A_page_size_that_is_no_number_is_refused()
    {
        await using var probe = await WithTagsAsync();

        Assert.Equal((400, "PAGINATION_NUMBER_INVALID"), await probe.GetAsync("/v2/acme/shop/tags/list?n=-1") is var answer ? (answer.Status, answer.ErrorCode) : default);
    }

    [Fact]
    public async Task A_registry_may_ignore_the_page_size()
    {
        await using var probe = await WithTagsAsync(new SandboxRegistryOptions { HonoursPageSize = false });

        Assert.Equal(5, Tags(await probe.GetAsync("/v2/acme/shop/tags/list?n=2")).Length);
    }

    [Fact]
    public async Task A_registry_may_give_less_than_was_asked_for()
    {
        await using var probe = await WithTagsAsync(new SandboxRegistryOptions { MaxPageSize = 2 });

        var answer = await probe.GetAsync("/v2/acme/shop/tags/list?n=1000");

        Assert.Equal(["10", "9"], Tags(answer));
        Assert.Equal("</v2/acme/shop/tags/list?n=2&last=9>; rel=\"next\"", answer["Link"]);
    }

    [Fact]
    public async Task A_repository_that_nobody_pushed_to_is_unknown()
    {
        await using var probe = await WithTagsAsync();

        Assert.Equal((404, "NAME_UNKNOWN"), await probe.GetAsync("/v2/acme/other/tags/list") is var answer ? (answer.Status, answer.ErrorCode) : default);
    }

    [Fact]
    public async Task Tag_lists_have_a_validator_only_where_the_registry_is_one_that_gives_it()
    {
        await using var plain = await WithTagsAsync();
        await using var modern = await WithTagsAsync(new SandboxRegistryOptions { TagListValidators = true });
        var tag = (await modern.GetAsync("/v2/acme/shop/tags/list"))["ETag"]!;

        var same = await modern.GetAsync("/v2/acme/shop/tags/list", ("If-None-Match", tag));
        modern.Registry.Content.Tag("acme/shop", "d", Shop.Digest);
        var changed = await modern.GetAsync("/v2/acme/shop/tags/list", ("If-None-Match", tag));

        Assert.Null((await plain.GetAsync("/v2/acme/shop/tags/list"))["ETag"]);
        Assert.Equal([304, 200], [same.Status, changed.Status]);
    }

    [Fact]
    public async Task The_catalog_lists_repositories_in_pages()
    {
        await using var probe = await WithTagsAsync();
        await probe.PushAsync("acme/api", Shop, "1");

        var first = await probe.GetAsync("/v2/_catalog?n=1");
        var second = await probe.GetAsync(first["Link"]!.Split('<', '>')[1]);

        Assert.Equal(["acme/api"], first.Json["repositories"]!.AsArray().Select(name => name!.ToString()));
        Assert.Equal(["acme/shop"], second.Json["repositories"]!.AsArray().Select(name => name!.ToString()));
    }

    private static readonly BuiltImage Signature = new ImageBuilder
    {
        Subject = Shop,
        ArtifactType = "application/vnd.dev.cosign.artifact.sig.v1+json",
        Annotations = new ImageBuilder().Annotations.Add("by", "ci"),
    }.Build();

    [Theory]
    [InlineData("", 1, null)]
    [InlineData("?artifactType=application/vnd.dev.cosign.artifact.sig.v1%2Bjson", 1, "artifactType")]
    [InlineData("?artifactType=application/spdx%2Bjson", 0, "artifactType")]
    public async Task Referrers_are_found_by_their_subject_and_filtered_by_type(string query, int count, string? applied)
    {
        await using var probe = await WithTagsAsync();
        await probe.PushAsync("acme/shop", Signature);

        var answer = await probe.GetAsync($"/v2/acme/shop/referrers/{Shop.Digest}{query}");

        Assert.Equal((200, MediaTypes.OciIndex), (answer.Status, answer["Content-Type"]));
        Assert.Equal(count, answer.Json["manifests"]!.AsArray().Count);
        Assert.Equal(applied, answer["OCI-Filters-Applied"]);
    }

    [Fact]
    public async Task A_referrer_is_described_with_its_type_and_annotations()
    {
        await using var probe = await WithTagsAsync();
        await probe.PushAsync("acme/shop", Signature);

        var entry = (await probe.GetAsync($"/v2/acme/shop/referrers/{Shop.Digest}")).Json["manifests"]![0]!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($$$"""
            {"mediaType":"{{{MediaTypes.OciManifest}}}","size":{{{Signature.Manifest.Length}}},"digest":"{{{Signature.Digest}}}",
             "artifactType":"application/vnd.dev.cosign.artifact.sig.v1+json","annotations":{"by":"ci"}}
            """), entry));
    }

    [Fact]
    public async Task Without_the_referrers_api_the_pusher_keeps_the_list_under_a_tag()
    {
        await using var probe = await WithTagsAsync(new SandboxRegistryOptions { ReferrersApi = false });
        await probe.PushAsync("acme/shop", Signature);
        await probe.PushAsync("acme/shop", Signature);

        var listed = await probe.GetAsync($"/v2/acme/shop/manifests/{ContentDigest.ReferrersTag(Shop.Digest)}", AcceptAll);

        Assert.Equal(404, (await probe.GetAsync($"/v2/acme/shop/referrers/{Shop.Digest}")).Status);
        Assert.Equal(Signature.Digest, Assert.Single(listed.Json["manifests"]!.AsArray())!["digest"]!.ToString());
    }

    [Fact]
    public async Task With_the_referrers_api_a_push_says_that_the_subject_was_understood()
    {
        await using var probe = await WithTagsAsync();
        await probe.PushAsync("acme/shop", Signature);

        var again = await probe.SendAsync("PUT", $"/v2/acme/shop/manifests/{Signature.Digest}", Signature.Manifest.ToArray(), ("Content-Type", MediaTypes.OciManifest));

        Assert.Equal((201, Shop.Digest), (again.Status, again["OCI-Subject"]));
        Assert.DoesNotContain(ContentDigest.ReferrersTag(Shop.Digest), probe.Registry.Content.Tags("acme/shop")!.Value);
    }
}
