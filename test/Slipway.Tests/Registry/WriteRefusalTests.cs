using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class WriteRefusalTests
{
    private static WriteRefusal Of(string repository = "ghcr.example/acme/shop", bool login = true) =>
        new("put it there", RepositoryName.TryParse(repository, out var name, out _) ? name : throw new ArgumentException(repository), login);

    [Theory]
    [InlineData(401, false, RegistryProblemKind.Unauthorized, "docker login ghcr.example")]
    [InlineData(403, false, RegistryProblemKind.Unauthorized, "--password-stdin")]
    [InlineData(401, true, RegistryProblemKind.Forbidden, "may not push to acme/shop")]
    [InlineData(403, true, RegistryProblemKind.Forbidden, "give it the right")]
    [InlineData(404, true, RegistryProblemKind.RepositoryNotFound, "no repository acme/shop")]
    [InlineData(412, true, RegistryProblemKind.Forbidden, "immutable")]
    [InlineData(405, true, RegistryProblemKind.Forbidden, "read-only")]
    public void A_put_that_is_refused_says_what_is_missing(int status, bool login, RegistryProblemKind kind, string says)
    {
        var problem = Of(login: login).OfPut(status, []);

        Assert.Equal(kind, problem.Kind);
        Assert.StartsWith("cannot put it there: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MANIFEST_BLOB_UNKNOWN")]
    [InlineData("BLOB_UNKNOWN")]
    [InlineData("MANIFEST_UNKNOWN")]
    public void An_image_that_is_not_whole_is_no_matter_of_rights(string code) =>
        Assert.Contains("misses a part of the image", Of().OfPut(400, [code]).Message, StringComparison.Ordinal);

    [Fact]
    public void The_codes_of_the_registry_are_passed_on() => Assert.Contains("400 (TAG_INVALID)", Of().OfPut(400, ["TAG_INVALID"]).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("registry.example:5000/acme/shop", true, "Move the tag to another image instead")]
    [InlineData("registry.example:5000/acme/shop", true, "storage.delete.enabled")]
    [InlineData("registry.example:5000/acme/shop", false, "storage.delete.enabled")]
    [InlineData("acme/shop", true, "Docker Hub")]
    [InlineData("ghcr.io/acme/shop", true, "GHCR")]
    [InlineData("quay.io/acme/shop", true, "Quay")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop", true, "aws ecr batch-delete-image")]
    public void Where_deletion_is_off_the_way_out_is_that_of_the_registry(string repository, bool byTag, string says) =>
        Assert.Contains(says, Of(repository).OfDelete(405, ["UNSUPPORTED"], byTag).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true, "no such tag")]
    [InlineData(false, "no such manifest")]
    public void What_is_not_there_cannot_be_removed(bool byTag, string says)
    {
        var problem = Of().OfDelete(404, [], byTag);

        Assert.Equal(RegistryProblemKind.TagNotFound, problem.Kind);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_delete_is_told_so() => Assert.Contains("may not delete in acme/shop", Of().OfDelete(403, [], byTag: true).Message, StringComparison.Ordinal);
}
