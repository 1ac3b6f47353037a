using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Checks.Templates;
using Slipway.History;

namespace Slipway.CheckSources;

/// <summary>The Job of a measurement.</summary>
internal static class JobManifest
{
    /// <summary>What measurement it is: one of that name that says another thing is somebody else's.</summary>
    public const string MeasurementAnnotation = ApiNames.Group + "/measurement";

    public const string Container = "check";

    /// <returns>Null, with the reason, where a placeholder has no value here.</returns>
    public static JsonObject? TryMake(MeasureWish wish, CheckSource.Job source, out string problem)
    {
        var words = new Words(wish);
        var container = new JsonObject
        {
            ["name"] = Container,
            ["image"] = words.Put(source.Image),
            ["env"] = Environment(wish, source, words),
            ["terminationMessagePolicy"] = "FallbackToLogsOnError",
            ["securityContext"] = new JsonObject { ["allowPrivilegeEscalation"] = false, ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } },
        };
        Set(container, "command", source.Command, words);
        Set(container, "args", source.Args, words);
        var job = new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = Metadata(wish),
            ["spec"] = new JsonObject
            {
                // A measurement is made once; whether it is made again is for the check to say.
                ["backoffLimit"] = 0,
                ["activeDeadlineSeconds"] = (long)Math.Max(1, Math.Ceiling(source.Timeout.TotalSeconds)),
                ["ttlSecondsAfterFinished"] = (long)source.Ttl.TotalSeconds,
                ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = Labels(wish) }, ["spec"] = Pod(source, container) },
            },
        };
        problem = words.Problem ?? "";
        return words.Problem is null ? job : null;
    }

    private static JsonObject Pod(CheckSource.Job source, JsonObject container)
    {
        var pod = new JsonObject
        {
            ["restartPolicy"] = "Never",
            ["automountServiceAccountToken"] = source.ServiceAccount is not null,
            ["containers"] = new JsonArray(container),
        };
        if (source.ServiceAccount is { } account)
        {
            pod["serviceAccountName"] = account;
        }

        if (source.PullSecrets is { Count: > 0 } secrets)
        {
            pod["imagePullSecrets"] = new JsonArray([.. secrets.Select(secret => (JsonNode)new JsonObject { ["name"] = secret.Name })]);
        }

        return pod;
    }

    private static JsonObject Metadata(MeasureWish wish) => new()
    {
        ["name"] = MeasurementName.Of(wish),
        ["namespace"] = wish.Context.Namespace,
        ["labels"] = Labels(wish),
        ["annotations"] = new JsonObject { [MeasurementAnnotation] = MeasurementName.Identity(wish) },
        ["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = ApiNames.ApiVersion,
            ["kind"] = ApiNames.DeliveryKind,
            ["name"] = wish.Context.Delivery,
            ["uid"] = wish.Context.Uid,
            ["controller"] = true,
        }),
    };

    // None that a Service of the user could select by.
    private static JsonObject Labels(MeasureWish wish) => new()
    {
        ["app.kubernetes.io/managed-by"] = ApiNames.FieldManager,
        [ApiNames.DeliveryLabel] = ReleaseName.LabelFor(wish.Context.Delivery),
    };

    private static JsonArray Environment(MeasureWish wish, CheckSource.Job source, Words words)
    {
        var (context, versions) = (wish.Context, Sides.Versions(wish));
        (string Name, string Value)[] ours =
        [
            ("VERSION", versions.Version),
            ("DIGEST", versions.Digest),
            ("PREVIOUS", versions.Previous),
            ("PREVIOUS_DIGEST", versions.PreviousDigest),
            ("URL", source.Url is { } url ? words.Put(url, TextSyntax.Url) : ""),
            ("DELIVERY", context.Delivery),
            ("RELEASE", context.Release),
        ];
        var own = source.Env ?? [];
        return new JsonArray(
        [
            .. ours.Where(variable => own.All(other => other.Name != variable.Name)).Select(variable => (JsonNode)new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value }),
            .. own.Select(variable => (JsonNode)(variable.SecretKeyRef is { } secret
                ? new JsonObject { ["name"] = variable.Name, ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = secret.Name, ["key"] = secret.Key } } }
                : new JsonObject { ["name"] = variable.Name, ["value"] = words.Put(variable.Value ?? "") })),
        ]);
    }

    private static void Set(JsonObject container, string field, IReadOnlyList<string>? texts, Words words)
    {
        if (texts is { Count: > 0 })
        {
            container[field] = new JsonArray([.. texts.Select(text => (JsonNode)words.Put(text))]);
        }
    }

    private sealed class Words(MeasureWish wish)
    {
        public string? Problem { get; private set; }

        public string Put(string text, TextSyntax syntax = TextSyntax.Plain)
        {
            var rendered = CheckWords.TryRender(text, syntax, wish, ofStable: false, out var problem);
            Problem ??= rendered is null ? problem : null;
            return rendered ?? "";
        }
    }
}
