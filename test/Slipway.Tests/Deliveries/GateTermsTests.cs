using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Gates;

namespace Slipway.Tests.Deliveries;

public sealed class GateTermsTests
{
    private static DeliveryTerms Read(DeliverySpec spec) => DeliveryTerms.TryRead(spec, out var terms, out var problem) ? terms : throw new ArgumentException($"{problem}");

    private static DeliverySpec Spec(Func<DeliverySpec, DeliverySpec> change) => change(Specs.Smallest);

    [Fact]
    public void Without_any_of_them_everything_may_start_at_any_time()
    {
        var terms = Read(Spec(spec => spec)).Rollout;

        Assert.Null(terms.Approval);
        Assert.Empty(terms.After);
        Assert.Null(terms.Group);
        Assert.Empty(terms.Windows.Allowing);
        Assert.Empty(terms.Windows.Denying);
    }

    [Fact]
    public void All_of_them_are_read()
    {
        var terms = Read(Spec(spec => spec with
        {
            Approval = "Manual",
            ApprovalExpires = "24h",
            Windows = [new("0 9 * * MON-FRI", "8h", "Europe/Paris"), new("@daily", "1h", null, "Deny")],
            After = [new("staging/shop", "30m"), new("cart")],
            Group = new GroupMembership { Name = "release-train", Order = 2, DependsOn = ["api"], Wait = "1h" },
        })).Rollout;

        Assert.Equal(new ApprovalTerms(TimeSpan.FromHours(24)), terms.Approval);
        Assert.Equal("spec.windows[0]: '0 9 * * MON-FRI' for 8h, Europe/Paris", $"{terms.Windows.Allowing.Single()}");
        Assert.Equal("spec.windows[1]: '@daily' for 1h, UTC", $"{terms.Windows.Denying.Single()}");
        Assert.Equal([new AfterTerms("staging", "shop", TimeSpan.FromMinutes(30)), new AfterTerms(null, "cart", TimeSpan.Zero)], terms.After);
        Assert.Equal(("release-train", 2, TimeSpan.FromHours(1)), (terms.Group!.Name, terms.Group.Order, terms.Group.Wait));
        Assert.Equal(["api"], terms.Group.DependsOn);
    }

    public static TheoryData<DeliverySpec, string> Refusals => new()
    {
        { Spec(spec => spec with { Approval = "Maybe" }), "spec.approval: 'Maybe' is not one of Automatic, Manual" },
        { Spec(spec => spec with { ApprovalExpires = "24h" }), "spec.approvalExpires: it says how long a yes counts, and none is asked for; write approval: Manual" },
        { Spec(spec => spec with { Approval = "Manual", ApprovalExpires = "1d" }), "spec.approvalExpires: '1d' is no duration" },
        { Spec(spec => spec with { Windows = [new("0 9 * *", "8h")] }), "spec.windows[0].schedule: '0 9 * *' has 4 fields" },
        { Spec(spec => spec with { Windows = [new("@daily", "8h"), new("@daily")] }), "spec.windows[1].duration: '' is no duration; write for example 8h" },
        { Spec(spec => spec with { Windows = [new("@daily", "30s")] }), "spec.windows[0].duration: '30s' is not between 1m and 744h" },
        { Spec(spec => spec with { Windows = [new("@daily", "8h", "Europe/Pariss")] }), "spec.windows[0].timeZone: 'Europe/Pariss' is no time zone; write an IANA name such as Europe/Paris" },
        { Spec(spec => spec with { Windows = [new("@daily", "8h", "../../etc/passwd")] }), "spec.windows[0].timeZone: '../../etc/passwd' is no time zone" },
        { Spec(spec => spec with { Windows = [new("@daily", "8h", null, "Never")] }), "spec.windows[0].kind: 'Never' is not one of Allow, Deny" },
        { Spec(spec => spec with { Windows = [.. Enumerable.Repeat(new ReleaseWindow("@daily", "8h"), 51)] }), "spec.windows: 51 windows are more than 50" },
        { Spec(spec => spec with { After = [new("a/b/c")] }), "spec.after[0].delivery: 'a/b/c' names no Delivery; write shop, or staging/shop" },
        { Spec(spec => spec with { After = [new("")] }), "spec.after[0].delivery: '' names no Delivery" },
        { Spec(spec => spec with { After = [new("a", "long")] }), "spec.after[0].healthyFor: 'long' is no duration" },
        { Spec(spec => spec with { After = [.. Enumerable.Repeat(new Predecessor("a"), 21)] }), "spec.after: 21 Deliveries are more than 20" },
        { Spec(spec => spec with { Group = new GroupMembership() }), "spec.group.name: the group has no name" },
        { Spec(spec => spec with { Group = new GroupMembership { Name = "g", DependsOn = [""] } }), "spec.group.dependsOn: an entry is empty" },
        { Spec(spec => spec with { Group = new GroupMembership { Name = "g", DependsOn = [.. Enumerable.Repeat("a", 51)] } }), "spec.group.dependsOn: 51 members are more than 50" },
        { Spec(spec => spec with { Group = new GroupMembership { Name = "g", Wait = "x" } }), "spec.group.wait: 'x' is no duration" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_read_is_refused_with_field_and_way_out(DeliverySpec spec, string problem)
    {
        Assert.False(DeliveryTerms.TryRead(spec, out _, out var found));
        Assert.StartsWith(problem, $"{found}", StringComparison.Ordinal);
    }

    // A freeze, a window or a yes is no second chance for what has failed.
    [Fact]
    public void None_of_them_changes_what_a_rejection_hangs_on() => Assert.Equal(
        Read(Specs.Smallest).Rollout.Fingerprint,
        Read(Spec(spec => spec with { Approval = "Manual", ApprovalExpires = "1h", Windows = [new("@daily", "8h")], After = [new("a")], Group = new GroupMembership { Name = "g" } })).Rollout.Fingerprint);
}
