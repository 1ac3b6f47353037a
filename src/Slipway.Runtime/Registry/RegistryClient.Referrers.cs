using System.Collections.Immutable;
using Slipway.Signatures;

namespace Slipway.Registry;

// What refers to an image.
public sealed partial class RegistryClient
{
    // A page is up to a list's size; more than these are not what people attach to one image.
    private const int MaxReferrerPages = 8;

    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    /// <summary>
    /// What refers to the image, in the order of the registry, as far as some pages go. Not filtered by type, which would be a request for
    /// each. A registry that does not know the question says no by a status.
    /// </summary>
    /// <remarks>OCI distribution spec 1.1, "Listing Referrers".</remarks>
    public async Task<RegistryAnswer<ImmutableArray<Referrer>>> ListReferrersAsync(RegistryAccess access, string digest, CancellationToken cancellationToken)
    {
        var verb = $"list what refers to {access.Repository}@{digest}";
        if (!NewCall(access, HttpMethod.Get, $"referrers/{digest}", verb, _options.MaxDocumentBytes).IsOk(out var call, out var problem))
        {
            return problem;
        }

        var referrers = ImmutableArray.CreateBuilder<Referrer>();
        for (var page = 0; page < MaxReferrerPages; page++)
        {
            if (!(await AskAsync(access, call with { Accept = IndexType }, RegistryProblemKind.TagNotFound, cancellationToken)).IsOk(out var response, out problem))
            {
                return problem;
            }

            if (Referrer.TryParse(response.Body) is not { } read)
            {
                return new RegistryProblem(RegistryProblemKind.InvalidAnswer, $"cannot {verb}: {access.Repository.Domain}: the answer is no list of referrers");
            }

            referrers.AddRange(read);

            // One that leads nowhere or elsewhere ends the list: what is there already may suffice, and what is not is missing.
            if (NextPage.From(response.Link, call.Address) is not NextPage.At next)
            {
                break;
            }

            call = call with { Address = next.Address };
        }

        return referrers.ToImmutable();
    }
}
