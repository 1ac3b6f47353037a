namespace Slipway.Api;

/// <summary>Exactly one strategy; default rolling.</summary>
public sealed record Strategy(RollingStrategy? Rolling = null, CanaryStrategy? Canary = null, BlueGreenStrategy? BlueGreen = null);

/// <summary><see cref="Hold"/>: time that the new version must stay healthy before it has passed; default 0s.</summary>
public sealed record RollingStrategy(string? Hold = null);

/// <summary>The new version beside the stable one, with a growing share of the requests.</summary>
public sealed record CanaryStrategy
{
    public IReadOnlyList<CanaryStep>? Steps { get; init; }

    public Traffic? Traffic { get; init; }

    /// <summary>Time that the promoted version must stay healthy before the canary is taken away; default 0s.</summary>
    public string? Bake { get; init; }

    /// <summary>Without a router one pod is the least that can be shown: whether more than twice the asked weight is accepted. Default false.</summary>
    public bool? AllowCoarse { get; init; }
}

/// <summary>One step. Without a weight the one before it stays.</summary>
public sealed record CanaryStep
{
    /// <summary>Share of the requests, in percent.</summary>
    public int? Weight { get; init; }

    /// <summary>Time that the step lasts at least; default 0s.</summary>
    public string? Hold { get; init; }

    /// <summary>Names of the checks that are made in this step; default: all that are made During a rollout.</summary>
    public IReadOnlyList<string>? Checks { get; init; }

    /// <summary>A person must say yes before the step is over.</summary>
    public StepApproval? Approval { get; init; }

    /// <summary>Time box: the exposure ends after so long, whatever happens.</summary>
    public string? For { get; init; }

    /// <summary>What follows the time box: Revert (default), Promote, or Ask.</summary>
    public string? Then { get; init; }

    /// <summary>Requests that go to the new version whatever the weight; any of them is enough. Needs an HTTPRoute or an Ingress.</summary>
    public IReadOnlyList<RequestMatch>? Match { get; init; }

    /// <summary>Requests are sent to the new version too, and its answers are thrown away. Needs an HTTPRoute.</summary>
    public bool? Mirror { get; init; }
}

/// <summary><see cref="Expires"/>: after so long without an answer the rollout is ended; default never.</summary>
public sealed record StepApproval(string? Expires = null);

/// <summary>Exactly one of the two.</summary>
public sealed record RequestMatch(NamedValue? Header = null, NamedValue? Cookie = null);

/// <summary>A header or a cookie, and the value that it must have.</summary>
public sealed record NamedValue(string? Name = null, string? Value = null);

/// <summary>How requests are divided. Without a router the pods are the weight; else exactly one router.</summary>
public sealed record Traffic
{
    /// <summary>The Service of the stable pods; default: the only one whose selector matches them.</summary>
    public string? Service { get; init; }

    /// <summary>An HTTPRoute (gateway.networking.k8s.io) of which a rule names the Service.</summary>
    public ObjectReference? HttpRoute { get; init; }

    /// <summary>An Ingress (networking.k8s.io) served by ingress-nginx that names the Service.</summary>
    public ObjectReference? Ingress { get; init; }

    /// <summary>A weighted TraefikService (traefik.io) that names the Service.</summary>
    public ObjectReference? TraefikService { get; init; }

    /// <summary>Time from a weight's acknowledgement to the moment it counts as in effect; default 5s.</summary>
    public string? Settle { get; init; }

    /// <summary>Time between the last request that may be sent to a pod and its end; default 10s.</summary>
    public string? Drain { get; init; }
}

/// <summary>An object in the namespace of the Delivery.</summary>
public sealed record ObjectReference(string? Name = null);

/// <summary>The new version at full size beside the stable one, and one switch of the Service.</summary>
public sealed record BlueGreenStrategy
{
    /// <summary>The Service that is switched; default: the only one whose selector matches the stable pods.</summary>
    public string? Service { get; init; }

    /// <summary>A Service on the new version before the switch; made where it is missing. Default none.</summary>
    public string? PreviewService { get; init; }

    /// <summary>Time that the new version runs unswitched, at least; default 0s.</summary>
    public string? Hold { get; init; }

    /// <summary>Time that the old side is kept as it was after the switch, so that an abort returns at once; default 0s.</summary>
    public string? KeepOld { get; init; }

    /// <summary>A person must say yes before the switch.</summary>
    public StepApproval? Approval { get; init; }

    /// <summary>Time that the promoted version must stay healthy before the preview is taken away; default 0s.</summary>
    public string? Bake { get; init; }

    public string? Settle { get; init; }

    public string? Drain { get; init; }
}
