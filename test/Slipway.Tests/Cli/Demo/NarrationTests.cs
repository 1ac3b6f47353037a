using System.Text.Json;
using Slipway.Api;
using Slipway.Cli.Demo;

namespace Slipway.Tests.Cli.Demo;

public sealed class NarrationTests
{
    private static readonly Workload Three = new("shop", $"r/shop:1.1.0@{Samples.Digest110}", 3, 1, 3, 4, Observed: true);

    private static Sight.OfDelivery Delivery(string json) => new(JsonSerializer.Deserialize(json, ApiJson.Default.Delivery)!);

    private static Sight.OfRelease Release(string json) => new(JsonSerializer.Deserialize(json, ApiJson.Default.Release)!);

    [Fact]
    public void A_candidate_is_told_once()
    {
        var first = Delivery(Samples.Calm());

        Assert.Equal("candidate", Narration.Of(Scene.Empty, first)?.Type);
        Assert.Null(Narration.Of(Scene.Empty.With(first), first));
        Assert.Contains("sees 1.2.0", Narration.Of(Scene.Empty.With(first), Delivery(Samples.RolledBack()))?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Release_is_told_when_its_outcome_changes()
    {
        var running = Release(Samples.Release(3, "1.2.0", Samples.Digest120, "Running"));
        var failed = Release(Samples.Release(3, "1.2.0", Samples.Digest120, "RolledBack"));

        Assert.NotNull(Narration.Of(Scene.Empty, running));
        Assert.Null(Narration.Of(Scene.Empty.With(running), running));
        Assert.EndsWith("RolledBack", Narration.Of(Scene.Empty.With(running), failed)?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_are_told_one_by_one_and_not_at_each_number_that_moves()
    {
        var seen = Scene.Empty.With(new Sight.OfWorkload(Three));

        Assert.Null(Narration.Of(seen, new Sight.OfWorkload(Three with { Available = 4 })));
        Assert.Equal("2 of 3 pods run 1.1.0", Narration.Of(seen, new Sight.OfWorkload(Three with { Updated = 2 }))?.Text);
        Assert.Equal("3 of 3 pods run 1.1.0, all of them available", Narration.Of(seen, new Sight.OfWorkload(Three with { Updated = 3, Total = 3 }))?.Text);
    }

    [Fact]
    public void A_status_that_speaks_of_the_spec_before_is_not_told() =>
        Assert.Null(Narration.Of(Scene.Empty, new Sight.OfWorkload(Three with { Observed = false })));

    [Fact]
    public void The_workload_is_read_as_the_server_has_it()
    {
        using var json = JsonDocument.Parse(
            $$$"""
            {
              "metadata": {"name": "shop", "generation": 2},
              "spec": {"replicas": 3, "template": {"spec": {"containers": [{"name": "web", "image": "r/shop:1.1.0@{{{Samples.Digest110}}}"}]} } },
              "status": {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}
            }
            """);

        var workload = Workload.Read(json.RootElement)!;

        Assert.True(workload.IsSettled);
        Assert.Equal(("1.1.0", Samples.Digest110), (workload.Tag, workload.Digest));
    }
}
