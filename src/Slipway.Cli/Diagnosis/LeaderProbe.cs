using System.Globalization;
using System.Text.Json;
using Slipway.Controller.Options;
using Slipway.Explanations;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>Which process leads, by the Lease that it renews. Nobody who leads means that nothing ships.</summary>
internal static class LeaderProbe
{
    private const string Subject = "leader";
    private const string SeeWhy = "see what the controller says: kubectl logs -A -l app.kubernetes.io/name=slipway";

    // Two clocks are compared here, by who only wants to know; the controllers themselves compare none.
    private const int Expired = 4;

    private static readonly string LeaseName = new ControllerOptions { Identity = "" }.LeaseName;

    private sealed record Sight(string Holder, TimeSpan Duration, DateTimeOffset? Renewed);

    public static async Task<IReadOnlyList<Finding>> LookAsync(Examination examination, CancellationToken cancellationToken)
    {
        var leases = new ResourceClient<Sight>(examination.Connection, ResourceTypes.Leases, Read);
        IReadOnlyList<ResourceItem<Sight>> found;
        try
        {
            found = (await leases.ListAsync(new ListScope(null, FieldSelector: $"metadata.name={LeaseName}"), cancellationToken)).Items;
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            found = await leases.GetAsync(new ObjectKey(examination.Home, LeaseName), cancellationToken) is { } one ? [one] : [];
        }

        var mine = found.Where(item => item.Key.Name == LeaseName).ToArray();
        return mine.Length == 0
            ? [new Finding(Subject, Verdict.Problem, $"there is no Lease {LeaseName}: no controller has ever led here", "slipway install | kubectl apply -f -")]
            : [.. mine.Select(item => Of(item.Key, item.Value, examination.Now))];
    }

    private static Finding Of(ObjectKey key, Sight lease, DateTimeOffset now)
    {
        if (lease.Holder.Length == 0)
        {
            return new Finding(Subject, Verdict.Problem, $"Lease {key}: nobody holds it: the last controller has ended", SeeWhy);
        }

        var age = now - (lease.Renewed ?? now);
        return lease.Renewed is null || age > lease.Duration * Expired
            ? new Finding(Subject, Verdict.Problem, $"Lease {key}: {lease.Holder} holds it, and has not renewed it {(lease.Renewed is null ? "ever" : $"for {Words.Age(age)}")}", SeeWhy)
            : new Finding(Subject, Verdict.Ok, $"Lease {key}: {lease.Holder} leads");
    }

    private static Sight Read(JsonElement lease)
    {
        var spec = lease.Property("spec") ?? default;
        return new Sight(
            spec.Text("holderIdentity") ?? "",
            TimeSpan.FromSeconds(Math.Clamp(spec.Number("leaseDurationSeconds") ?? 15, 1, 3600)),
            DateTimeOffset.TryParse(spec.Text("renewTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var renewed) ? renewed : null);
    }
}
