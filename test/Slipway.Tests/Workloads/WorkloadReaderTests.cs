using System.Text.Json.Nodes;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class WorkloadReaderTests
{
    private readonly WorkloadReader _reader = new(new ValuePool());

    [Fact]
    public void A_deployment_is_read_as_kubernetes_writes_it()
    {
        var read = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.Deployment));

        Assert.Equal(new("Deployment", "prod", "shop"), read.Key);
        Assert.Equal("apps/v1", read.ApiVersion);
        Assert.Equal("1a2b3c4d-0000-4000-8000-000000000001", read.Uid);
        Assert.Equal("308", read.ResourceVersion);
        Assert.False(read.Deleting);
        Assert.Equal("shop", read.Labels["app"]);
        Assert.Equal("shop", read.PodSelector!.MatchLabels!["app"]);
        Assert.Null(read.PodSelector.MatchExpressions);
        Assert.Equal(["regcred", "mirror"], read.PullSecrets);
        Assert.Equal("shop-runner", read.ServiceAccount);
        Assert.Equal(
            [
                new("migrate", "ghcr.io/acme/shop:2.0.0", Init: true, new("slipway", "Apply")),
                new("web", "ghcr.io/acme/shop:2.0.0", Init: false, new("slipway", "Apply")),
                new("proxy", "envoyproxy/envoy:v1.20", Init: false, new("kubectl", "Apply")),
            ],
            read.Containers);
    }

    [Fact]
    public void Of_the_annotations_only_wishes_to_Slipway_are_kept_and_none_of_them_is_kept_whole_without_bound()
    {
        var written = System.Text.Json.Nodes.JsonNode.Parse(Manifests.Deployment)!.AsObject();
        written["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject
        {
            ["slipway.dev/follow"] = "semver",
            ["slipway.dev/filter"] = new string('a', 100_000),
            ["slipway.dev/release"] = "7",
            ["kubectl.kubernetes.io/last-applied-configuration"] = "{}",
        };

        var kept = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(written.ToJsonString()));

        Assert.Equal(["slipway.dev/filter", "slipway.dev/follow"], kept.Annotations.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1025, kept.Annotations["slipway.dev/filter"].Length);
        Assert.Equal("7", kept.WrittenBy);
    }

    [Fact]
    public void The_counts_of_a_deployment_are_read()
    {
        var read = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.Deployment)).Progress;

        Assert.Equal(
            new RolloutProgress
            {
                Generation = 9, ObservedGeneration = 9, Desired = 2, Total = 3, Updated = 1, Ready = 2, Available = 2, UpdateStrategy = "RollingUpdate",
            },
            read);
    }

    [Fact]
    public void The_placement_of_the_template_is_read()
    {
        var read = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.Deployment)).Placement;

        Assert.Equal("linux", read.NodeSelector["kubernetes.io/os"]);
        Assert.Equal(2, read.Affinity.Length);
        Assert.Equal(("kubernetes.io/arch", "In"), (read.Affinity[0][0].Key, read.Affinity[0][0].Operator));
        Assert.Equal(["amd64", "arm64"], read.Affinity[0][0].Values!);
        Assert.Equal(NodeConstraint.NameField, read.Affinity[1][0].Key);
        Assert.Equal([new("dedicated", "Equal", "shop", "NoSchedule"), new(null, "Exists", null, null)], read.Tolerations);
        Assert.Equal(("node-7", "linux"), (read.NodeName, read.Os));
    }

    [Fact]
    public void A_stateful_set_is_read()
    {
        var read = _reader.Read(WorkloadKinds.StatefulSet, "apps/v1", Sample.Json(Manifests.StatefulSet));

        Assert.Equal(
            new RolloutProgress
            {
                Generation = 2, ObservedGeneration = 2, Desired = 3, Total = 3, Updated = 1, Ready = 2, Available = 2,
                UpdateStrategy = "RollingUpdate", Partition = 1, CurrentRevision = "db-5c9d", UpdateRevision = "db-7f8b",
            },
            read.Progress);
        Assert.Equal("default", read.ServiceAccount);
    }

    [Fact]
    public void A_stateful_set_that_counts_available_pods_is_believed()
    {
        var set = JsonNode.Parse(Manifests.StatefulSet)!;
        set["status"]!["availableReplicas"] = 0;

        Assert.Equal(0, _reader.Read(WorkloadKinds.StatefulSet, "apps/v1", Sample.Json(set.ToJsonString())).Progress.Available);
    }

    [Fact]
    public void A_daemon_set_is_read()
    {
        var read = _reader.Read(WorkloadKinds.DaemonSet, "apps/v1", Sample.Json(Manifests.DaemonSet));

        Assert.Equal(
            new RolloutProgress
            {
                Generation = 3, ObservedGeneration = 3, Desired = 5, Total = 5, Updated = 2, Ready = 4, Available = 4, UpdateStrategy = "OnDelete",
            },
            read.Progress);
    }

    [Theory]
    [InlineData("batch/v1")]
    [InlineData("batch/v1beta1")]
    public void A_cron_job_is_read_under_either_version(string apiVersion)
    {
        var read = _reader.Read(WorkloadKinds.CronJob, apiVersion, Sample.Json(Manifests.CronJob));

        Assert.Equal(apiVersion, read.ApiVersion);
        Assert.Equal([new("report", "ghcr.io/acme/report:2", Init: false, new("slipway", "Apply"))], read.Containers);
        Assert.Null(read.PodSelector);
        Assert.Equal(0, read.Progress.Desired);
    }

    [Fact]
    public void A_container_that_its_owner_removed_is_marked()
    {
        var read = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.WithAbandonedContainer));

        Assert.Equal([("web", false), ("old", true)], read.Containers.Select(container => (container.Container, container.Abandoned)));
    }

    [Fact]
    public void Why_a_deployment_is_stuck_is_read()
    {
        Assert.Equal(
            new("ProgressDeadlineExceeded", "ReplicaSet \"shop-77\" has timed out progressing."),
            Failure("""[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"ReplicaSet \"shop-77\" has timed out progressing."}]"""));
        Assert.Equal(
            new("FailedCreate", "pods is forbidden: exceeded quota"),
            Failure("""[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods is forbidden: exceeded quota"}]"""));
    }

    [Fact]
    public void A_passed_deadline_comes_with_why_no_pod_could_be_created() =>
        Assert.Equal(
            new("ProgressDeadlineExceeded", "timed out. FailedCreate: exceeded quota"),
            Failure("""
                [{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"exceeded quota"},
                 {"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out."}]
                """));

    [Theory]
    [InlineData("""[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable","message":"ok"}]""")]
    [InlineData("""[{"type":"Available","status":"False","reason":"MinimumReplicasUnavailable","message":"no"}]""")]
    [InlineData("""[{"type":"ReplicaFailure","status":"False","reason":"FailedCreate","message":"was"}]""")]
    [InlineData("""[{"type":"Progressing","status":"Unknown","reason":"DeploymentPaused","message":"paused"}]""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Other_conditions_are_no_failure(string conditions) => Assert.Null(Failure(conditions));

    [Fact]
    public void A_pause_and_a_deletion_are_read()
    {
        var read = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(
            """{"metadata":{"name":"shop","deletionTimestamp":"2026-11-23T08:00:00Z"},"spec":{"paused":true,"replicas":0}}"""));

        Assert.True(read.Deleting);
        Assert.True(read.Progress.Paused);
        Assert.Equal(0, read.Progress.Desired);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"shop"}}""")]
    [InlineData("""{"metadata":{"name":"shop","labels":null,"managedFields":null},"spec":null,"status":null}""")]
    [InlineData("""{"metadata":{"name":"shop","labels":{},"managedFields":[],"deletionTimestamp":""},"spec":{"selector":null,"template":{}},"status":{}}""")]
    [InlineData("""{"metadata":{"name":"shop","uid":""},"spec":{"template":{"spec":{"containers":[],"initContainers":null,"affinity":{},"tolerations":[]}}}}""")]
    public void Absent_null_and_empty_are_read_alike(string json)
    {
        var read = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(json));

        Assert.Equal(new("Deployment", "", "shop"), read.Key);
        Assert.Equal(("", "", false), (read.Uid, read.ResourceVersion, read.Deleting));
        Assert.Empty(read.Labels);
        Assert.Empty(read.Containers);
        Assert.Empty(read.PullSecrets);
        Assert.Null(read.PodSelector);
        Assert.Equal("default", read.ServiceAccount);
        Assert.Equal(new RolloutProgress { Desired = 1 }, read.Progress);
        Assert.Equal(new NodeConstraint(), read.Placement);
    }

    [Theory]
    [InlineData("/metadata/labels", "[]", "metadata.labels should be an object, and is a list")]
    [InlineData("/metadata/labels/app", "3", "metadata.labels.app should be a string, and is the number 3")]
    [InlineData("/metadata/generation", "\"9\"", "metadata.generation should be an integer, and is a string")]
    [InlineData("/metadata/generation", "1.5", "metadata.generation should be an integer, and is the number 1.5")]
    [InlineData("/spec", "true", "spec should be an object, and is a boolean")]
    [InlineData("/spec/replicas", "-1", "spec.replicas should be a count, and is the number -1")]
    [InlineData("/spec/replicas", "99999999999", "spec.replicas should be a count, and is the number 99999999999")]
    [InlineData("/spec/paused", "\"yes\"", "spec.paused should be a boolean, and is a string")]
    [InlineData("/spec/template/spec/containers", "{}", "spec.template.spec.containers should be a list, and is an object")]
    [InlineData("/spec/template/spec/containers/1/image", "{}", "spec.template.spec.containers[1].image should be a string, and is an object")]
    [InlineData("/spec/template/spec/containers/0/name", "null", "spec.template.spec.containers[0].name is missing")]
    [InlineData("/spec/template/spec/tolerations/0", "7", "spec.template.spec.tolerations[0] should be an object, and is the number 7")]
    [InlineData("/status/conditions", "\"x\"", "status.conditions should be a list, and is a string")]
    [InlineData("/status/observedGeneration", "[]", "status.observedGeneration should be an integer, and is a list")]
    public void A_wrong_type_names_object_and_field(string place, string value, string expected)
    {
        var error = Assert.Throws<FormatException>(() => _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(With(Manifests.Deployment, place, value))));

        Assert.Equal($"Deployment prod/shop: {expected}", error.Message);
    }

    [Theory]
    [InlineData("{}", "Deployment: metadata.name is missing")]
    [InlineData("""{"metadata":{"name":7}}""", "Deployment: metadata.name should be a string, and is the number 7")]
    [InlineData("[]", "Deployment should be an object, and is a list")]
    [InlineData("3", "Deployment should be an object, and is the number 3")]
    public void An_object_without_a_name_is_an_error_of_its_kind(string json, string expected) =>
        Assert.Equal(expected, Assert.Throws<FormatException>(() => _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(json))).Message);

    [Fact]
    public void What_repeats_is_held_once()
    {
        var one = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.Deployment));
        var other = _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(Manifests.Deployment));

        Assert.Same(one.Containers[1].Container, other.Containers[1].Container);
        Assert.Same(one.Containers[1].Image, one.Containers[0].Image);
        Assert.Same(one.Containers[1].Owner, other.Containers[0].Owner);
        Assert.Same(one.Placement.NodeSelector, other.Placement.NodeSelector);
    }

    private WorkloadFailure? Failure(string conditions) =>
        _reader.Read(WorkloadKinds.Deployment, "apps/v1", Sample.Json(With(Manifests.Deployment, "/status/conditions", conditions))).Progress.Failure;

    private static string With(string json, string place, string value)
    {
        var root = JsonNode.Parse(json)!;
        var names = place.Split('/')[1..];
        var parent = names[..^1].Aggregate(root, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!);
        if (parent is JsonArray items)
        {
            items[int.Parse(names[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        }
        else
        {
            parent[names[^1]] = JsonNode.Parse(value);
        }

        return root.ToJsonString();
    }
}
