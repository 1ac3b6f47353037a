using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Cli.Schemas;

/// <summary>Our kinds as CustomResourceDefinitions that every server since Kubernetes 1.20 takes.</summary>
internal static class CustomResources
{
    public static readonly ImmutableArray<string> Plurals = [ApiNames.DeliveryPlural, ApiNames.ReleasePlural, ApiNames.FreezePlural, ApiNames.ClusterCheckPlural, ApiNames.NotifierPlural];

    /// <summary>With a status subresource: who may edit a spec may not thereby forge what Slipway remembers.</summary>
    public static JsonObject Delivery => Definition(
        ApiNames.DeliveryKind,
        ApiNames.DeliveryPlural,
        ApiNames.DeliveryShortName,
        DeliverySchema.Whole,
        statusSubresource: true,
        new("Version", "string", ".status.current.tag", "What runs, or is gone back to"),
        new("Candidate", "string", ".status.candidate.tag", "What the policy selects now"),
        new("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", "Whether the newest version that may run does"),
        new("Held", "string", ".status.held.reason", "Why nothing starts now"),
        new("Age", "date", ".metadata.creationTimestamp", ""));

    /// <summary>Without a status subresource: a Release is one record, and spec and outcome are written together.</summary>
    public static JsonObject Release => Definition(
        ApiNames.ReleaseKind,
        ApiNames.ReleasePlural,
        ApiNames.ReleaseShortName,
        ReleaseSchema.Whole,
        statusSubresource: false,
        new("Delivery", "string", ".spec.delivery", "Whose history it is in"),
        new("Number", "integer", ".spec.number", ""),
        new("Version", "string", ".spec.tag", "What was deployed"),
        new("Outcome", "string", ".status.outcome", "How it ended"),
        new("Reason", "string", ".status.reason", ""),
        new("Age", "date", ".metadata.creationTimestamp", ""));

    /// <summary>In no namespace: who may stop everything is not who may edit one thing.</summary>
    public static JsonObject Freeze => Definition(
        ApiNames.FreezeKind,
        ApiNames.FreezePlural,
        ApiNames.FreezeShortName,
        FreezeSchema.Whole,
        statusSubresource: false,
        new("Reason", "string", ".spec.reason", "Why nothing moves"),
        new("From", "string", ".spec.from", "When it begins"),
        new("Until", "string", ".spec.until", "When it ends by itself"),
        new("Age", "date", ".metadata.creationTimestamp", ""));

    /// <summary>For the whole cluster: who writes them decides for all namespaces what good is.</summary>
    public static JsonObject ClusterCheck => Definition(
        ApiNames.ClusterCheckKind,
        ApiNames.ClusterCheckPlural,
        ApiNames.ClusterCheckShortName,
        CheckSchema.Template,
        statusSubresource: false,
        new Column("Pass", "string", ".spec.pass", "Which values are good"),
        new Column("Age", "date", ".metadata.creationTimestamp", ""));

    /// <summary>In a namespace, as the Secrets that it names are.</summary>
    public static JsonObject Notifier => Definition(
        ApiNames.NotifierKind,
        ApiNames.NotifierPlural,
        ApiNames.NotifierShortName,
        NotifierSchema.Whole,
        statusSubresource: true,
        new("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", "Whether telling goes well"),
        new("Delivered", "date", ".status.lastDelivered", "When something was told last"),
        new("Failures", "integer", ".status.failures", "Messages that were given up"),
        new("Dropped", "integer", ".status.dropped", "Messages that had no room"),
        new("Age", "date", ".metadata.creationTimestamp", ""));

    public static ImmutableArray<JsonObject> All => [Delivery, Release, Freeze, ClusterCheck, Notifier];

    private sealed record Column(string Name, string Type, string Path, string Description);

    private static JsonObject Definition(
        string kind, string plural, string shortName, Schema schema, bool statusSubresource, params ImmutableArray<Column> columns)
    {
        var version = new JsonObject
        {
            ["name"] = ApiNames.Version,
            ["served"] = true,
            ["storage"] = true,
            ["additionalPrinterColumns"] = new JsonArray([.. columns.Select(Print)]),
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema.ToJson() },
        };
        if (statusSubresource)
        {
            version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        }

        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{plural}.{ApiNames.Group}", ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "slipway" } },
            ["spec"] = new JsonObject
            {
                ["group"] = ApiNames.Group,
                ["scope"] = kind is ApiNames.FreezeKind or ApiNames.ClusterCheckKind ? "Cluster" : "Namespaced",
                ["names"] = new JsonObject
                {
                    ["kind"] = kind,
                    ["listKind"] = $"{kind}List",
                    ["plural"] = plural,
                    ["singular"] = kind.ToLowerInvariant(),
                    ["shortNames"] = new JsonArray(shortName),
                },
                ["versions"] = new JsonArray(version),
            },
        };
    }

    private static JsonObject Print(Column column)
    {
        var json = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.Path };
        if (column.Description.Length > 0)
        {
            json["description"] = column.Description;
        }

        return json;
    }
}
