using System.Collections.Immutable;

namespace Slipway.Api;

/// <summary>What is measured and how it is judged: of one source exactly one field is given. A check and a template say it in the same words.</summary>
public abstract record CheckTerms
{
    public PrometheusCheck? Prometheus { get; init; }

    public WebCheck? Web { get; init; }

    public HttpCheck? Http { get; init; }

    public JobCheck? Job { get; init; }

    /// <summary>An expression over <c>result</c> that says that a value is good.</summary>
    public string? Pass { get; init; }

    /// <summary>An expression over <c>result</c> that says that a value is bad; it weighs more than <see cref="Pass"/>.</summary>
    public string? Fail { get; init; }

    public Compare? Compare { get; init; }

    /// <summary>Time between two measurements; default 30s.</summary>
    public string? Interval { get; init; }

    /// <summary>Measurements to make; default: as many as the step has time for, of a Job one.</summary>
    public int? Count { get; init; }

    /// <summary>So many may fail; default 0. -1: any number, where <see cref="ConsecutiveSuccessLimit"/> decides.</summary>
    public int? FailureLimit { get; init; }

    /// <summary>So many may be inconclusive; default 0, and never fewer than may fail.</summary>
    public int? InconclusiveLimit { get; init; }

    /// <summary>So many in a row may find nothing or nobody; default 4.</summary>
    public int? ConsecutiveErrorLimit { get; init; }

    /// <summary>So many in a row must pass, and then it has passed; default 0: not asked for.</summary>
    public int? ConsecutiveSuccessLimit { get; init; }

    /// <summary>Time before the first measurement; default 1m for Prometheus while the new version has traffic, else 0s.</summary>
    public string? WarmUp { get; init; }

    /// <summary>Before, During (default) or After.</summary>
    public string? When { get; init; }

    /// <summary>Measured and shown, and without a say.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>A check of one Delivery: by itself, or by a template that is made for all.</summary>
public sealed record CheckSpec : CheckTerms
{
    public string? Name { get; init; }

    public CheckTemplate? Template { get; init; }
}

/// <summary>Names a ClusterCheck and gives it what it asks for.</summary>
public sealed record CheckTemplate(string? Name = null, ImmutableDictionary<string, string>? Args = null);

/// <summary>An instant query, or, where distributions are compared, a range query.</summary>
public sealed record PrometheusCheck
{
    /// <summary>Default: the one of the controller's configuration.</summary>
    public string? Address { get; init; }

    public string? Query { get; init; }

    /// <summary>For distributions: how far back samples are taken; default 5m, and never from before the step had traffic.</summary>
    public string? Window { get; init; }

    /// <summary>For distributions: time between two samples; default 15s.</summary>
    public string? Step { get; init; }

    public IReadOnlyList<CheckHeader>? Headers { get; init; }

    public CheckAuth? Auth { get; init; }

    /// <summary>Default 30s.</summary>
    public string? Timeout { get; init; }
}

/// <summary>JSON by URL.</summary>
public sealed record WebCheck
{
    public string? Url { get; init; }

    /// <summary>GET (default), POST or PUT.</summary>
    public string? Method { get; init; }

    public IReadOnlyList<CheckHeader>? Headers { get; init; }

    public CheckAuth? Auth { get; init; }

    public string? Body { get; init; }

    /// <summary>What of the answer is the result; default: all of it.</summary>
    public string? JsonPath { get; init; }

    /// <summary>Default 10s.</summary>
    public string? Timeout { get; init; }
}

/// <summary>A request that must be answered: by <see cref="Url"/>, or on <see cref="Port"/> of the new version's pods, or of a Service.</summary>
public sealed record HttpCheck
{
    public string? Url { get; init; }

    public int? Port { get; init; }

    /// <summary>Default /.</summary>
    public string? Path { get; init; }

    /// <summary>A Service in the namespace of the Delivery; default: each pod of the new version.</summary>
    public string? Service { get; init; }

    /// <summary>HTTP (default) or HTTPS.</summary>
    public string? Scheme { get; init; }

    /// <summary>Status codes that are good; default 200 to 399.</summary>
    public IReadOnlyList<int>? Expect { get; init; }

    public IReadOnlyList<CheckHeader>? Headers { get; init; }

    public CheckAuth? Auth { get; init; }

    /// <summary>Default 10s.</summary>
    public string? Timeout { get; init; }
}

/// <summary>A Job that must end well.</summary>
public sealed record JobCheck
{
    public string? Image { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<CheckVariable>? Env { get; init; }

    /// <summary>What URL tells the Job; default: nothing.</summary>
    public string? Url { get; init; }

    /// <summary>Default: the namespace's, without its token.</summary>
    public string? ServiceAccount { get; init; }

    public IReadOnlyList<SecretReference>? PullSecrets { get; init; }

    /// <summary>Default 10m.</summary>
    public string? Timeout { get; init; }

    /// <summary>Time that it is kept after its end; default 1h.</summary>
    public string? Ttl { get; init; }
}

/// <summary>A header of a request: <see cref="Value"/>, or what an entry of a Secret holds.</summary>
public sealed record CheckHeader(string? Name = null, string? Value = null, ObjectKeyReference? SecretKeyRef = null);

/// <summary>A variable of a Job: <see cref="Value"/>, or what an entry of a Secret holds, which the kubelet reads.</summary>
public sealed record CheckVariable(string? Name = null, string? Value = null, ObjectKeyReference? SecretKeyRef = null);

/// <summary>Exactly one: a token, or a Secret of type kubernetes.io/basic-auth.</summary>
public sealed record CheckAuth(ObjectKeyReference? Bearer = null, SecretReference? Basic = null);

/// <summary>The new version against the stable one, over the same window. All that is given must hold.</summary>
public sealed record Compare
{
    /// <summary>The new version's value may be at most so many times the stable one's.</summary>
    public double? MaxRatio { get; init; }

    /// <summary>The new version's value may exceed the stable one's by so much.</summary>
    public double? MaxDifference { get; init; }

    public MannWhitney? MannWhitney { get; init; }

    /// <summary>Where the stable version has no value: Wait (default; there is no data), or Skip: the expressions alone decide.</summary>
    public string? WithoutStable { get; init; }
}

/// <summary>The test of Mann and Whitney: whether two sets of samples are of one distribution.</summary>
public sealed record MannWhitney
{
    /// <summary>Between 0.5 and 1; default 0.98.</summary>
    public double? Confidence { get; init; }

    /// <summary>Which difference is bad: Increase (default), Decrease or Either.</summary>
    public string? Direction { get; init; }

    /// <summary>A difference counts from this ratio of the means on, such as 1.1; default: any does.</summary>
    public double? Effect { get; init; }

    /// <summary>Of each side; with fewer it is inconclusive. Default 10, at least 5.</summary>
    public int? MinSamples { get; init; }
}
