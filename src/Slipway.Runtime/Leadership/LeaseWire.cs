using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Leadership;

/// <summary>A Lease on the wire (<c>coordination.k8s.io/v1</c>, LeaseSpec).</summary>
internal static class LeaseWire
{
    public static LeaseRecord Read(JsonElement lease)
    {
        var spec = lease.Property("spec") ?? default;
        return new LeaseRecord(
            lease.Property("metadata")?.Text("resourceVersion") ?? "",
            spec.Text("holderIdentity") ?? "",
            TimeSpan.FromSeconds(Math.Clamp(spec.Number("leaseDurationSeconds") ?? 0, 0, int.MaxValue)),
            spec.Text("acquireTime"),
            spec.Text("renewTime"),
            spec.Number("leaseTransitions") ?? 0);
    }

    /// <summary>The record as a patch that holds only at the version it was read at.</summary>
    public static JsonObject Write(LeaseRecord record, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (record.ResourceVersion.Length > 0)
        {
            metadata["resourceVersion"] = record.ResourceVersion;
        }

        return new JsonObject
        {
            ["apiVersion"] = ResourceTypes.Leases.ApiVersion,
            ["kind"] = ResourceTypes.Leases.Kind,
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = record.Holder,

                // At least 1, or the server refuses it.
                ["leaseDurationSeconds"] = (int)Math.Max(1, Math.Ceiling(record.Duration.TotalSeconds)),
                ["acquireTime"] = record.AcquireTime,
                ["renewTime"] = record.RenewTime,
                ["leaseTransitions"] = record.Transitions,
            },
        };
    }

    /// <summary>MicroTime of meta/v1: RFC 3339 with six digits.</summary>
    public static string Instant(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
