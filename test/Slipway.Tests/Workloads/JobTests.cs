using System.Text.Json.Nodes;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class JobTests
{
    private const string Live = """
        {
          "apiVersion": "batch/v1", "kind": "Job",
          "metadata": {
            "name": "migrate", "namespace": "prod", "uid": "u1", "resourceVersion": "9", "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"team": "data", "controller-uid": "u1", "batch.kubernetes.io/job-name": "migrate"},
            "annotations": {"note": "kept", "batch.kubernetes.io/job-tracking": ""},
            "ownerReferences": [{"kind": "App", "name": "shop", "uid": "o1", "apiVersion": "example.com/v1"}],
            "finalizers": ["foregroundDeletion"], "managedFields": [{"manager": "kubectl-create"}]
          },
          "spec": {
            "backoffLimit": 1, "selector": {"matchLabels": {"controller-uid": "u1"}},
            "template": {
              "metadata": {"creationTimestamp": null, "labels": {"app": "shop", "controller-uid": "u1", "job-name": "migrate", "batch.kubernetes.io/controller-uid": "u1"}},
              "spec": {"initContainers": [{"name": "wait", "image": "busybox:1"}], "containers": [{"name": "migrate", "image": "a:1"}], "restartPolicy": "Never"}
            }
          },
          "status": {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}
        }
        """;

    [Fact]
    public void A_copy_has_what_its_owner_wrote_and_nothing_of_what_the_server_added() => Same(
        """
        {
          "apiVersion": "batch/v1", "kind": "Job",
          "metadata": {
            "name": "migrate", "namespace": "prod", "labels": {"team": "data"}, "annotations": {"note": "kept"},
            "ownerReferences": [{"kind": "App", "name": "shop", "uid": "o1", "apiVersion": "example.com/v1"}]
          },
          "spec": {
            "backoffLimit": 1,
            "template": {
              "metadata": {"labels": {"app": "shop"}},
              "spec": {"initContainers": [{"name": "wait", "image": "busybox:1"}], "containers": [{"name": "migrate", "image": "a:1"}], "restartPolicy": "Never"}
            }
          }
        }
        """,
        JobCopy.Of(Parse(Live)));

    [Fact]
    public void A_selector_that_its_owner_wrote_stays_with_the_labels_it_selects()
    {
        var live = Parse(Live);
        live["spec"]!["manualSelector"] = true;

        var copy = JobCopy.Of(live);

        Assert.NotNull(copy["spec"]!["selector"]);
        Assert.Equal("u1", (string?)copy["spec"]!["template"]!["metadata"]!["labels"]!["controller-uid"]);
    }

    [Fact]
    public void A_copy_of_a_copy_is_the_same_and_with_other_images_only_they_and_our_annotations_differ()
    {
        var copy = JobCopy.Of(Parse(Live));
        var other = JobCopy.With(copy, new Dictionary<string, string> { ["migrate"] = "a:2", ["absent"] = "x" }, ImagePatch.Annotations(3, "2"));

        Assert.True(JsonNode.DeepEquals(copy, JobCopy.Of(copy)));
        Assert.Equal("""[{"name":"migrate","image":"a:2"}]""", other["spec"]!["template"]!["spec"]!["containers"]!.ToJsonString());
        Assert.Equal("busybox:1", (string?)other["spec"]!["template"]!["spec"]!["initContainers"]![0]!["image"]);
        Assert.Equal("""{"note":"kept","slipway.dev/release":"3","slipway.dev/version":"2"}""", other["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal("a:1", (string?)copy["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]);
    }

    [Theory]
    [InlineData("""{"conditions":[{"type":"Complete","status":"True"}],"succeeded":1}""", "{}", "Healthy")]
    [InlineData("""{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"m"}]}""", "{}", "BackoffLimitExceeded")]
    [InlineData("""{"active":1}""", "{}", "Progressing")]
    [InlineData("""{}""", """{"suspend":true}""", "Healthy")]
    public void A_job_has_succeeded_when_it_is_complete_and_failed_when_it_says_so(string status, string spec, string health)
    {
        var live = Parse(Live);
        live["status"] = JsonNode.Parse(status);
        live["spec"]!["suspend"] = JsonNode.Parse(spec)!["suspend"]?.DeepClone();

        var found = WorkloadHealth.Of(Read(live), []);

        Assert.Equal(health, found is Health.Failing failing ? failing.Reason : found.GetType().Name);
    }

    [Theory]
    [InlineData("ImagePullBackOff", "Failing")]
    [InlineData("CrashLoopBackOff", "Progressing")]
    public void An_image_that_cannot_be_pulled_is_not_waited_for_and_crashes_are_the_jobs_own_to_count(string reason, string health)
    {
        var live = Parse(Live);
        live["status"] = JsonNode.Parse("""{"active":1}""");
        live["spec"]!["template"]!["spec"]!.AsObject().Remove("initContainers");
        var pod = Sample.Pod("migrate-x", reason: reason) with { Images = Sample.Map(("migrate", "a:1")) };

        Assert.Equal(health, WorkloadHealth.Of(Read(live), [pod]).GetType().Name);
    }

    [Fact]
    public void While_it_runs_a_job_is_busy_unless_it_may_be_ended_or_will_never_end()
    {
        var job = Read(Parse(Live));
        var running = new Health.Progressing("is running", 0);

        Assert.Contains("'recreate: Always' would end it", JobHealth.Busy(job, Recreation.WhenFinished, running), StringComparison.Ordinal);
        Assert.Null(JobHealth.Busy(job, Recreation.Always, running));
        Assert.Null(JobHealth.Busy(job, Recreation.WhenFinished, new Health.Failing("ImagePullBackOff", "")));
        Assert.Null(JobHealth.Busy(job, Recreation.WhenFinished, new Health.Healthy(1)));
        Assert.Null(JobHealth.Busy(Sample.Deployment(Sample.Complete), null, running));
        Assert.Contains("is being created anew", JobHealth.Busy(job with { Gone = true }, Recreation.Always, running), StringComparison.Ordinal);
        Assert.IsType<Health.Progressing>(WorkloadHealth.Of(job with { Gone = true, Progress = new() }, []));
    }

    [Fact]
    public void A_job_that_is_all_ours_is_not_abandoned()
    {
        var live = Parse(Live);
        live["metadata"]!["managedFields"] = JsonNode.Parse("""
            [{"manager":"slipway","operation":"Update","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"migrate\"}":{".":{},"f:image":{},"f:name":{}}}}}}}}]
            """);

        var container = Read(live).Containers.Single(container => container.Container == "migrate");

        Assert.False(container.Abandoned);
        Assert.Equal("slipway", container.Owner!.Manager);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static WorkloadSnapshot Read(JsonObject job) => new WorkloadReader(new ValuePool()).Read(WorkloadKinds.Job, "batch/v1", Sample.Json(job.ToJsonString()));

    private static void Same(string expected, JsonNode found) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), found), found.ToJsonString());
}
