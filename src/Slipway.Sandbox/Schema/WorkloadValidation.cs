using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Checks the kinds that make pods.</summary>
internal static class WorkloadValidation
{
    private static readonly string[] StatefulSetMayChange =
        ["replicas", "ordinals", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy", "minReadySeconds", "revisionHistoryLimit"];

    public static void Check(string kind, JsonObject value, JsonObject? before, Faults faults)
    {
        if (kind == "CronJob")
        {
            CheckCronJob(value, faults);
            return;
        }
        CheckNumbers(value, faults);
        if (kind == "Job")
        {
            CheckJob(value, before, faults);
            return;
        }
        CheckSelector(value, faults);
        KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "selector");
        if (value.Text("spec", "template", "spec", "restartPolicy") is not ("" or "Always") and var policy)
        {
            faults.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
        }
        if (kind == "Deployment" && value.Text("spec", "strategy", "type") is not ("" or "RollingUpdate" or "Recreate") and var type)
        {
            faults.NotSupported("spec.strategy.type", type, "Recreate", "RollingUpdate");
        }
        if (kind == "StatefulSet" && before is not null && !JsonTree.Equal(Fixed(before), Fixed(value)))
        {
            var others = $"'{string.Join("', '", StatefulSetMayChange[..^1])}' and '{StatefulSetMayChange[^1]}'";
            faults.Forbidden("spec", $"updates to statefulset spec for fields other than {others} are forbidden");
        }
    }

    private static void CheckNumbers(JsonObject value, Faults faults)
    {
        foreach (var field in new[] { "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds", "parallelism", "completions",
            "backoffLimit" })
        {
            if (value.Number("spec", field) is < 0 and var number)
            {
                faults.Invalid($"spec.{field}", number, "must be greater than or equal to 0");
            }
        }
    }

    private static void CheckSelector(JsonObject value, Faults faults)
    {
        var selector = value.Section("spec", "selector");
        if (selector is null)
        {
            faults.Required("spec.selector");
        }
        else if (selector.Count == 0)
        {
            faults.Invalid("spec.selector", new JsonObject(), "empty selector is invalid for deployment");
        }
        else if (!LabelSelector.Of(selector).Matches(value.Section("spec", "template", "metadata", "labels")))
        {
            faults.Invalid("spec.template.metadata.labels", value.Field("spec", "template", "metadata", "labels"),
                "`selector` does not match template `labels`");
        }
    }

    private static void CheckJob(JsonObject value, JsonObject? before, Faults faults)
    {
        if (value.Text("spec", "template", "spec", "restartPolicy") is not ("OnFailure" or "Never") and var policy)
        {
            faults.NotSupported("spec.template.spec.restartPolicy", policy, "OnFailure", "Never");
        }
        KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "completions");
        KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "selector");
        KindValidation.Unchanged(value, before, faults, "field is immutable", "spec", "template");
    }

    private static void CheckCronJob(JsonObject value, Faults faults)
    {
        var schedule = value.Text("spec", "schedule");
        if (schedule.Length == 0)
        {
            faults.Required("spec.schedule");
        }
        else if (schedule[0] != '@' && schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: 5 } and var fields)
        {
            faults.Invalid("spec.schedule", schedule, $"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");
        }
        if (value.Text("spec", "concurrencyPolicy") is not ("" or "Allow" or "Forbid" or "Replace") and var policy)
        {
            faults.NotSupported("spec.concurrencyPolicy", policy, "Allow", "Forbid", "Replace");
        }
        if (value.Text("spec", "jobTemplate", "spec", "template", "spec", "restartPolicy") is not ("OnFailure" or "Never") and var restart)
        {
            faults.NotSupported("spec.jobTemplate.spec.template.spec.restartPolicy", restart, "OnFailure", "Never");
        }
    }

    private static JsonObject Fixed(JsonObject value)
    {
        var spec = JsonTree.Copy(value.Section("spec") ?? []);
        Array.ForEach(StatefulSetMayChange, field => spec.Remove(field));
        return spec;
    }
}
