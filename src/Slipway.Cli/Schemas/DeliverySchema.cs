using static Slipway.Cli.Schemas.Field;
using static Slipway.Cli.Schemas.Schema;

namespace Slipway.Cli.Schemas;

/// <summary>The schema of a Delivery, field by field in the order of the wire types. A test holds the two together.</summary>
internal static class DeliverySchema
{
    public static readonly Schema Whole = Object(
        "What to watch, how to choose, how to roll out.",
        May("apiVersion", Text("slipway.dev/v1alpha1")),
        May("kind", Text("Delivery")),
        May("metadata", new Schema("object", "")),
        Must("spec", Spec),
        May("status", Status));

    private static Schema Spec => Object(
        "What you want.",
        Must("targets", List(
            "The workloads that run the image, in order: the first is rolled out and judged, the others follow once it has passed, and go back with it.",
            Target) with { Least = 1, Most = 100 }),
        Must("source", Source),
        May("pin", OneOf(
            "The form in which an image is written to the workload: repository:tag@digest (TagAndDigest, used when absent), repository:tag or repository@digest.",
            "TagAndDigest",
            "Tag",
            "Digest")),
        May("strategy", StrategySchema.Whole),
        May("checks", CheckSchema.Checks),
        May("progressDeadline", Duration("Longest time without progress before a rollout has failed; 10m when absent.")),
        May("rollback", OneOf(
            "What happens when a rollout fails: OnFailure (used when absent) goes back to the last good version, Never leaves things as they are.",
            "OnFailure",
            "Never")),
        May("onInconclusive", OneOf(
            "What happens when the checks of a step cannot tell good from bad until its deadline: RollBack (used when absent), or Wait for a person or for better data.",
            "RollBack",
            "Wait")),
        May("approval", OneOf("Whether a person says yes to each version before it starts (Manual); Automatic when absent.", "Automatic", "Manual")),
        May("approvalExpires", Duration("How long a yes counts; for ever when absent.")),
        May("windows", Windows("When rollouts may start and go on: within one of the windows that allow, if there are any, and within none that denies; always when absent.", kinds: true)),
        May("after", List("Deliveries that must run the same image, and well, before it starts here.", Object(
            "One of them.",
            Must("delivery", Text("Its name, or its namespace and name, such as staging/shop.")),
            May("healthyFor", Duration("For how long it must have run it well; any time when absent.")))) with { Most = 20 }),
        May("group", Object(
            "Deliveries of one namespace that move together: all ready, then all switch, or all back.",
            Must("name", Text("Name of the group.") with { Least = 1 }),
            May("order", new Schema("integer", "Members with a lower number switch first; 0 when absent.") { Format = "int32" }),
            May("dependsOn", Texts("Members, by the names of their Deliveries, that switch before this one.") with { Most = 50 }),
            May("wait", Duration("Longest time that this one, being ready, waits for the others; 24h when absent.")))),
        May("suspend", Flag("While true nothing starts and nothing is written to the workloads.") with { Default = false }),
        May("history", Object(
            "How many Releases to keep. The current and the last good one before it are never removed.",
            May("limit", new Schema("integer", "Releases to keep.") { Format = "int32", Least = 1, Most = 1000, Default = 50 }),
            May("maxAge", Duration("Age at which a Release may go; none when absent.")))),
        May("publish", Object(
            "Where the running version is written for others to read; nowhere when absent.",
            May("configMap", Object(
                "One key of a ConfigMap in the namespace of the Delivery, which is created where it is missing. A key that somebody else owns is left to them.",
                Must("name", Text("Name of the ConfigMap.")),
                Must("key", Text("The key that holds the version.")))))));

    private static Schema Target => Object(
        "One workload by name, or every one of the kind that the selector matches: exactly one of name and selector.",
        May("apiVersion", Text("Group and version of the kind, such as apps/v1; the server's own when absent.")),
        May("kind", Text("Deployment (used when absent), StatefulSet, DaemonSet, CronJob, Job (see recreate), or any other (see imagePaths).")),
        May("name", Text("Name of the workload, in the namespace of the Delivery.")),
        May("selector", Selector("Labels of the workloads.")),
        May("containers", Texts("Containers to update, init containers too; when absent, all whose image is in source.repository.")),
        May("imagePaths", List("For a kind that Slipway does not know: the fields that describe its image together.", Object(
            "A field that holds an image, or a part of one.",
            Must("path", Text("Such as spec.values.image.tag or spec.template.spec.containers[name=web].image.")),
            May("as", OneOf("What the field holds; Reference when absent.", "Reference", "Repository", "Tag", "Digest")))) with { Most = 8 }),
        May("recreate", OneOf("For a Job, whose template cannot be changed: when it may be deleted and created anew with another version.", "WhenFinished", "Always")));

    private static Schema Source => Object(
        "Where the image comes from and which of its tags is wanted.",
        May("repository", Text("Such as ghcr.io/acme/shop; when absent, the repository of the first target's first container.")),
        Must("follow", Object(
            "How to choose: exactly one policy.",
            May("semver", Object(
                "The highest version.",
                May("range", Text("Such as '>=1.4 <2' or '~1.4' (the grammar of Masterminds/semver); any release version when absent.")),
                May("includePrerelease", Flag("Takes prereleases too.")))),
            May("tag", Object(
                "Whatever image a moving tag is on, forwards or back.",
                Must("name", Text("The tag to follow.")),
                May("versionPattern", Text("Finds the readable version among the tags on the same digest (RE2); it must match a tag from end to end.")))),
            May("numeric", Ordered("The highest number.")),
            May("alphabetical", Ordered("The last in byte order.")),
            May("calver", Object(
                "The newest version by the calendar (calver.org).",
                Must("layout", Text("How versions are written, from end to end, such as YYYY.0M.MICRO; made of YYYY, YY, 0Y, MM, 0M, WW, 0W, DD, 0D, MAJOR, MINOR, MICRO and MODIFIER.")))),
            May("newest", Object("The image that was built last, by the time that its config tells. There is nothing to set: write {}."))) with { Least = 1, Most = 1 }),
        May("filter", Object(
            "Which tags are considered at all.",
            May("pattern", Text("Keeps the tags that it matches (RE2, anywhere in the tag: anchor it with ^ and $ to mean all of it).")),
            May("extract", Text("What the policy orders by, made of the pattern's groups, such as '$v' or '${1}'; the tag when absent.")),
            May("exclude", Texts("Patterns (RE2) of tags to pass over.") with { Most = 32 }))),
        May("minimumAge", Duration("Time that a candidate must have been seen before it ships; none when absent.")),
        May("interval", Duration("Time between two looks at the registry, at least 1s.") with { Default = "1m" }),
        May("platforms", Texts("What an image must run on, such as linux/arm64; when absent, or Auto alone, every node that the pods may land on.") with { Most = 16 }),
        May("pullSecrets", List("Secrets for the registry, beyond those of the workload and its service account.", Object(
            "A Secret in the namespace of the Delivery.",
            Must("name", Text("Its name."))))),
        May("verify", Verify));

    private static Schema Verify => Object(
        "Which signatures a candidate must have before anything is written; none when absent.",
        Must("keys", List("Public keys: one of them must have signed. Several while one takes the place of another.", Object(
            "One or several public keys in PEM (PUBLIC KEY): exactly one of the fields.",
            May("configMapKeyRef", Entry("An entry of a ConfigMap in the namespace of the Delivery.")),
            May("secretKeyRef", Entry("An entry of a Secret in the namespace of the Delivery.")),
            May("pem", Text("The keys themselves."))) with { Least = 1, Most = 1 }) with { Least = 1, Most = 16 }),
        May("attestations", List("Attestations that must be there, each signed by one of the keys.", Object(
            "A kind of in-toto statement about the image.",
            Must("predicateType", Text("Such as https://slsa.dev/provenance/v1.")))) with { Most = 16 }),
        May("signedIdentity", Text("The repository that the signature must name; the one that is followed when absent. For images that were copied with their signatures.")));

    private static Schema Entry(string description) => Object(
        description,
        Must("name", Text("Name of the object.")),
        Must("key", Text("Name of the entry.")));

    private static Schema Ordered(string description) => Object(
        description,
        May("order", OneOf("Ascending (used when absent): the last in order is the newest. Descending: the first is.", "Ascending", "Descending")));

    private static Schema Status => Object(
        "What Slipway knows and remembers. It has no other memory.",
        May("observedGeneration", Number("The generation of the spec that this status answers.")),
        May("conditions", List("Ready, SourceReady and, while they are true, Reconciling and Stalled.", Condition) with { Key = "type" }),
        May("candidate", Candidate("The image that the policy selects now.")),
        May("resting", List("Candidates that a newer one overtook before they had rested for minimumAge. The newest of them that has rested ships while the candidate rests.", Candidate("One of them."))),
        May("current", ReleasedImage("The last image that passed: what the targets run, or go back to.")),
        May("rollout", new Schema("object", "Where the rollout stands: the planner's state, whole.") { Opaque = true }),
        May("rejected", List("Digests that failed. They are not tried again until the spec changes or a person says retry.", Object(
            "One of them.",
            May("tag", Text("Its readable version.")),
            Must("digest", Text("What failed.")),
            Must("release", Number("Number of the Release in which it failed.")),
            Must("reason", Text("CamelCase, for machines.")),
            Must("message", Text("A sentence, for people.")),
            Must("terms", Text("Fingerprint of the spec under which it failed."))))),
        May("held", Object(
            "Why nothing starts now.",
            Must("reason", Text("CamelCase, for machines.")),
            Must("message", Text("A sentence, for people, with the way out.")),
            May("until", Instant("When it ends by itself.")))),
        May("approvals", List("What people said yes to, oldest first.", Object(
            "A person's yes to an image.",
            Must("digest", Text("The image.")),
            May("by", Text("Who said it.")),
            May("from", Text("Where it was said.")),
            Must("at", Instant("When."))))),
        May("group", Object(
            "How the last run of the group ended for this member.",
            Must("run", Number("Number of the run.")),
            Must("at", Instant("When.")),
            May("message", Text("What failed; absent when it has passed.")))),
        May("lastRelease", Number("Number of the newest Release.")),
        May("handled", Object(
            "The requests of people (annotations) that were acted on, by their values.",
            May("check", Text("Of slipway.dev/check.")),
            May("retry", Text("Of slipway.dev/retry.")),
            May("rollback", Text("Of slipway.dev/rollback.")),
            May("resume", Text("Of slipway.dev/resume.")),
            May("promote", Text("Of slipway.dev/promote.")),
            May("abort", Text("Of slipway.dev/abort.")),
            May("approve", Text("Of slipway.dev/approve.")),
            May("reject", Text("Of slipway.dev/reject.")))));

    public static Schema Windows(string description, bool kinds) => List(description, Object(
        "A stretch of time that begins by a schedule.",
        [
            Must("schedule", Text("Cron: minute, hour, day of month, month, day of week, such as '0 9 * * MON-FRI'.")),
            Must("duration", Duration("How long it lasts: time that passes, whatever the clocks do meanwhile.")),
            May("timeZone", Text("IANA name, such as Europe/Paris; UTC when absent.")),
            .. kinds ? [May("kind", OneOf("Allow (used when absent) or Deny.", "Allow", "Deny"))] : Array.Empty<Field>(),
        ])) with { Most = 50 };

    private static Schema Candidate(string description) => Object(
        description,
        May("tag", Text("Its readable version.")),
        Must("digest", Text("What it is.")),
        Must("firstSeen", Instant("When it was first seen; minimumAge counts from here.")),
        Must("why", Text("Why it was picked.")),
        May("built", Instant("When it was built, where the policy goes by that.")));

    private static Schema Condition => Object(
        "One aspect of the state.",
        Must("type", Text("Which aspect.")),
        Must("status", OneOf("Whether it holds.", "True", "False", "Unknown")),
        Must("reason", Text("CamelCase, for machines.")),
        Must("message", Text("A sentence, for people.")),
        Must("lastTransitionTime", Instant("When the status last changed.")),
        May("observedGeneration", Number("The generation of the spec that it speaks of.")));

    public static Schema ReleasedImage(string description) => Object(
        description,
        May("tag", Text("Its readable version.")),
        Must("digest", Text("What it is.")),
        Must("release", Number("Number of the Release that brought it.")),
        May("adopted", Flag("Found running, and left as it was written.")),
        May("built", Instant("When it was built, where that is known.")));
}
