using System.Text.Json.Serialization;
using Slipway.Api;

namespace Slipway.Checks;

/// <summary>Where a measurement comes from, with all that making it needs. Of secrets it holds only the names.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Prometheus), nameof(Prometheus))]
[JsonDerivedType(typeof(Web), nameof(Web))]
[JsonDerivedType(typeof(Http), nameof(Http))]
[JsonDerivedType(typeof(Job), nameof(Job))]
public abstract record CheckSource
{
    private CheckSource() { }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<CheckHeader>? Headers { get; init; }

    public CheckAuth? Auth { get; init; }

    /// <param name="Address">Null: the controller's own.</param>
    /// <param name="Query">With placeholders.</param>
    public sealed record Prometheus(string? Address, string Query) : CheckSource
    {
        /// <summary>For distributions: how far back samples are taken. Null: one instant is asked for.</summary>
        public TimeSpan? Window { get; init; }

        /// <summary>Time between two samples.</summary>
        public TimeSpan? Step { get; init; }
    }

    /// <param name="Url">With placeholders, as <paramref name="Body"/> is.</param>
    public sealed record Web(string Url, string Method = "GET", string? Body = null, string? JsonPath = null) : CheckSource;

    /// <param name="Url">With placeholders; null where pods or a Service are asked on <paramref name="Port"/>.</param>
    public sealed record Http(string? Url, int? Port = null, string? Path = null, string? Service = null, string Scheme = "http") : CheckSource
    {
        /// <summary>Null: 200 to 399.</summary>
        public IReadOnlyList<int>? Expect { get; init; }
    }

    public sealed record Job(string Image) : CheckSource
    {
        public IReadOnlyList<string>? Command { get; init; }

        public IReadOnlyList<string>? Args { get; init; }

        public IReadOnlyList<CheckVariable>? Env { get; init; }

        /// <summary>With placeholders.</summary>
        public string? Url { get; init; }

        public string? ServiceAccount { get; init; }

        public IReadOnlyList<SecretReference>? PullSecrets { get; init; }

        public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(1);
    }
}
