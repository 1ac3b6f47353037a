using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class FieldLookupTests
{
    private const string Object = """
        {
          "metadata": {"name": "shop", "managedFields": [
            {"manager": "helm", "operation": "Update", "time": "2026-01-01T00:00:00Z", "fieldsV1": {"f:spec": {"f:values": {"f:image": {".": {}, "f:repository": {}}}}}},
            {"manager": "slipway", "operation": "Update", "time": "2026-01-02T00:00:00Z", "fieldsV1": {"f:spec": {"f:values": {"f:image": {"f:tag": {}}}}}},
            {"manager": "kubectl-edit", "operation": "Update", "time": "2026-01-03T00:00:00Z", "fieldsV1": {"f:spec": {"f:atomic": {}, "f:images": {"v:\"a:1\"": {}}}}},
            {"manager": "argocd", "operation": "Apply", "time": "2026-01-04T00:00:00Z", "fieldsV1": {"f:spec": {"f:keyed": {
              "k:{\"name\":\"web\",\"port\":80}": {".": {}, "f:image": {}}, "k:{\"name\":\"other\",\"port\":81}": {"f:image": {}}, "k:not json": {}}}}},
            {"manager": "other", "operation": "Update", "time": "2026-01-05T00:00:00Z", "fieldsV1": {"f:spec": {"f:counted": {"i:1": {"f:image": {}}}}}},
            {"manager": "without fields", "operation": "Update", "time": "2026-01-09T00:00:00Z"}
          ]},
          "spec": {
            "values": {"image": {"repository": "ghcr.io/acme/shop", "tag": "1.0.0", "pullPolicy": null, "float": 1.4, "on": true}, "my/ch~art": {"tag": "2"}},
            "atomic": [{"name": "web", "image": "a:1"}, {"name": "twin", "image": "a:2"}, {"name": "twin", "image": "a:3"}],
            "keyed": [{"name": "web", "port": 80, "image": "b:1"}],
            "counted": [{"image": "c:0"}, {"image": "c:1"}],
            "images": ["a:1"],
            "source": {"helm": {"parameters": [{"name": "tag", "value": "2.0.0"}]}}
          },
          "status": {"sync": {"comparedTo": {"source": {"helm": {"parameters": [{"name": "tag", "value": "1.9.0"}]}}}}}
        }
        """;

    [Theory]
    [InlineData("spec.values.image.tag", "1.0.0", "/spec/values/image/tag", "slipway")]
    [InlineData("spec.values.image.repository", "ghcr.io/acme/shop", "/spec/values/image/repository", "helm")]
    [InlineData("spec.values[\"my/ch~art\"].tag", "2", "/spec/values/my~1ch~0art/tag", null)]
    [InlineData("spec.atomic[name=web].image", "a:1", "/spec/atomic/0/image", "kubectl-edit")]
    [InlineData("spec.keyed[name=web].image", "b:1", "/spec/keyed/0/image", "argocd")]
    [InlineData("spec.counted[1].image", "c:1", "/spec/counted/1/image", "other")]
    [InlineData("spec.counted[0].image", "c:0", "/spec/counted/0/image", null)]
    [InlineData("spec.images[0]", "a:1", "/spec/images/0", "kubectl-edit")]
    public void What_stands_at_a_path_is_read_with_its_place_and_its_last_writer(string path, string text, string place, string? manager)
    {
        var read = Read(path);

        Assert.Equal((text, place, manager, null), (read.Text, read.Place, read.Owner?.Manager, read.Problem));
    }

    [Theory]
    [InlineData("spec.values.image.digest", "/spec/values/image/digest")]
    [InlineData("spec.values.image.pullPolicy", "/spec/values/image/pullPolicy")]
    [InlineData("spec.counted[0].digest", "/spec/counted/0/digest")]
    public void A_field_that_is_not_there_yet_can_be_written_where_its_surroundings_are(string path, string place) =>
        Assert.Equal(new FieldReading(null, place), Read(path));

    [Theory]
    [InlineData("spec.values.img.tag", "has no img (it has image, my/ch~art) in spec.values")]
    [InlineData("data.tag", "has no data (it has metadata, spec, status)")]
    [InlineData("spec.values.image.float", "has the number 1.4 at spec.values.image.float; put quotes around it where it is written")]
    [InlineData("spec.values.image.on", "has a boolean at spec.values.image.on, and not a text")]
    [InlineData("spec.values.image", "has an object at spec.values.image, and not a text")]
    [InlineData("spec.values.image.tag.more", "has a text and no field more in spec.values.image.tag")]
    [InlineData("spec.values[0]", "has an object and no list in spec.values")]
    [InlineData("spec.values[name=web]", "has an object and no list in spec.values")]
    [InlineData("spec.atomic[name=wep].image", "has no item with name=wep (it has web, twin, twin) in spec.atomic")]
    [InlineData("spec.atomic[name=twin].image", "has several items with name=twin in spec.atomic")]
    [InlineData("spec.images[1]", "has only 1 items and no item 1 in spec.images")]
    public void A_path_that_leads_nowhere_says_where_it_ends_and_what_is_there(string path, string problem)
    {
        var read = Read(path);

        Assert.Equal((null, problem), (read.Text, read.Problem));
    }

    [Fact]
    public void What_argo_cd_compared_last_is_read_from_its_copy_of_the_source()
    {
        Assert.Equal(("2.0.0", "1.9.0"), (Read("spec.source.helm.parameters[name=tag].value").Text, Read("spec.source.helm.parameters[name=tag].value").Compared));
        Assert.Null(Read("spec.values.image.tag").Compared);
    }

    private static FieldReading Read(string path)
    {
        Assert.True(FieldPath.TryParse(path, out var parsed, out var error), error);
        return FieldLookup.Read(Sample.Json(Object), parsed);
    }
}
