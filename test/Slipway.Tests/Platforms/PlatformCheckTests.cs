using Slipway.Images;
using Slipway.Platforms;
using Slipway.Tests.Workloads;
using Slipway.Workloads;

namespace Slipway.Tests.Platforms;

public sealed class PlatformCheckTests
{
    private static readonly WorkloadSnapshot Shop = Sample.Deployment(Sample.Complete);

    [Theory]
    [InlineData("linux/amd64", "linux/amd64", true)]
    [InlineData("linux/arm64", "linux/amd64", false)]
    [InlineData("linux/amd64 linux/arm64", "linux/arm64", true)]
    [InlineData("linux/arm64/v8", "linux/arm64", true)]
    [InlineData("linux/arm/v7", "linux/arm", true)]
    [InlineData("linux/arm/v6 linux/arm/v7", "linux/arm", true)]
    [InlineData("linux/amd64/v3", "linux/amd64", true)]
    [InlineData("linux/aarch64", "linux/arm64", true)]
    [InlineData("linux/x86_64", "linux/amd64", true)]
    [InlineData("Linux/AMD64", "linux/amd64", true)]
    [InlineData("linux/386", "linux/amd64", true)]
    [InlineData("linux/arm/v7", "linux/arm64", true)]
    [InlineData("linux/amd64", "linux/386", false)]
    [InlineData("linux/arm64", "linux/arm", false)]
    [InlineData("windows/amd64", "linux/amd64", false)]
    [InlineData("linux/amd64", "windows/amd64", false)]
    [InlineData("linux/ppc64le", "linux/s390x", false)]
    [InlineData("linux/s390x", "linux/s390x", true)]
    public void An_image_covers_a_node_when_it_would_run_there(string image, string node, bool covered) =>
        Assert.Equal(covered, Problem(image, [Node("n1", node)]) is null);

    [Fact]
    public void The_sentence_names_node_platform_and_what_the_image_has()
    {
        var problem = Problem("linux/amd64 unknown/unknown", [Node("pi-3", "linux/arm64"), Node("big-1", "linux/amd64")]);

        Assert.Equal(
            "pods of Deployment prod/shop may land on node pi-3 (linux/arm64), and 1.2.0 has only linux/amd64; "
            + "build it for linux/arm64 too, or keep the pods away with a nodeSelector on kubernetes.io/arch",
            problem);
    }

    [Fact]
    public void A_hundred_nodes_do_not_make_a_hundred_names()
    {
        var problem = Problem("linux/amd64", [.. Enumerable.Range(100, 100).Select(index => Node($"pi-{index}", "linux/arm64"))]);

        Assert.Contains("nodes pi-100 (linux/arm64), pi-101 (linux/arm64), pi-102 (linux/arm64) and 97 more", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_node_type_must_be_covered() =>
        Assert.Contains("s390x-1 (linux/s390x)", Problem("linux/amd64 linux/arm64", [Node("a", "linux/amd64"), Node("b", "linux/arm64"), Node("s390x-1", "linux/s390x")]), StringComparison.Ordinal);

    [Fact]
    public void A_node_where_the_pods_may_not_land_is_not_asked()
    {
        var workload = Shop with { Placement = new() { NodeSelector = Sample.Map(("kubernetes.io/arch", "amd64")) } };

        Assert.Null(PlatformCheck.Problem("1.2.0", Set("linux/amd64"), workload, [Node("pi-3", "linux/arm64"), Node("big-1", "linux/amd64")]));
    }

    [Fact]
    public void An_image_that_does_not_tell_refuses_nothing()
    {
        Assert.Null(PlatformCheck.Problem("1.2.0", PlatformSet.Unknown, Shop, [Node("pi-3", "linux/arm64")]));
        Assert.Null(Problem("unknown/unknown", [Node("pi-3", "linux/arm64")]));
    }

    [Fact]
    public void No_node_that_is_known_refuses_nothing() => Assert.Null(Problem("linux/amd64", []));

    [Fact]
    public void A_node_that_does_not_tell_refuses_nothing()
    {
        Assert.Null(Problem("linux/amd64", [new("bare", Sample.Map(), [], false)]));
        Assert.Null(Problem("linux/amd64", [new("half", Sample.Map(("kubernetes.io/os", "linux")), [], false)]));
        Assert.Null(Problem("linux/amd64", [new("empty", Sample.Map(("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "")), [], false)]));
    }

    [Fact]
    public void The_old_labels_of_a_node_are_read_where_the_new_ones_are_absent()
    {
        var old = new NodeSnapshot("old", Sample.Map(("beta.kubernetes.io/os", "linux"), ("beta.kubernetes.io/arch", "arm64")), [], false);

        Assert.Equal(new Platform("linux", "arm64"), NodePlatform.Of(old));
        Assert.Equal(new Platform("linux", "amd64"), NodePlatform.Of(old with { Labels = old.Labels.Add("kubernetes.io/arch", "amd64") }));
    }

    [Theory]
    [InlineData("linux/amd64 linux/arm64", "linux/amd64 linux/arm64", null)]
    [InlineData("linux/amd64", "linux/amd64 linux/arm64", "linux/arm64")]
    [InlineData("linux/amd64", "linux/amd64/v3", null)]
    [InlineData("linux/amd64/v3", "linux/amd64", "linux/amd64")]
    [InlineData("linux/amd64/v3", "linux/amd64/v2", "linux/amd64/v2")]
    [InlineData("linux/amd64/v2", "linux/amd64/v4", null)]
    [InlineData("linux/arm/v5", "linux/arm/v6", null)]
    [InlineData("linux/arm/v7", "linux/arm/v6", "linux/arm/v6")]
    [InlineData("linux/arm", "linux/arm/v7", null)]
    [InlineData("linux/arm/v7", "linux/arm", null)]
    [InlineData("linux/arm/v8", "linux/arm", "linux/arm")]
    [InlineData("linux/arm64/v8", "linux/arm64", null)]
    [InlineData("linux/arm64/v9", "linux/arm64", "linux/arm64")]
    [InlineData("linux/arm/v7", "linux/arm64", null)]
    [InlineData("linux/386", "linux/amd64", null)]
    [InlineData("linux/amd64", "linux/386", "linux/386")]
    [InlineData("linux/ppc64le/power9", "linux/ppc64le", "linux/ppc64le")]
    [InlineData("windows/amd64", "linux/amd64", "linux/amd64")]
    [InlineData("unknown/unknown", "linux/amd64", null)]
    [InlineData("", "linux/amd64", null)]
    public void A_platform_that_the_spec_names_must_be_there(string image, string wanted, string? missing)
    {
        var problem = PlatformCheck.Missing("1.2.0", new PlatformSet(Platforms(image)), [.. Platforms(wanted)]);

        Assert.Equal(missing, problem is null ? null : problem.Split("asks for ")[1].Split(',')[0]);
    }

    [Fact]
    public void What_is_missing_is_told_with_what_is_there_and_the_way_out() =>
        Assert.Equal(
            "spec.source.platforms asks for linux/arm64, linux/s390x, and 1.2.0 has only linux/386, linux/amd64; build it for that too, or take it out of the list",
            PlatformCheck.Missing("1.2.0", new PlatformSet(Platforms("linux/amd64 linux/386")), [.. Platforms("linux/arm64 linux/amd64 linux/s390x")]));

    [Fact]
    public void That_no_node_takes_the_pods_is_said_and_holds_nothing()
    {
        var workload = Shop with { Placement = new() { NodeSelector = Sample.Map(("disk", "ssd")) } };
        NodeSnapshot[] nodes = [Node("n1", "linux/amd64"), Node("n2", "linux/arm64")];

        Assert.Null(PlatformCheck.Problem("1.2.0", new PlatformSet(Platforms("linux/s390x")), workload, nodes));
        Assert.Equal(
            "pods of Deployment prod/shop may land on none of 2 nodes, by their node selector, affinity or tolerations, so whether it runs there could not be checked",
            PlatformCheck.Nowhere(workload, nodes));
        Assert.Null(PlatformCheck.Nowhere(workload, []));
        Assert.Null(PlatformCheck.Nowhere(Shop with { Placement = new() }, nodes));
    }

    private static IEnumerable<Platform> Platforms(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => Platform.TryParse(one, out var platform) ? platform : throw new Xunit.Sdk.XunitException(one));

    private static string? Problem(string platforms, NodeSnapshot[] nodes) => PlatformCheck.Problem("1.2.0", Set(platforms), Shop, nodes);

    private static PlatformSet Set(string platforms) =>
        new(platforms.Split(' ').Select(text => text.Split('/')).Select(parts => new Platform(parts[0], parts[1], parts.Length > 2 ? parts[2] : null)));

    private static NodeSnapshot Node(string name, string platform) =>
        new(name, Sample.Map(("kubernetes.io/os", platform.Split('/')[0]), ("kubernetes.io/arch", platform.Split('/')[1])), [], false);
}
