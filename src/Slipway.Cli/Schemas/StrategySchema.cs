using static Slipway.Cli.Schemas.Field;
using static Slipway.Cli.Schemas.Schema;

namespace Slipway.Cli.Schemas;

/// <summary>The schema of <c>spec.strategy</c>.</summary>
internal static class StrategySchema
{
    public static readonly Schema Whole = Object(
        "How to roll out: exactly one strategy; rolling when absent.",
        May("rolling", Object(
            "The workload's own rolling update, watched.",
            May("hold", Duration("Time that the new version must stay healthy before it has passed; 0s when absent.")))),
        May("canary", Canary),
        May("blueGreen", BlueGreen));

    private static Schema Canary => Object(
        "The new version beside the stable one, with a growing share of the requests. The workload itself is not touched until every step has passed.",
        Must("steps", List("In this order.", Step) with { Least = 1, Most = 50 }),
        May("traffic", Traffic),
        May("bake", Duration("Time that the promoted version must stay healthy before the canary is taken away; 0s when absent.")),
        May("allowCoarse", Flag("Accepts that one pod is more than twice the weight that was asked for, where there is no router.")));

    private static Schema Step => Object(
        "One step. Without a weight the one before it stays.",
        May("weight", Percent("Share of the requests, in percent; at most 50 without a router.")),
        May("hold", Duration("Time that the step lasts at least; 0s when absent.")),
        May("checks", Texts("Names of the checks that are made in this step; when absent, all that are made During a rollout.")),
        May("approval", Approval("A person must say yes before the step is over.")),
        May("for", Duration("Time box: the exposure ends after so long, whatever happens.")),
        May("then", OneOf("What follows the time box; Revert when absent.", "Revert", "Promote", "Ask")),
        May("match", List("Requests that go to the new version whatever the weight: any of these is enough. Needs an HTTPRoute or an Ingress.", Object(
            "Exactly one of the two.",
            May("header", Named("A header of the request.")),
            May("cookie", Named("A cookie of the request."))) with { Least = 1, Most = 1 }) with { Most = 8 }),
        May("mirror", Flag("Sends requests to the new version too, and throws its answers away. Needs an HTTPRoute.")));

    private static Schema Traffic => Object(
        "How requests are divided. Without a router the pods are the weight; else exactly one router.",
        May("service", Text("The Service of the stable pods; when absent, the only one whose selector matches them.")),
        May("httpRoute", Reference("An HTTPRoute (gateway.networking.k8s.io) of which a rule names the Service.")),
        May("ingress", Reference("An Ingress (networking.k8s.io) that names the Service and is served by ingress-nginx.")),
        May("traefikService", Reference("A weighted TraefikService (traefik.io) that names the Service.")),
        May("settle", Settle),
        May("drain", Drain));

    private static Schema BlueGreen => Object(
        "The new version at full size beside the stable one, and one switch of the Service.",
        May("service", Text("The Service that is switched; when absent, the only one whose selector matches the stable pods.")),
        May("previewService", Text("A Service on the new version before the switch; made where it is missing.")),
        May("hold", Duration("Time that the new version runs unswitched, at least; 0s when absent.")),
        May("keepOld", Duration("Time that the old side is kept as it was after the switch, so that an abort returns at once; 0s when absent.")),
        May("approval", Approval("A person must say yes before the switch.")),
        May("bake", Duration("Time that the promoted version must stay healthy before the preview is taken away; 0s when absent.")),
        May("settle", Settle),
        May("drain", Drain));

    private static Schema Settle => Duration("Time from a weight's acknowledgement to the moment it counts as in effect; 5s when absent.");

    private static Schema Drain => Duration("Time between the last request that may be sent to a pod and its end; 10s when absent.");

    private static Schema Approval(string description) => Object(
        description,
        May("expires", Duration("After so long without an answer the rollout is ended; never when absent.")));

    private static Schema Named(string description) => Object(
        description,
        Must("name", Text("Its name.")),
        May("value", Text("The value that it must have; empty when absent.")));

    private static Schema Reference(string description) => Object(description, Must("name", Text("Its name, in the namespace of the Delivery.")));

    private static Schema Percent(string description) => new("integer", description) { Format = "int32", Least = 0, Most = 100 };
}
