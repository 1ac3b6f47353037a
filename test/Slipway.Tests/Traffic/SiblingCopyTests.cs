using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Rollouts;
using Slipway.Traffic;
using Slipway.Workloads;

namespace Slipway.Tests.Traffic;

/// <summary>The Deployment beside the stable one: what it takes along, and what must never be on it.</summary>
public sealed class SiblingCopyTests
{
    private const string Stable = """
        {"apiVersion":"apps/v1","kind":"Deployment",
         "metadata":{"name":"shop","namespace":"prod","uid":"u-1","resourceVersion":"7",
          "labels":{"team":"shop","app.kubernetes.io/instance":"shop-prod","app.kubernetes.io/managed-by":"Helm","helm.sh/chart":"shop-1","argocd.argoproj.io/instance":"x",
                    "kustomize.toolkit.fluxcd.io/name":"apps","objectset.rio.cattle.io/hash":"1","applyset.kubernetes.io/part-of":"y","slipway.dev/anything":"z"},
          "annotations":{"argocd.argoproj.io/tracking-id":"shop:apps/Deployment:prod/shop","meta.helm.sh/release-name":"shop","kubectl.kubernetes.io/last-applied-configuration":"{}",
                         "slipway.dev/follow":"semver","keel.sh/policy":"all"},
          "managedFields":[],"finalizers":["somebody/else"]},
         "spec":{"replicas":10,"minReadySeconds":5,"paused":true,"progressDeadlineSeconds":30,"selector":{"matchLabels":{"app":"shop"}},
          "strategy":{"type":"Recreate"},
          "template":{"metadata":{"creationTimestamp":null,"labels":{"app":"shop","app.kubernetes.io/instance":"shop-prod"},"annotations":{"prometheus.io/scrape":"true"}},
           "spec":{"serviceAccountName":"shop","readinessGates":[{"conditionType":"lb.example/ready"}],
            "initContainers":[{"name":"migrate","image":"r/shop:1"}],"containers":[{"name":"web","image":"r/shop:1","resources":{"requests":{"cpu":"10m"}}},{"name":"proxy","image":"r/proxy:3"}]}}},
         "status":{"replicas":10}}
        """;

    [Fact]
    public void It_has_the_template_with_the_new_image_and_nothing_by_which_a_tool_would_take_it_for_its_own()
    {
        var copy = Copy(RouterKind.Pods, null);

        Assert.Equal("""{"team":"shop","slipway.dev/side":"shop-canary","slipway.dev/track":"canary"}""", copy["metadata"]!["labels"]!.ToJsonString());
        Assert.All(copy["metadata"]!["annotations"]!.AsObject(), annotation => Assert.StartsWith("slipway.dev/", annotation.Key, StringComparison.Ordinal));
        Assert.Null(copy["metadata"]!["annotations"]!["slipway.dev/follow"]);
        Assert.Equal(["name", "namespace", "labels", "annotations", "ownerReferences"], copy["metadata"]!.AsObject().Select(field => field.Key));
        Assert.Equal("""[{"apiVersion":"slipway.dev/v1alpha1","kind":"Delivery","name":"shop","uid":"d-1","controller":true}]""", copy["metadata"]!["ownerReferences"]!.ToJsonString());
        var pod = copy["spec"]!["template"]!["spec"]!;
        Assert.Equal(("r/shop:2@sha256:b", "r/shop:2@sha256:b", "r/proxy:3"), ((string?)pod["initContainers"]![0]!["image"], (string?)pod["containers"]![0]!["image"], (string?)pod["containers"]![1]!["image"]));
        Assert.Equal("""[{"conditionType":"lb.example/ready"},{"conditionType":"slipway.dev/serving"}]""", pod["readinessGates"]!.ToJsonString());
        Assert.Equal("10m", (string?)pod["containers"]![0]!["resources"]!["requests"]!["cpu"]);
    }

    [Fact]
    public void It_is_started_with_so_many_pods_waits_as_long_for_them_and_never_gives_up_on_closed_ones()
    {
        var spec = Copy(RouterKind.Pods, null)["spec"]!;

        Assert.Equal((2, 5, int.MaxValue), ((int?)spec["replicas"], (int?)spec["minReadySeconds"], (int?)spec["progressDeadlineSeconds"]));
        Assert.Null(spec["paused"]);
        Assert.Null(spec["strategy"]);
    }

    [Fact]
    public void Where_the_pods_are_the_weight_they_carry_all_labels_of_the_stable_ones()
    {
        var spec = Copy(RouterKind.Pods, null)["spec"]!;

        Assert.Equal("""{"app":"shop","app.kubernetes.io/instance":"shop-prod","slipway.dev/track":"canary","slipway.dev/side":"shop-canary"}""", spec["template"]!["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("""{"matchLabels":{"slipway.dev/side":"shop-canary"}}""", spec["selector"]!.ToJsonString());
    }

    [Fact]
    public void Elsewhere_one_label_has_another_value_and_there_is_no_gate()
    {
        var spec = Copy(RouterKind.HttpRoute, new LabelOverride("app", "shop", "shop-canary"))["spec"]!;

        Assert.Equal("shop-canary", (string?)spec["template"]!["metadata"]!["labels"]!["app"]);
        Assert.Equal("""[{"conditionType":"lb.example/ready"}]""", spec["template"]!["spec"]!["readinessGates"]!.ToJsonString());
    }

    [Theory]
    [InlineData(RouterKind.Pods, true)]
    [InlineData(RouterKind.Selector, false)]
    public void Who_was_just_started_reads_from_it_all_that_was_decided(RouterKind router, bool gated)
    {
        LabelOverride? label = gated ? null : new("app", "shop", "shop-preview");
        var read = Read(Copy(router, label));

        Assert.Equal(("d-1", "shop", "shop", "sha256:b", "2"), (read.Side!.Owner, read.Side.Delivery, read.Side.Stable, read.Side.Digest, read.Side.Version));
        Assert.Equal((5, gated, label), (read.Side.MinReadySeconds, read.Side.Gated, read.Side.Label));
        Assert.Equal(["shop", "shop-metrics"], read.Side.Services);
        Assert.Empty(read.Annotations);
    }

    [Fact]
    public void What_no_delivery_owns_is_somebody_elses_whatever_labels_it_has()
    {
        var foreign = Copy(RouterKind.Pods, null);
        foreign["metadata"]!.AsObject().Remove("ownerReferences");

        Assert.Null(Read(foreign).Side);
        Assert.Null(Read(JsonNode.Parse(Stable)!.AsObject()).Side);
    }

    [Theory]
    [InlineData("r/shop:2@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")]
    [InlineData("r/shop:2", "sha256:b")]
    [InlineData("r/shop:3", null)]
    public void What_it_runs_is_what_its_images_say_and_what_was_noted_only_while_they_say_nothing_else(string image, string? digest)
    {
        var copy = Copy(RouterKind.Pods, null, image);
        var read = Read(copy);

        Assert.Equal(digest, SideReading.Of(read, read.Side!, ["web", "migrate"], [], DateTimeOffset.UnixEpoch).Digest);
    }

    [Fact]
    public void A_service_before_it_has_the_ports_of_the_first_and_neither_its_addresses_nor_its_owners_marks()
    {
        var service = JsonNode.Parse("""
            {"metadata":{"name":"shop","namespace":"prod","labels":{"team":"shop","helm.sh/chart":"x"},"annotations":{"traefik.ingress.kubernetes.io/service.serversscheme":"https","meta.helm.sh/release-name":"shop","external-dns.alpha.kubernetes.io/hostname":"shop.example"}},
             "spec":{"type":"LoadBalancer","clusterIP":"10.0.0.7","clusterIPs":["10.0.0.7"],"loadBalancerIP":"1.2.3.4","sessionAffinity":"ClientIP","selector":{"app":"shop"},
                     "ports":[{"name":"http","port":80,"targetPort":8080,"nodePort":30080,"appProtocol":"http"}]}}
            """)!.AsObject();

        var copy = ServiceCopy.Of(service, "shop-canary", "shop-canary", "canary", Copies.Owner("shop", "d-1"));

        Assert.Equal("""{"type":"ClusterIP","selector":{"slipway.dev/side":"shop-canary"},"sessionAffinity":"ClientIP","ports":[{"name":"http","port":80,"targetPort":8080,"appProtocol":"http"}]}""", copy["spec"]!.ToJsonString());
        Assert.Equal("""{"traefik.ingress.kubernetes.io/service.serversscheme":"https"}""", copy["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal("""{"team":"shop","slipway.dev/side":"shop-canary","slipway.dev/track":"canary"}""", copy["metadata"]!["labels"]!.ToJsonString());
    }

    private static JsonObject Copy(RouterKind router, LabelOverride? label, string image = "r/shop:2@sha256:b")
    {
        var wish = new SideWish(new WorkloadKey("Deployment", "prod", "shop"), "2", "sha256:b", 4, 2, 1, new TrafficPlan { Router = router });
        var images = new Dictionary<string, string> { ["web"] = image, ["migrate"] = image };
        return SiblingCopy.Of(JsonNode.Parse(Stable)!.AsObject(), new(SideNames.Sibling("shop", router), "shop", "d-1", wish, images, ["shop", "shop-metrics"], label));
    }

    private static WorkloadSnapshot Read(JsonObject deployment)
    {
        using var json = JsonDocument.Parse(deployment.ToJsonString());
        return new WorkloadReader(new ValuePool()).Read(WorkloadKinds.Deployment, "apps/v1", json.RootElement);
    }
}
