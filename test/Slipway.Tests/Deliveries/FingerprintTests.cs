using System.Collections.Immutable;
using Slipway.Api;
using static Slipway.Tests.Deliveries.Specs;

namespace Slipway.Tests.Deliveries;

/// <summary>A rejection holds while the fingerprint does (rule 4).</summary>
public sealed class FingerprintTests
{
    private static readonly DeliverySpec Full = Smallest with
    {
        Targets = [new() { Kind = "Deployment", Selector = Labels(("app", "shop"), ("tier", "web"), ("zone", "a")), Containers = ["web"] }],
        Source = Smallest.Source! with { Filter = new("^v(.*)$", "$1", ["-rc"]), MinimumAge = "10m", Interval = "1m", PullSecrets = [new("regcred")] },
        Pin = "TagAndDigest",
        Strategy = new(new RollingStrategy("30s")),
        ProgressDeadline = "10m",
        Rollback = "OnFailure",
        Suspend = false,
        History = new(50, "720h"),
    };

    private static LabelSelector Labels(params (string Key, string Value)[] labels) => new() { MatchLabels = labels.ToImmutableDictionary(label => label.Key, label => label.Value) };

    private static string Of(DeliverySpec spec) => spec.Terms().Rollout.Fingerprint;

    // A rejection must outlive the controller's upgrade (I28): if this fails, make the new form add nothing for what a user did not write.
    [Fact]
    public void It_never_changes_from_one_release_of_the_controller_to_the_next() => Assert.Equal("v1:95472f3aa8dd8a2b", Of(Full));

    public static TheoryData<string> Indifferent => [.. Same.Keys];

    private static readonly Dictionary<string, DeliverySpec> Same = new()
    {
        ["suspend"] = Full with { Suspend = true },
        ["interval"] = Full with { Source = Full.Source! with { Interval = "5m" } },
        ["pull secrets"] = Full with { Source = Full.Source! with { PullSecrets = [new("other")] } },
        ["signatures"] = Full with { Source = Full.Source! with { Verify = new([new(new("keys", "a.pub"))]) } },
        ["history"] = Full with { History = null },
        ["the order of labels"] = Full with { Targets = [Full.Targets![0] with { Selector = Labels(("zone", "a"), ("tier", "web"), ("app", "shop")) }] },
    };

    [Theory]
    [MemberData(nameof(Indifferent))]
    public void It_does_not_move_with_what_no_failure_hangs_on(string what) => Assert.Equal(Of(Full), Of(Same[what]));

    [Fact]
    public void Empty_is_absent()
    {
        var empty = Smallest with
        {
            Targets = [Smallest.Targets![0] with { ApiVersion = "", Containers = [] }],
            Source = Smallest.Source! with { MinimumAge = "" },
            Pin = "",
            ProgressDeadline = "",
            Rollback = "",
        };

        Assert.Equal(Of(Smallest), Of(empty));
    }

    public static TheoryData<string> Decisive => [.. Other.Keys];

    private static readonly Dictionary<string, DeliverySpec> Other = new()
    {
        ["another target"] = Full with { Targets = [Full.Targets![0] with { Kind = "StatefulSet" }] },
        ["one more target"] = Full with { Targets = [.. Full.Targets!, new() { Name = "worker" }] },
        ["other containers"] = Full with { Targets = [Full.Targets![0] with { Containers = ["web", "migrate"] }] },
        ["another label"] = Full with { Targets = [Full.Targets![0] with { Selector = Labels(("app", "shop")) }] },
        ["another policy"] = Full with { Source = Full.Source! with { Follow = new() { Semver = new(">=1.1") } } },
        ["another filter"] = Full with { Source = Full.Source! with { Filter = new("^v(.*)$", "$1", ["-rc", "-beta"]) } },
        ["another age"] = Full with { Source = Full.Source! with { MinimumAge = "20m" } },
        ["another repository"] = Full with { Source = Full.Source! with { Repository = "ghcr.io/acme/other" } },
        ["another pin"] = Full with { Pin = "Digest" },
        ["another hold"] = Full with { Strategy = new(new RollingStrategy("60s")) },
        ["another deadline"] = Full with { ProgressDeadline = "20m" },
        ["another way back"] = Full with { Rollback = "Never" },
    };

    [Theory]
    [MemberData(nameof(Decisive))]
    public void It_moves_with_what_is_deployed_chosen_or_judged(string what) => Assert.NotEqual(Of(Full), Of(Other[what]));

    [Fact]
    public void Policies_without_a_field_are_told_apart() =>
        Assert.NotEqual(
            Of(Smallest with { Source = Smallest.Source! with { Follow = new() { Numeric = new() } } }),
            Of(Smallest with { Source = Smallest.Source! with { Follow = new() { Alphabetical = new() } } }));
}
