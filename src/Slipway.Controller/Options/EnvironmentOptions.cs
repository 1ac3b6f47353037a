using System.Globalization;
using Slipway.Configuration;

namespace Slipway.Controller.Options;

/// <summary>Reads the options from environment variables, as the manifests of <c>slipway install</c> set them.</summary>
public static class EnvironmentOptions
{
    public static ControllerOptions Read(Func<string, string?> environment)
    {
        var defaults = new ControllerOptions { Identity = Identity(environment) };
        return defaults with
        {
            Namespace = Text("SLIPWAY_WATCH_NAMESPACE"),
            Listen = Text("SLIPWAY_LISTEN") ?? defaults.Listen,
            LeaseNamespace = Text("SLIPWAY_LEASE_NAMESPACE"),
            Shards = Shards(Text("SLIPWAY_SHARDS")),
            WebhookToken = Text("SLIPWAY_WEBHOOK_TOKEN"),
            PlainHttpRegistries = [.. (Text("SLIPWAY_PLAIN_HTTP_REGISTRIES") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            CacheDirectory = Text("SLIPWAY_CACHE_DIR"),
            Config = Text("SLIPWAY_CONFIG"),
            Dashboard = Text("SLIPWAY_DASHBOARD"),
            Logs = Text("SLIPWAY_LOG_FORMAT") == "line" ? LogFormat.Line : LogFormat.Json,
        };

        string? Text(string name) => environment(name) is { Length: > 0 } text ? text : null;
    }

    /// <exception cref="ConfigurationException">It is no number from 1 to 64.</exception>
    private static int Shards(string? text) => text is null ? 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shards) && shards is >= 1 and <= ControllerOptions.MostShards ? shards
        : throw new ConfigurationException($"SLIPWAY_SHARDS is '{text}' and must be a number from 1 to {ControllerOptions.MostShards}, the same in all replicas");

    /// <summary>The pod's name, or the host's, with what tells one process from the next of the same name.</summary>
    public static string Identity(Func<string, string?> environment) =>
        $"{environment("HOSTNAME") ?? Environment.MachineName}_{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6))}";
}
