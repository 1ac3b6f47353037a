using System.Collections.Immutable;
using Slipway.Checks;
using static Slipway.Cli.Schemas.Field;
using static Slipway.Cli.Schemas.Schema;

namespace Slipway.Cli.Schemas;

/// <summary>The schema of checks, and of the templates that they are made from.</summary>
internal static class CheckSchema
{
    public static Schema Checks => List("What is measured of a new version, and decides whether it goes on.", Object(
        "One check: by prometheus, web, http or job, or by template.",
        [
            Must("name", Text("Tells it from the others: small letters, digits and -.")),
            May("template", Object(
                "A ClusterCheck that says what is measured.",
                Must("name", Text("Its name.")),
                May("args", Map("What it asks for, as text.")))),
            .. Terms,
        ])) with { Most = CheckPlans.Most };

    public static readonly Schema Template = Object(
        "A check that is written once and used by many Deliveries, with arguments.",
        May("apiVersion", Text("slipway.dev/v1alpha1")),
        May("kind", Text("ClusterCheck")),
        May("metadata", new Schema("object", "")),
        Must("spec", Object(
            "What is measured, and how it is judged.",
            [
                May("args", List("What it asks for: {{ args.NAME }} in a query, args.NAME in an expression.", Object(
                    "One of them.",
                    Must("name", Text("Letters, digits and _.")),
                    May("type", OneOf("What kind of value it is; Text when absent. A Regex is put into a pattern as it is.", "Text", "Number", "Duration", "Flag", "Regex")),
                    May("default", Text("What it is where nothing is given.")),
                    May("required", Flag("Whether it must be given where it has no default; true when absent.")),
                    May("description", Text("Shown to those who do not give it.")))) with { Most = 20 }),
                .. Terms,
            ])));

    /// <summary>In a Release.</summary>
    public static Schema Result => Object(
        "One check of one step.",
        Must("name", Text("Its name.")),
        Must("step", Whole("Index of the step; 1000 is the promotion, 1001 the way back.", 0)),
        Must("verdict", Text("Passed, Pending, NoData, Inconclusive or Failed.")),
        Must("passed", Whole("Measurements that passed.", 0)),
        Must("failed", Whole("Measurements that failed.", 0)),
        Must("inconclusive", Whole("Measurements that were neither.", 0)),
        May("dryRun", Flag("It had no say.")),
        May("pass", Text("What had to hold, as it was then.")),
        May("fail", Text("What must not have held, as it was then.")),
        May("recent", List("The last measurements, oldest first.", Object(
            "One of them.",
            Must("result", Text("Pass, Fail, Inconclusive, NoData or Error.")),
            Must("at", Instant("When it was made.")),
            May("value", Text("What was measured.")),
            May("message", Text("Why, in a sentence.")),
            May("log", Text("Not used here."))))),
        May("log", Text("The end of a Job's log.")));

    private static ImmutableArray<Field> Terms =>
    [
        May("prometheus", Prometheus),
        May("web", Web),
        May("http", Http),
        May("job", Job),
        May("pass", Text("Says that a value is good, such as 'result < 0.01'.")),
        May("fail", Text("Says that a value is bad; it weighs more than pass. What is neither is inconclusive.")),
        May("compare", Compare),
        May("interval", Duration("Time between two measurements; 30s when absent.")),
        May("count", Whole("Measurements to make; when absent as many as the step has time for, of a Job one.", 0)),
        May("failureLimit", Whole("So many may fail; 0 when absent. -1: any number, where consecutiveSuccessLimit decides.", -1)),
        May("inconclusiveLimit", Whole("So many may be inconclusive, and never fewer than may fail; 0 when absent.", 0)),
        May("consecutiveErrorLimit", Whole("So many in a row may find nothing or nobody; 4 when absent.", 0)),
        May("consecutiveSuccessLimit", Whole("So many in a row must pass, and then it has passed; not asked for when absent.", 0)),
        May("warmUp", Duration("Time before the first measurement; when absent 1m for prometheus while the new version has traffic, else 0s.")),
        May("when", OneOf("Before the new version has traffic, During (used when absent), or After it is everywhere, and again after a rollback.", "Before", "During", "After")),
        May("dryRun", Flag("Measured and shown, and without a say.")),
    ];

    private static Schema Prometheus => Object(
        "A query to Prometheus.",
        May("address", Text("Such as http://prometheus.monitoring.svc:9090; the one of the controller's configuration when absent.")),
        Must("query", Text("PromQL, with placeholders such as {{ candidate.pods }}.")),
        May("window", Duration("For compare.mannWhitney: how far back samples are taken; 5m when absent.")),
        May("step", Duration("For compare.mannWhitney: time between two samples; 15s when absent.")),
        May("headers", Headers),
        May("auth", Auth),
        May("timeout", Duration("30s when absent.")));

    private static Schema Web => Object(
        "JSON by URL.",
        Must("url", Text("With placeholders, whose values are encoded.")),
        May("method", OneOf("GET when absent.", "GET", "POST", "PUT")),
        May("headers", Headers),
        May("auth", Auth),
        May("body", Text("JSON, with placeholders.")),
        May("jsonPath", Text("What of the answer is the result, such as $.data.ok; all of it when absent.")),
        May("timeout", Duration("10s when absent.")));

    private static Schema Http => Object(
        "A request that must be answered: by url, or on a port.",
        May("url", Text("With placeholders, whose values are encoded.")),
        May("port", new Schema("integer", "Port of each pod of the new version, or of the service.") { Format = "int32", Least = 1, Most = 65535 }),
        May("path", Text("/ when absent.")),
        May("service", Text("A Service in the namespace of the Delivery; each pod of the new version when absent.")),
        May("scheme", OneOf("HTTP when absent.", "HTTP", "HTTPS")),
        May("expect", List("Status codes that are good; 200 to 399 when absent.", new Schema("integer", "") { Format = "int32" }) with { Most = 20 }),
        May("headers", Headers),
        May("auth", Auth),
        May("timeout", Duration("10s when absent.")));

    private static Schema Job => Object(
        "A Job that must end well. It is told VERSION, DIGEST, PREVIOUS, PREVIOUS_DIGEST, URL, DELIVERY and RELEASE.",
        Must("image", Text("What it runs.")),
        May("command", Texts("Its entry point; the image's when absent.") with { Most = 64 }),
        May("args", Texts("Its arguments, with placeholders.") with { Most = 64 }),
        May("env", List("Variables.", Object(
            "One of them: value or secretKeyRef.",
            Must("name", Text("Its name.")),
            May("value", Text("With placeholders.")),
            May("secretKeyRef", Entry("An entry of a Secret, which the kubelet reads.")))) with { Most = 50 }),
        May("url", Text("What URL tells it, with placeholders.")),
        May("serviceAccount", Text("Name of a ServiceAccount; the namespace's own, without its token, when absent.")),
        May("pullSecrets", List("Secrets for its registry.", Object("A Secret in the namespace of the Delivery.", Must("name", Text("Its name."))))),
        May("timeout", Duration("10m when absent; then it has failed.")),
        May("ttl", Duration("Time that it is kept after its end; 1h when absent.")));

    private static Schema Compare => Object(
        "The new version against the stable one, over the same window: the query speaks of {{ side.pods }}. All that is given must hold.",
        May("maxRatio", Decimal("At most so many times the stable version's value.")),
        May("maxDifference", Decimal("At most so much above the stable version's value.")),
        May("mannWhitney", Object(
            "Whether samples over time are of one distribution.",
            May("confidence", Decimal("From 0.5 to below 1; 0.98 when absent.")),
            May("direction", OneOf("Which difference is bad; Increase when absent.", "Increase", "Decrease", "Either")),
            May("effect", Decimal("A difference counts from this ratio of the means on; any does when absent.")),
            May("minSamples", new Schema("integer", "Of each side, or it is inconclusive; 10 when absent.") { Format = "int32", Least = 5, Most = 1000 }))),
        May("withoutStable", OneOf("Where the stable version has no value: Wait for one (used when absent), or Skip the comparison.", "Wait", "Skip")));

    private static Schema Headers => List("Headers of the request; they go to this host only.", Object(
        "One of them: value or secretKeyRef.",
        Must("name", Text("Its name.")),
        May("value", Text("With placeholders.")),
        May("secretKeyRef", Entry("An entry of a Secret in the namespace of the Delivery.")))) with { Most = 10 };

    private static Schema Auth => Object(
        "Who we are to this host: exactly one of the fields.",
        May("bearer", Entry("A token.")),
        May("basic", Object("A Secret of type kubernetes.io/basic-auth.", Must("name", Text("Its name."))))) with { Least = 1, Most = 1 };

    private static Schema Entry(string description) => Object(description, Must("name", Text("Name of the Secret.")), Must("key", Text("Name of the entry.")));

    private static Schema Whole(string description, int least) => new("integer", description) { Format = "int32", Least = least };
}
