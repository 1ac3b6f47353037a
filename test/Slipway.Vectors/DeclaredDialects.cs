using System.Collections.Frozen;

namespace Slipway.Vectors;

/// <summary>
/// Peers' own rules that Slipway does not follow, by file and dialect. A dialect is ours as a whole or not at all: never an op of a dialect whose other ops pass.
/// Where a file does not mark a rule as a peer's, an op or, at the end, a case stands here in its place: only where the design decides against it.
/// </summary>
public static class DeclaredDialects
{
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        ["policy-regex/keel"] = "it orders what a group captured as text, so that build 9 comes after build 10; ours is filter.extract with an order of its own",
        ["policy-semver/keel"] =
            "its policies (patch, minor, major, all) are relative to what runs, so that what is picked depends on the path that led there; a range says the same by itself",
        ["dockerconfig/keel"] = "it compares hosts without ports and paths, so that a login would go where the kubelet does not send it; ours are the kubelet's rules",
        ["registry-cloud/go-containerregistry"] = "localhost/repo is a repository of localhost, as the reference grammar and the kubelet read it",
        ["registry-cloud/kargo"] = "the question is whether a host is one of ECR, with a repository or without",
        ["registry-cloud/kubernetes-in-tree"] = "'azurecr.' followed by any suffix would be sent a token of ours: a suffix has to be known or named",
        ["registry-http/digest-in-repo-digests"] = "watchtower compares with the RepoDigests of a Docker engine; in a cluster the pods' imageID says what runs, by repository and digest",
        ["registry-http/rh-0063"] = "watchtower asks ghcr.io for images of lscr.io; a login goes to the host it is for, and lscr.io answers by itself",
        ["registry-http/rh-0086"] = "a list whose page links to itself has no end that is known: it is refused whole, for a policy must not act on a part of it",
        ["registry-http/rh-0148"] = "go-containerregistry takes private addresses for plain HTTP; here a login goes over plain HTTP only where the operator has named the registry",
    }.ToFrozenDictionary();
}
