using System.Text.RegularExpressions;
using CsCheck;
using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed partial class MeasurementNameTests
{
    private static readonly MeasureWish Wish = new(
        new CheckPlan { Name = "service-endpoint-reachable-from-eu" },
        1,
        2,
        DateTimeOffset.UnixEpoch,
        new MeasureContext("prod", "shop", "uid-1", "shop-7", "shop", "shop-canary", "1.2", "sha256:aa", "1.1", "sha256:bb"));

    [Fact]
    public void It_is_readable_and_the_same_each_time()
    {
        Assert.Matches("^shop-service-endpoint-reachable-from-eu-2-[0-9a-f]{16}$", MeasurementName.Of(Wish));
        Assert.Equal(MeasurementName.Of(Wish), MeasurementName.Of(Wish with { Due = DateTimeOffset.UnixEpoch.AddHours(1) }));
    }

    /// <summary>I29. Argo Rollouts cuts the metric's name, so that two that begin alike share one Job.</summary>
    [Fact]
    public void Whatever_tells_two_measurements_apart_tells_their_names_apart()
    {
        MeasureWish[] others =
        [
            Wish with { Ordinal = 3 },
            Wish with { Step = 2 },
            Wish with { Plan = Wish.Plan with { Name = "service-endpoint-reachable-from-us" } },
            Wish with { Context = Wish.Context with { Uid = "uid-2" } },
            Wish with { Context = Wish.Context with { Release = "shop-8" } },
            Wish with { Context = Wish.Context with { Digest = "sha256:cc" } },
        ];

        Assert.Equal(others.Length + 1, others.Append(Wish).Select(MeasurementName.Of).Distinct().Count());
    }

    [Fact]
    public void It_is_always_a_label() => Gen.Select(Gen.String[Gen.Char["abz019-."], 1, 253], Gen.String[Gen.Char["abz019-"], 1, 40], Gen.Int[0, 100_000]).Sample((delivery, check, ordinal) =>
    {
        var name = MeasurementName.Of($"a{delivery}", check, ordinal, $"{delivery}/{check}/{ordinal}");

        Assert.Matches(Label, name);
    });

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label { get; }
}
