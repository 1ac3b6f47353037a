using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class FieldPathTests
{
    [Theory]
    [InlineData("spec.values.image.tag", "spec.values.image.tag")]
    [InlineData("spec.template.spec.containers[name=web].image", "spec.template.spec.containers[name=web].image")]
    [InlineData("spec.source.helm.parameters[name=image.tag].value", "spec.source.helm.parameters[name=image.tag].value")]
    [InlineData("spec.source.helm.parameters[name=\"image.tag\"].value", "spec.source.helm.parameters[name=image.tag].value")]
    [InlineData("spec.images[0]", "spec.images[0]")]
    [InlineData("spec.images[007].ref", "spec.images[7].ref")]
    [InlineData("spec['values'][\"my.chart\"].tag", "spec.values[\"my.chart\"].tag")]
    [InlineData("data[\"a]b\"]", "data[\"a]b\"]")]
    [InlineData("data[\"a\\\"b\\\\\"]", "data[\"a\\\"b\\\\\"]")]
    [InlineData("spec.args[name=\"with blank\"].value", "spec.args[name=\"with blank\"].value")]
    [InlineData("[\"spec\"].image", "spec.image")]
    public void A_path_has_one_spelling_which_reads_as_the_same_path(string written, string spelled)
    {
        Assert.True(FieldPath.TryParse(written, out var path, out var error), error);

        Assert.Equal(spelled, path.ToString());
        Assert.True(FieldPath.TryParse(spelled, out var again, out _));
        Assert.Equal(path, again);
        Assert.Equal(path.GetHashCode(), again.GetHashCode());
        Assert.Equal(path.Steps, again.Steps);
    }

    [Theory]
    [InlineData("", "is missing")]
    [InlineData("spec", "names a whole part of the object")]
    [InlineData("metadata.annotations", "begins with metadata, which is not for an image")]
    [InlineData("status.image", "begins with status")]
    [InlineData("kind.x", "begins with kind")]
    [InlineData("[0].image", "begins with a list")]
    [InlineData("spec..tag", "has no name at character 6")]
    [InlineData("spec.tag.", "has no name at character 10")]
    [InlineData(".spec.tag", "has no name at character 1")]
    [InlineData("spec.a b", "has ' ' at character 7")]
    [InlineData("spec.images[", "has a bracket that cannot be read")]
    [InlineData("spec.images[]", "has a bracket that cannot be read")]
    [InlineData("spec.images[-1]", "has a bracket that cannot be read")]
    [InlineData("spec.images[12345]", "has a bracket that cannot be read")]
    [InlineData("spec.images[name]", "has a bracket that cannot be read")]
    [InlineData("spec.images[name=]", "has a bracket that cannot be read")]
    [InlineData("spec.images[name=web", "has a bracket that cannot be read")]
    [InlineData("spec.images[name==web]x", "has 'x' at character 23")]
    [InlineData("spec.images[*]", "has a bracket that cannot be read")]
    [InlineData("spec[\"tag]", "has a quote that is not closed")]
    [InlineData("spec[\"\\", "has a quote that is not closed")]
    [InlineData("spec['']", "has an empty key")]
    public void What_is_no_path_is_refused_with_the_place_and_the_way_out(string written, string says)
    {
        Assert.False(FieldPath.TryParse(written, out _, out var error));

        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_bounded_in_length_and_in_steps()
    {
        Assert.False(FieldPath.TryParse($"spec.{new string('a', 600)}", out _, out var tooLong));
        Assert.False(FieldPath.TryParse($"spec{string.Concat(Enumerable.Repeat(".a", 40))}", out _, out var tooDeep));

        Assert.Equal(("is longer than 512 characters", "has more than 32 steps"), (tooLong, tooDeep));
    }

    [Fact]
    public void Nothing_that_is_written_makes_the_reader_fail()
    {
        const string Letters = "a.[]=\"'\\0 ";
        var seed = 17;
        for (var round = 0; round < 20_000; round++)
        {
            var text = "spec" + string.Concat(Enumerable.Range(0, 8).Select(_ => Letters[(seed = (seed * 1103515245) + 12345) is var drawn ? (int)((uint)drawn >> 16) % Letters.Length : 0]));

            Assert.Equal(FieldPath.TryParse(text, out var path, out var error), error.Length == 0);
            Assert.True(path is null || FieldPath.TryParse(path.ToString(), out var again, out _) && again.Equals(path), text);
        }
    }
}
