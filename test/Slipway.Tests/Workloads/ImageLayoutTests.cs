using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Images;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class ImageLayoutTests
{
    private const string Repository = "ghcr.io/acme/shop";

    private static readonly string Digest = $"sha256:{new string('a', 64)}";
    private static readonly FieldOwner Slipway = new("slipway", "Update");
    private static readonly FieldOwner Helm = new("helm", "Update");
    private static readonly FieldOwner Person = new("kubectl-edit", "Update");

    [Theory]
    [InlineData("Reference", "ghcr.io/acme/shop:1.0.0", "ghcr.io/acme/shop:1.0.0")]
    [InlineData("Tag", "1.0.0", "ghcr.io/acme/shop:1.0.0")]
    [InlineData("Tag", "", "")]
    [InlineData("Reference", "", "")]
    public void One_field_makes_an_image_with_what_the_delivery_knows(string part, string text, string image) =>
        Assert.Equal(image, Layout(("spec.a", part)).Compose(State(("spec.a", text, null)), Repository).Image);

    [Fact]
    public void Several_fields_together_make_one_image()
    {
        var layout = Layout(("spec.repo", "Repository"), ("spec.tag", "Tag"), ("spec.digest", "Digest"));

        var image = layout.Compose(State(("spec.repo", "docker.io/acme/web", null), ("spec.tag", "1.0.0", null), ("spec.digest", Digest, null)), Repository);

        Assert.Equal($"docker.io/acme/web:1.0.0@{Digest}", image.Image);
        Assert.Equal("spec.repo, spec.tag, spec.digest", image.Container);
        Assert.Equal((false, true), (image.ByTag, image.Apart));
    }

    [Fact]
    public void Without_tag_and_digest_there_is_no_image_rather_than_the_latest_one() =>
        Assert.Equal("", Layout(("spec.repo", "Repository"), ("spec.tag", "Tag")).Compose(State(("spec.repo", Repository, null)), Repository).Image);

    [Fact]
    public void Where_only_a_tag_can_be_written_the_tag_has_to_do()
    {
        var image = Layout(("spec.tag", "Tag")).Compose(State(("spec.tag", "1.0.0", null)), Repository);

        Assert.Equal((true, false), (image.ByTag, image.Apart));
    }

    [Fact]
    public void Who_wrote_the_version_decides_and_a_person_before_a_tool()
    {
        var layout = Layout(("spec.repo", "Repository"), ("spec.tag", "Tag"), ("spec.digest", "Digest"));

        Assert.Equal(Slipway, layout.Compose(State(("spec.repo", Repository, Person), ("spec.tag", "1", Slipway), ("spec.digest", Digest, Slipway)), Repository).Owner);
        Assert.Equal(Helm, layout.Compose(State(("spec.repo", Repository, Person), ("spec.tag", "1", Helm), ("spec.digest", Digest, Slipway)), Repository).Owner);
        Assert.Equal(Person, layout.Compose(State(("spec.repo", Repository, Helm), ("spec.tag", "1", Helm), ("spec.digest", Digest, Person)), Repository).Owner);
        Assert.Equal(Helm, layout.Compose(State(("spec.repo", "ghcr.io/acme/fork", Helm), ("spec.tag", "1", Slipway)), Repository).Owner);
    }

    [Fact]
    public void Each_field_is_told_its_own_part()
    {
        Assert.True(ImageReference.TryParse($"{Repository}:1.1.0@{Digest}", out var reference, out _));

        var spelled = Layout(("spec.repo", "Repository"), ("spec.tag", "Tag"), ("spec.digest", "Digest")).Spell(reference, "1.1.0", Digest).Select(entry => entry.Text);

        Assert.Equal([Repository, "1.1.0", Digest], spelled);
        Assert.Equal([$"{Repository}:1.1.0@{Digest}"], Layout(("spec.a", null)).Spell(reference, "1.1.0", Digest).Select(entry => entry.Text));
    }

    [Theory]
    [InlineData("spec.a", "Tag", "spec.a", "Digest", "at", "spec.a is named twice")]
    [InlineData("spec.a", "Tag", "spec.b", "Tag", "at", "has Tag more than once: the paths of one target describe one image; name the object in another target")]
    [InlineData("spec.a", "Reference", "spec.b", "Digest", "at", "a Reference is a whole image")]
    [InlineData("spec.a", "Repository", null, null, "at", "a Repository alone tells no version")]
    [InlineData("spec.a", "tag", null, null, "at[0].as", "'tag' is not one of Reference, Repository, Tag, Digest")]
    [InlineData("spec.a", "1", null, null, "at[0].as", "is not one of")]
    [InlineData("spec.a[", "Tag", null, null, "at[0].path", "has a bracket that cannot be read")]
    [InlineData("", "Tag", null, null, "at[0].path", "is missing")]
    public void What_describes_no_image_is_refused_with_field_reason_and_way_out(string path, string part, string? other, string? otherPart, string field, string says)
    {
        ImagePath[] paths = other is null ? [new(path, part)] : [new(path, part), new(other, otherPart)];

        Assert.False(ImageLayout.TryRead("at", paths, out _, out var problem));

        Assert.Equal(field, problem.Field);
        Assert.Contains(says.Replace('\'', '"'), problem.Message.Replace('\'', '"'), StringComparison.Ordinal);
    }

    private static ImageLayout Layout(params (string Path, string? Part)[] fields)
    {
        Assert.True(ImageLayout.TryRead("at", [.. fields.Select(field => new ImagePath(field.Path, field.Part))], out var layout, out var problem), $"{problem}");
        return layout;
    }

    private static CustomState State(params (string Path, string Text, FieldOwner? Owner)[] fields) => new(
        fields.ToImmutableDictionary(field => field.Path, field => new FieldReading(field.Text.Length == 0 ? null : field.Text, "", field.Owner)), ReportedStatus.None, false);
}
