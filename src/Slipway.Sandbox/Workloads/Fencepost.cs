using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>How many pods an update may have too many and too few ("Max Unavailable", "Max Surge" of Deployments).</summary>
internal readonly record struct Fencepost(int MaxSurge, int MaxUnavailable)
{
    /// <summary>Surge is rounded up and unavailable down; when both come to nothing, one may be unavailable, or nothing would ever move.</summary>
    public static Fencepost Of(JsonObject deployment)
    {
        if (deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            return default;
        }

        var replicas = deployment.Replicas();
        var surge = Resolve(deployment.Field("spec", "strategy", "rollingUpdate", "maxSurge"), "25%", replicas, up: true);
        var unavailable = Resolve(deployment.Field("spec", "strategy", "rollingUpdate", "maxUnavailable"), "25%", replicas, up: false);
        return new(surge, Math.Min(surge == 0 && unavailable == 0 ? 1 : unavailable, replicas));
    }

    /// <summary>An IntOrString: a count, or a part of the total.</summary>
    public static int Resolve(JsonNode? value, string byDefault, int total, bool up)
    {
        if (JsonFields.AsNumber(value) is { } count)
        {
            return (int)count;
        }

        var text = JsonFields.AsText(value) ?? byDefault;
        var part = double.Parse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture) * total / 100;
        return (int)(up ? Math.Ceiling(part) : Math.Floor(part));
    }
}
