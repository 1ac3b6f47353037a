using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class FieldPatchTests
{
    private static readonly WorkloadSnapshot Shop = new()
    {
        Key = new("Widget.example.com", "prod", "shop"),
        ApiVersion = "example.com/v1",
        ResourceVersion = "7",
        Custom = new(
            ImmutableDictionary<string, FieldReading>.Empty
                .Add("spec.tag", new("1.0.0", "/spec/tag"))
                .Add("spec.digest", new(null, "/spec/digest"))
                .Add("spec.repo", new("ghcr.io/acme/shop", "/spec/repo")),
            ReportedStatus.None,
            Annotated: true),
    };

    [Fact]
    public void A_patch_tests_the_version_and_each_value_and_changes_what_differs_and_nothing_else() => Same(
        """
        [
          {"op":"test","path":"/metadata/resourceVersion","value":"7"},
          {"op":"test","path":"/spec/tag","value":"1.0.0"},
          {"op":"replace","path":"/spec/tag","value":"1.1.0"},
          {"op":"add","path":"/spec/digest","value":"sha256:x"},
          {"op":"add","path":"/metadata/annotations/slipway.dev~1release","value":"4"}
        ]
        """,
        FieldPatch.For(Shop, [Field("spec.repo", "ghcr.io/acme/shop"), Field("spec.tag", "1.1.0"), Field("spec.digest", "sha256:x")], ImagePatch.Annotations(4, null)));

    [Fact]
    public void The_first_annotation_brings_the_map_around_it() => Same(
        """
        [
          {"op":"test","path":"/metadata/resourceVersion","value":"7"},
          {"op":"add","path":"/metadata/annotations","value":{}},
          {"op":"add","path":"/metadata/annotations/slipway.dev~1release","value":"4"},
          {"op":"add","path":"/metadata/annotations/slipway.dev~1version","value":"1.1.0"}
        ]
        """,
        FieldPatch.For(Shop with { Custom = Shop.Custom! with { Annotated = false } }, [], ImagePatch.Annotations(4, "1.1.0")));

    [Fact]
    public void A_workload_of_a_known_kind_is_not_patched_by_path() =>
        Assert.Throws<ArgumentException>(() => FieldPatch.For(Shop with { Custom = null }, [], ImmutableDictionary<string, string>.Empty));

    [Theory]
    [InlineData("nginx:1", "docker.io/library/nginx", "nginx")]
    [InlineData("ghcr.io/acme/fork:1", "ghcr.io/acme/shop", "ghcr.io/acme/shop")]
    [InlineData("", "ghcr.io/acme/shop", "ghcr.io/acme/shop")]
    public void The_repository_keeps_the_spelling_that_its_owner_gave_it(string present, string repository, string written) =>
        Assert.Equal(written, FieldPatch.Named(new ContainerImage("a", present), repository).WrittenName);

    private static (ImageField, string) Field(string path, string text)
    {
        Assert.True(FieldPath.TryParse(path, out var parsed, out _));
        return (new ImageField(parsed, ImagePart.Tag), text);
    }

    private static void Same(string expected, JsonArray patch) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), patch), patch.ToJsonString());
}
