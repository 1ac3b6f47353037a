using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Kube;

/// <summary>
/// What the server serves ("API concepts", Discovery): <c>/apis</c> for groups and their versions, <c>/apis/GROUP/VERSION</c> for kinds.
/// Answers are kept; a kind that was not found is asked for again after <see cref="MissAge"/>, since a CRD may be installed at any time.
/// </summary>
public sealed class ApiDiscovery(ClusterConnection connection) : IDisposable
{
    public static readonly TimeSpan MissAge = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, ImmutableArray<ResourceType>> _kinds = [];
    private Dictionary<string, ImmutableArray<string>>? _versions;
    private long _readAt;

    /// <summary>
    /// The kind in the first version that has it, in the server's order of preference: <c>batch</c> / <c>CronJob</c> is v1beta1 on 1.20 and v1
    /// later. Null when the server has no such kind.
    /// </summary>
    /// <param name="version">Only that one, such as v1beta1; null for any.</param>
    /// <exception cref="KubeException">The server did not answer. A group whose own server is down (an aggregated API) fails alone.</exception>
    public async Task<ResourceType?> FindAsync(string group, string kind, CancellationToken cancellationToken, string? version = null)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await LookAsync(group, kind, version, cancellationToken) is { } found)
            {
                return found;
            }

            if (connection.Time.GetElapsedTime(_readAt) < MissAge)
            {
                return null;
            }

            Clear();
            return await LookAsync(group, kind, version, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Asks anew from now on: after an upgrade of the server, or a 404 for a path that existed.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        Clear();
        _one.Release();
    }

    public void Dispose() => _one.Dispose();

    private void Clear()
    {
        _versions = null;
        _kinds.Clear();
    }

    private async Task<ResourceType?> LookAsync(string group, string kind, string? only, CancellationToken cancellationToken)
    {
        if (_versions is null)
        {
            _versions = await connection.CallAsync(new KubeCall(HttpMethod.Get, "get", "the list of API groups", "/apis"), ReadGroups, cancellationToken);
            _readAt = connection.Time.GetTimestamp();
        }

        foreach (var version in (group.Length == 0 ? ["v1"] : _versions.GetValueOrDefault(group, [])).Where(version => only is null || version == only))
        {
            if ((await KindsAsync(group, version, cancellationToken)).FirstOrDefault(type => type.Kind == kind) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    private async Task<ImmutableArray<ResourceType>> KindsAsync(string group, string version, CancellationToken cancellationToken)
    {
        var path = group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}";
        if (_kinds.TryGetValue(path, out var known))
        {
            return known;
        }

        var call = new KubeCall(HttpMethod.Get, "get", $"the kinds of {path}", path);
        try
        {
            return _kinds[path] = await connection.CallAsync(call, answer => ReadKinds(answer, group, version), cancellationToken);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // The version went away between the two questions.
            return [];
        }
    }

    private static Dictionary<string, ImmutableArray<string>> ReadGroups(JsonElement answer)
    {
        var groups = new Dictionary<string, ImmutableArray<string>>();
        foreach (var group in answer.Elements("groups"))
        {
            var preferred = group.Property("preferredVersion")?.Text("version");
            var versions = group.Elements("versions").Select(version => version.Text("version")).OfType<string>();
            groups[group.Text("name") ?? ""] = [.. versions.OrderBy(version => version == preferred ? 0 : 1)];
        }

        return groups;
    }

    // A name with a slash is a subresource (deployments/scale), whose kind is that of another resource.
    private static ImmutableArray<ResourceType> ReadKinds(JsonElement answer, string group, string version)
    {
        var kinds = ImmutableArray.CreateBuilder<ResourceType>();
        foreach (var resource in answer.Elements("resources"))
        {
            if (resource.Text("name") is { } plural && resource.Text("kind") is { } kind && !plural.Contains('/'))
            {
                kinds.Add(new ResourceType(group, version, plural, kind, resource.Property("namespaced")?.ValueKind == JsonValueKind.True));
            }
        }

        return kinds.ToImmutable();
    }
}
