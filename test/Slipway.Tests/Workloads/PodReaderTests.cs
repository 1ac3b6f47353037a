using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class PodReaderTests
{
    private readonly PodReader _reader = new(new ValuePool());

    private const string Running = """
        {
          "metadata": {"name": "shop-77ccbfc68-x2x9p", "namespace": "prod", "labels": {"app": "shop", "pod-template-hash": "77ccbfc68"}},
          "spec": {
            "containers": [{"name": "web", "image": "ghcr.io/acme/shop:1.1.0"}, {"name": "istio-proxy", "image": "istio/proxyv2:1.20.1"}],
            "initContainers": [{"name": "migrate", "image": "ghcr.io/acme/shop:1.1.0"}]
          },
          "status": {
            "phase": "Running",
            "conditions": [{"type": "PodScheduled", "status": "True"}, {"type": "ContainersReady", "status": "True"}, {"type": "Ready", "status": "True"}],
            "containerStatuses": [
              {"name": "web", "image": "ghcr.io/acme/shop:1.1.0", "imageID": "ghcr.io/acme/shop@sha256:aaaa", "ready": true, "state": {"running": {"startedAt": "2026-11-23T08:25:05Z"}}},
              {"name": "istio-proxy", "image": "istio/proxyv2:1.20.1", "imageID": "docker-pullable://istio/proxyv2@sha256:bbbb", "ready": true, "state": {"running": {}}}],
            "initContainerStatuses": [
              {"name": "migrate", "image": "ghcr.io/acme/shop:1.1.0", "imageID": "", "ready": true, "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}]
          }
        }
        """;

    [Fact]
    public void A_running_pod_is_read()
    {
        var pod = Read(Running);

        Assert.Equal("shop-77ccbfc68-x2x9p", pod.Name);
        Assert.Equal("77ccbfc68", pod.Labels["pod-template-hash"]);
        Assert.Equal("ghcr.io/acme/shop:1.1.0", pod.Images["web"]);
        Assert.Equal("ghcr.io/acme/shop:1.1.0", pod.Images["migrate"]);
        Assert.Equal(3, pod.Images.Count);
        Assert.True(pod.Ready);
        Assert.False(pod.Terminating);
        Assert.Null(pod.Problem);
    }

    [Fact]
    public void What_really_runs_is_read_without_the_runtimes_prefix()
    {
        var pod = Read(Running);

        Assert.Equal("ghcr.io/acme/shop@sha256:aaaa", pod.ImageIds["web"]);
        Assert.Equal("istio/proxyv2@sha256:bbbb", pod.ImageIds["istio-proxy"]);
        Assert.False(pod.ImageIds.ContainsKey("migrate"));
    }

    [Fact]
    public void Pods_of_one_template_share_their_maps()
    {
        var (one, other) = (Read(Running), Read(Running.Replace("x2x9p", "zzzzz", StringComparison.Ordinal)));

        Assert.NotEqual(one.Name, other.Name);
        Assert.Same(one.Labels, other.Labels);
        Assert.Same(one.Images, other.Images);
        Assert.Same(one.ImageIds, other.ImageIds);
    }

    [Fact]
    public void A_pod_that_is_being_deleted_is_terminating() =>
        Assert.True(Read("""{"metadata":{"name":"p","deletionTimestamp":"2026-11-23T08:25:05Z","deletionGracePeriodSeconds":30}}""").Terminating);

    [Theory]
    [InlineData("""{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image \"ghcr.io/acme/shop:1.1.0\""}}""",
        "ImagePullBackOff", "container web: Back-off pulling image \"ghcr.io/acme/shop:1.1.0\"")]
    [InlineData("""{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"shop-db\" not found"}}""",
        "CreateContainerConfigError", "container web: secret \"shop-db\" not found")]
    [InlineData("""{"waiting":{"reason":"InvalidImageName"}}""", "InvalidImageName", "container web (ghcr.io/acme/shop:1.1.0)")]
    [InlineData("""{"waiting":{"reason":"ErrImagePull","message":"not found"}}""", "ErrImagePull", "container web: not found")]
    public void A_waiting_container_is_a_problem_in_the_kubelets_words(string state, string reason, string message) =>
        Assert.Equal(new WorkloadFailure(reason, message), WithState(state).Problem);

    [Theory]
    [InlineData("""{"waiting":{"reason":"ContainerCreating"}}""")]
    [InlineData("""{"waiting":{"reason":"PodInitializing"}}""")]
    [InlineData("""{"waiting":{}}""")]
    [InlineData("""{"running":{"startedAt":"2026-11-23T08:25:05Z"}}""")]
    [InlineData("""{"terminated":{"exitCode":1,"reason":"Error"}}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public void A_container_that_begins_runs_or_has_just_ended_is_no_problem(string state) => Assert.Null(WithState(state).Problem);

    [Fact]
    public void A_crash_loop_tells_how_the_container_ended_but_not_what_it_wrote()
    {
        var pod = Read("""
            {"metadata":{"name":"p"},"status":{"containerStatuses":[{"name":"web","image":"shop:2","restartCount":4,
              "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s restarting failed container=web pod=p_prod(0c1d)"}},
              "lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled","message":"password=hunter2"}}}]}}
            """);

        Assert.Equal(
            new("CrashLoopBackOff", "container web: back-off 40s restarting failed container (last exit code 137, OOMKilled)"),
            pod.Problem);
    }

    [Fact]
    public void The_complaint_that_ends_the_wait_comes_before_one_that_may_pass()
    {
        var pod = Read("""
            {"metadata":{"name":"p"},"status":{"containerStatuses":[
              {"name":"a","image":"a:1","state":{"waiting":{"reason":"ErrImagePull","message":"x"}}},
              {"name":"b","image":"b:1","state":{"waiting":{"reason":"CrashLoopBackOff","message":"y"}}}]}}
            """);

        Assert.Equal(new("CrashLoopBackOff", "container b: y"), pod.Problem);
    }

    [Fact]
    public void An_init_container_that_crashes_is_a_problem_of_the_pod()
    {
        var pod = Read("""
            {"metadata":{"name":"p"},"status":{
              "initContainerStatuses":[{"name":"migrate","image":"shop:2","state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}}}],
              "containerStatuses":[{"name":"web","image":"shop:2","state":{"waiting":{"reason":"PodInitializing"}}}]}}
            """);

        Assert.Equal("CrashLoopBackOff", pod.Problem!.Reason);
        Assert.Contains("container migrate", pod.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_no_node_takes_says_so()
    {
        var pod = Read("""
            {"metadata":{"name":"p"},"status":{"phase":"Pending","conditions":[
              {"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient cpu."}]}}
            """);

        Assert.Equal(new(PodProblems.Unschedulable, "0/3 nodes are available: 3 Insufficient cpu."), pod.Problem);
        Assert.False(pod.Ready);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Succeeded")]
    public void A_pod_that_has_ended_has_no_problem_any_more(string phase)
    {
        var pod = Read("""
            {"metadata":{"name":"p"},"status":{"phase":"PHASE","reason":"Evicted","containerStatuses":[
              {"name":"web","image":"shop:2","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}
            """.Replace("PHASE", phase, StringComparison.Ordinal));

        Assert.Null(pod.Problem);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"p"}}""")]
    [InlineData("""{"metadata":{"name":"p","labels":null},"spec":{"containers":null},"status":{"conditions":[],"containerStatuses":null}}""")]
    public void Absent_null_and_empty_are_read_alike(string json)
    {
        var pod = Read(json);

        Assert.Empty(pod.Labels);
        Assert.Empty(pod.Images);
        Assert.Empty(pod.ImageIds);
        Assert.Equal((false, false, null), (pod.Ready, pod.Terminating, pod.Problem));
    }

    [Fact]
    public void A_wrong_type_names_object_and_field() =>
        Assert.Equal(
            "Pod prod/p: status.containerStatuses[0].state.waiting should be an object, and is a string",
            Assert.Throws<FormatException>(() => Read("""{"metadata":{"name":"p","namespace":"prod"},"status":{"containerStatuses":[{"name":"web","state":{"waiting":"x"}}]}}""")).Message);

    private PodSnapshot Read(string json) => _reader.Read(Sample.Json(json));

    private PodSnapshot WithState(string state) =>
        Read("""{"metadata":{"name":"p"},"status":{"containerStatuses":[{"name":"web","image":"ghcr.io/acme/shop:1.1.0","state":STATE}]}}"""
            .Replace("STATE", state, StringComparison.Ordinal));
}
