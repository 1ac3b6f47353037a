using Slipway.Checks;
using Slipway.Configuration;

namespace Slipway.CheckSources;

/// <summary>What the one who runs the controller says of checks: <c>checks</c> in the configuration file.</summary>
public sealed record CheckConfiguration
{
    public PrometheusConfiguration? Prometheus { get; init; }

    /// <summary>Hosts that checks may send the controller to, with port or without; <c>*</c> stands for any letters within a label. Default: all but itself, link-local addresses and metadata services.</summary>
    public IReadOnlyList<string>? AllowedHosts { get; init; }

    internal ReachRule Reach => AllowedHosts is { Count: > 0 } hosts ? new ReachRule([.. hosts]) : ReachRule.Open;

    /// <summary>The first thing that is wrong; null where all is well.</summary>
    public static ConfigurationProblem? Check(CheckConfiguration? checks) =>
        checks?.Prometheus is { } prometheus && WhyNot(prometheus.Address) is { } why ? new("$.checks.prometheus.address", why)
        : (checks?.AllowedHosts ?? []).Select((host, at) => (Host: host, At: at)).FirstOrDefault(one => !IsHost(one.Host)) is { Host: { } wrong, At: var index }
            ? new($"$.checks.allowedHosts[{index}]", $"'{wrong}' is no host; write for example grafana.example.com, *.prod.svc or 10.0.0.7:9090")
            : null;

    private static string? WhyNot(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0 ? null
        : $"'{address}' is no address; write for example http://prometheus.monitoring.svc:9090";

    private static bool IsHost(string host) => host.Length is > 0 and <= 253 && !host.AsSpan().ContainsAny("/@ ?#");
}

/// <summary>The Prometheus that checks ask when they name none.</summary>
public sealed record PrometheusConfiguration
{
    public required string Address { get; init; }

    /// <summary>A file that holds a token, as a mounted Secret does; read each time.</summary>
    public string? BearerTokenFile { get; init; }

    /// <summary>PEM file with certificates of authorities that are trusted for it, in the place of the system's.</summary>
    public string? CaFile { get; init; }
}
