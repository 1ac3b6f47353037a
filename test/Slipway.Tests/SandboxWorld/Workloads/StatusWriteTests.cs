using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

/// <summary>What a controller counted is told of what it counted for, and of nothing that came since.</summary>
public sealed class StatusWriteTests
{
    private static readonly ObjectKey Shop = new(Known.Deployments, "default", "shop");

    private readonly ObjectStore _store = new(BuiltInResources.Table(KubernetesRelease.Current), new ManualTime());
    private readonly JsonObject _seen;

    public StatusWriteTests()
    {
        ClusterSeed.Sow(_store);
        _seen = Create();
    }

    [Fact]
    public void What_was_counted_for_the_present_wish_is_written()
    {
        Count();

        Assert.Equal(2, _store.Find(Shop)!.Number("status", "replicas"));
    }

    [Fact]
    public void What_was_counted_for_an_older_wish_is_not_told_of_the_newer_one()
    {
        _store.Update(Shop, value =>
        {
            value["spec"]!["replicas"] = 5L;
            return value;
        });

        Count();

        Assert.Null(_store.Find(Shop)!.Number("status", "replicas"));
    }

    [Fact]
    public void What_was_counted_for_one_is_not_told_of_another_of_its_name()
    {
        _store.TryDelete(Shop);
        Create();

        Count();

        Assert.Null(_store.Find(Shop)!.Number("status", "replicas"));
    }

    private JsonObject Create() => _store.Create(Known.Deployments, JsonTree.ParseObject(Workload("shop", "\"replicas\":2", Container("registry/shop:1.0"))));

    private void Count() => _store.WriteStatus(Shop, _seen, latest => new JsonObject { ["observedGeneration"] = latest.Generation(), ["replicas"] = 2L });
}
