using static Slipway.Cli.Schemas.Field;
using static Slipway.Cli.Schemas.Schema;

namespace Slipway.Cli.Schemas;

/// <summary>The schema of a Release, field by field in the order of the wire types. A test holds the two together.</summary>
internal static class ReleaseSchema
{
    public static readonly Schema Whole = Object(
        "One attempt to deploy, and how it ended. The Releases of a Delivery are its history. Slipway writes them; nobody else needs to.",
        May("apiVersion", Text("slipway.dev/v1alpha1")),
        May("kind", Text("Release")),
        May("metadata", new Schema("object", "")),
        Must("spec", Spec),
        May("status", Status));

    private static Schema Spec => Object(
        "What was attempted.",
        Must("delivery", Text("Name of the Delivery, in the same namespace.")),
        Must("number", Number("1, 2, 3, … within the Delivery.")),
        May("repository", Text("Where the image is.")),
        May("tag", Text("Its readable version.")),
        Must("digest", Text("What it is.")),
        May("previous", DeliverySchema.ReleasedImage("What ran before, and is gone back to; absent when nothing was known to be good.")),
        Must("cause", Text("NewImage, Adopted, Rollback or Retry.")),
        May("by", Text("Who asked, where a person did.")),
        Must("startedAt", Instant("When it started.")));

    private static Schema Status => Object(
        "How it ended.",
        May("outcome", OneOf("Where it stands.", "Running", "Succeeded", "RolledBack", "Failed", "Superseded", "Exposed")),
        May("reason", Text("CamelCase, for machines.")),
        May("message", Text("A sentence, for people.")),
        May("finishedAt", Instant("When it ended.")),
        May("transitions", List("What happened on the way, oldest first.", Object(
            "One move of the rollout.",
            Must("ordinal", new Schema("integer", "1, 2, 3, … within the attempt.") { Format = "int32" }),
            Must("at", Instant("When.")),
            Must("what", Text("CamelCase, for machines.")),
            Must("message", Text("A sentence, for people.")),
            May("by", Text("Who asked, where a person did."))))),
        May("checks", List("What was measured, check by check and step by step.", CheckSchema.Result)));
}
