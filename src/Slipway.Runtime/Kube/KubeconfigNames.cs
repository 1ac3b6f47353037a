namespace Slipway.Kube;

/// <summary>What a kubeconfig has names for: for who completes them.</summary>
public sealed record KubeconfigNames(IReadOnlyList<string> Contexts, IReadOnlyList<string> Clusters, IReadOnlyList<string> Users)
{
    /// <summary>Empty where there is no kubeconfig.</summary>
    /// <exception cref="ConnectionException">It cannot be read.</exception>
    public static KubeconfigNames Of(ConnectionOptions options) => KubeconfigFiles.Find(options) is var (config, _)
        ? new([.. config.Merged.Contexts.Select(context => context.Name)], [.. config.Merged.Clusters.Select(cluster => cluster.Name)], [.. config.Merged.Users.Select(user => user.Name)])
        : new([], [], []);
}
