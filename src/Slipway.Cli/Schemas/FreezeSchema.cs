using static Slipway.Cli.Schemas.Field;
using static Slipway.Cli.Schemas.Schema;

namespace Slipway.Cli.Schemas;

/// <summary>The schema of a Freeze, field by field in the order of the wire types.</summary>
internal static class FreezeSchema
{
    public static readonly Schema Whole = Object(
        "A time in which nothing starts and no exposure is raised.",
        May("apiVersion", Text("slipway.dev/v1alpha1")),
        May("kind", Text("Freeze")),
        May("metadata", new Schema("object", "")),
        Must("spec", Object(
            "What is frozen, when, and why.",
            Must("reason", Text("What people are told who want to know why nothing moves.") with { Least = 1, Most = 1024 }),
            May("from", Moment("When it begins, such as 2026-12-24T18:00:00Z; at once when absent.")),
            May("until", Moment("When it ends; when it is deleted, when absent.")),
            May("windows", DeliverySchema.Windows("Within them it freezes, and not between them; all the time when absent.", kinds: false)),
            May("namespaces", Texts("Names of namespaces, with * for any letters; all when absent.") with { Most = 100 }),
            May("deliveries", Selector("Labels of the Deliveries that are frozen; all when absent.")))));

    // RFC 3339. Of the wire type it is a text: a date that somebody got wrong must not make the whole Freeze unreadable, for then nothing would be frozen.
    private static Schema Moment(string description) => Text(description) with { Pattern = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})$" };
}
