using Slipway.Policies;

namespace Slipway.Registry;

// When images were built. On registries that count pulls this is one pull for each image, once.
internal sealed partial class RepositorySession
{
    /// <summary>When the image with this digest was built; Null in it where that cannot be told of what is there.</summary>
    public async Task<RegistryAnswer<BuiltAt>> ReadBuildAsync(string digest, CancellationToken cancellationToken)
    {
        if (facts.Builds.Find(digest) is { } known)
        {
            return known;
        }

        var answer = await TryEachAsync(access => ReadBuildAsync(access, digest, isPart: false, cancellationToken), cancellationToken);
        if (answer.IsOk(out var read, out _))
        {
            facts.Builds.Keep(digest, read);
        }

        return answer;
    }

    private async Task<RegistryAnswer<BuiltAt>> ReadBuildAsync(RegistryAccess access, string digest, bool isPart, CancellationToken cancellationToken)
    {
        if (!(await client.GetManifestAsync(access, digest, cancellationToken)).IsOk(out var bytes, out var problem))
        {
            // Some registries drop the images of platforms that nobody pulls.
            return isPart && problem.Kind is RegistryProblemKind.TagNotFound ? BuiltAt.Untold : problem;
        }

        // What is read here is all that a rollout of it needs to know too: the one that is picked is not read again.
        switch (ImageManifest.TryParse(bytes, out _))
        {
            case ImageManifest.Index { Images: [var first, ..] } index when !isPart:
                facts.Keep(digest, withLabels: false, new ImageFacts(index.Platforms, index.Annotations));
                return await ReadBuildAsync(access, first, isPart: true, cancellationToken);

            case ImageManifest.OnePlatform image:
                if (!(await client.GetBlobAsync(access, image.ConfigDigest, cancellationToken)).IsOk(out bytes, out problem))
                {
                    return problem;
                }

                var config = ImageConfig.TryParse(bytes);
                Kept(digest, withLabels: false, FactsOf(digest, image, config));
                return new BuiltAt(BuildTime.Told(config?.Created));

            // The bytes are those of the digest, so this will not change.
            default:
                return BuiltAt.Untold;
        }
    }
}
