using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.Images;
using Slipway.Schedules;

namespace Slipway.Deliveries;

/// <summary>Reads what of a spec says when a rollout may start: windows, approval, after, group.</summary>
internal sealed class GateTermsReader(DeliverySpec spec, Action<SpecProblem?> found)
{
    private const int MostPredecessors = 20;
    private const int MostDependencies = 50;

    public WindowSet Windows() => new WindowReader(found).Read(spec.Windows);

    /// <summary>Whether each version needs a person's yes, and how long one counts; null: for ever.</summary>
    public ApprovalTerms? Approval()
    {
        found(spec.Approval is null or "" or "Automatic" or "Manual" ? null : new("spec.approval", $"{UntrustedText.Quote(spec.Approval!)} is not one of Automatic, Manual"));
        var expires = Duration("spec.approvalExpires", spec.ApprovalExpires);
        found(expires is not null && spec.Approval != "Manual" ? new("spec.approvalExpires", "it says how long a yes counts, and none is asked for; write approval: Manual, or take it away") : null);
        return spec.Approval == "Manual" ? new ApprovalTerms(expires) : null;
    }

    public ImmutableArray<AfterTerms> After()
    {
        var after = spec.After ?? [];
        found(after.Count > MostPredecessors ? new("spec.after", $"{after.Count} Deliveries are more than {MostPredecessors}") : null);
        var read = ImmutableArray.CreateBuilder<AfterTerms>();
        for (var index = 0; index < Math.Min(after.Count, MostPredecessors); index++)
        {
            var (field, parts) = ($"spec.after[{index}]", (after[index].Delivery ?? "").Split('/'));
            found(parts.Length > 2 || parts.Any(string.IsNullOrEmpty) ? new($"{field}.delivery", $"{UntrustedText.Quote(after[index].Delivery ?? "")} names no Delivery; write shop, or staging/shop") : null);
            read.Add(new AfterTerms(parts.Length == 2 ? parts[0] : null, parts[^1], Duration($"{field}.healthyFor", after[index].HealthyFor) ?? TimeSpan.Zero));
        }

        return read.ToImmutable();
    }

    public GroupTerms? Group()
    {
        if (spec.Group is not { } group)
        {
            return null;
        }

        var needs = group.DependsOn ?? [];
        found(string.IsNullOrEmpty(group.Name) ? new("spec.group.name", "the group has no name") : null);
        found(needs.Count > MostDependencies ? new("spec.group.dependsOn", $"{needs.Count} members are more than {MostDependencies}") : null);
        found(needs.Any(string.IsNullOrEmpty) ? new("spec.group.dependsOn", "an entry is empty; each is the name of a Delivery of the group") : null);
        return new GroupTerms(group.Name ?? "", group.Order ?? 0, [.. needs.Take(MostDependencies)], Duration("spec.group.wait", group.Wait) ?? TimeSpan.FromHours(24));
    }

    private TimeSpan? Duration(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var read = DurationText.TryParse(text, out var duration);
        found(read ? null : new(field, $"{UntrustedText.Quote(text)} is no duration; write for example 30s, 10m or 1h30m"));
        return duration;
    }
}
