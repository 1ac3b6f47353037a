using System.Collections.Immutable;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class CustomHealthTests
{
    private const string Any = "Widget.example.com";
    private const string Knative = "Service.serving.knative.dev";
    private const string Rollout = "Rollout.argoproj.io";
    private const string Application = "Application.argoproj.io";

    [Theory]
    [InlineData(Any, """{}""")]
    [InlineData(Any, """{"observedGeneration":3,"conditions":[{"type":"Ready","status":"True"}]}""")]
    [InlineData(Any, """{"conditions":[{"type":"Ready","status":"True"},{"type":"Stalled","status":"False"},{"type":"Reconciling","status":"False"}]}""")]
    [InlineData(Any, """{"conditions":[{"type":"Available","status":"True"}]}""")]
    [InlineData(Any, """{"conditions":[{"type":"Healthy","status":"True"},{"type":"Progressing","status":"False"}]}""")]
    [InlineData(Any, """{"conditions":"not a list","observedGeneration":{}}""")]
    [InlineData(Knative, """{"observedGeneration":3,"conditions":[{"type":"Ready","status":"True"}]}""")]
    [InlineData(Rollout, """{"observedGeneration":"3","phase":"Healthy"}""")]
    [InlineData(Application, """{"health":{"status":"Healthy"},"sync":{"status":"Synced"}}""")]
    public void It_has_succeeded_when_its_controller_says_so_or_says_nothing_at_all(string kind, string status) => Assert.Equal(new Health.Healthy(0), Of(kind, status));

    [Theory]
    [InlineData(Any, """{"observedGeneration":2,"conditions":[{"type":"Ready","status":"True"},{"type":"Stalled","status":"True"}]}""", "has not seen the change yet (generation 3, observed 2)")]
    [InlineData(Any, """{"conditions":[{"type":"Ready","status":"True","observedGeneration":2}]}""", "has not seen the change yet")]
    [InlineData(Any, """{"conditions":[{"type":"Ready","status":"False","message":"still pulling"}]}""", "Ready is False: still pulling")]
    [InlineData(Any, """{"conditions":[{"type":"Ready"}]}""", "Ready is Unknown")]
    [InlineData(Any, """{"conditions":[{"type":"Ready","status":"True"},{"type":"Reconciling","status":"True","message":"upgrade"}]}""", "upgrade")]
    [InlineData(Any, """{"conditions":[{"type":"Available","status":"True"},{"type":"Progressing","status":"True"}]}""", "Available is True")]
    [InlineData(Any, """{"conditions":[{"type":"Progressing","status":"True","message":"half way"}]}""", "half way")]
    [InlineData(Knative, """{"conditions":[{"type":"Ready","status":"Unknown","message":"deploying"}]}""", "deploying")]
    [InlineData(Rollout, """{"observedGeneration":"2","phase":"Degraded"}""", "has not seen the change yet")]
    [InlineData(Rollout, """{"observedGeneration":"3","phase":"Paused","message":"CanaryPauseStep"}""", "Paused: CanaryPauseStep")]
    [InlineData(Rollout, """{}""", "has reported nothing yet")]
    [InlineData(Application, """{"health":{"status":"Degraded"},"sync":{"status":"OutOfSync"}}""", "OutOfSync: Argo CD applies it by spec.syncPolicy.automated")]
    [InlineData(Application, """{"health":{"status":"Progressing","message":"2 of 3"},"sync":{"status":"Synced"}}""", "health is Progressing: 2 of 3")]
    [InlineData(Application, """{}""", "Argo CD has reported nothing yet")]
    public void It_is_waited_for_until_its_controller_has_seen_the_change_and_is_content(string kind, string status, string says) =>
        Assert.Contains(says, Assert.IsType<Health.Progressing>(Of(kind, status)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Any, """{"conditions":[{"type":"Ready","status":"False"},{"type":"Stalled","status":"True","reason":"RetriesExceeded","message":"3 attempts"}]}""", "RetriesExceeded", "Stalled is True: 3 attempts")]
    [InlineData(Any, """{"conditions":[{"type":"Available","status":"True"},{"type":"Degraded","status":"True","message":"no quorum"}]}""", "Degraded", "Degraded is True: no quorum")]
    [InlineData(Any, """{"conditions":[{"type":"Available","status":"False"},{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]}""", "ProgressDeadlineExceeded", "Progressing is False")]
    [InlineData(Knative, """{"conditions":[{"type":"Ready","status":"False","reason":"RevisionFailed","message":"exit 1"}]}""", "RevisionFailed", "Ready is False: exit 1")]
    [InlineData(Rollout, """{"observedGeneration":"3","phase":"Degraded","message":"aborted"}""", "Degraded", "aborted")]
    [InlineData(Application, """{"health":{"status":"Degraded","message":"crash loop"},"sync":{"status":"Synced"}}""", "Degraded", "crash loop")]
    public void It_has_failed_when_its_controller_has_given_up(string kind, string status, string reason, string message)
    {
        var failing = Assert.IsType<Health.Failing>(Of(kind, status));

        Assert.Equal(reason, failing.Reason);
        Assert.Contains(message, failing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_being_deleted_is_no_success() =>
        Assert.IsType<Health.Progressing>(WorkloadHealth.Of(Read(Any, "{}") with { Deleting = true }, []));

    [Fact]
    public void A_custom_object_is_read_with_its_labels_and_annotations_and_what_is_not_in_order_is_passed_over()
    {
        Assert.True(FieldPath.TryParse("spec.image", out var path, out _));
        var reader = new CustomReader(new ValuePool(), Any, "example.com/v1", [path]);

        var read = reader.Read(Sample.Json("""
            {"metadata":{"name":"shop","namespace":"prod","uid":"u","resourceVersion":"7","labels":{"app":"shop"},"annotations":{"slipway.dev/release":"4"}},
             "spec":{"image":"a:1"},"status":{"conditions":[{"status":"True"},{"type":"Ready","status":"True"}]}}
            """));

        Assert.Equal((new WorkloadKey(Any, "prod", "shop"), "example.com/v1", "u", "7", "4"), (read.Key, read.ApiVersion, read.Uid, read.ResourceVersion, read.WrittenBy));
        Assert.Equal("a:1", read.Custom!.Fields["spec.image"].Text);
        Assert.Equal("Ready", Assert.Single(read.Custom.Status.Conditions).Type);
        Assert.True(read.Custom.Annotated);
        Assert.Throws<FormatException>(() => reader.Read(Sample.Json("""{"metadata":{}}""")));
    }

    private static Health Of(string kind, string status) => WorkloadHealth.Of(Read(kind, status), []);

    private static WorkloadSnapshot Read(string kind, string status) => new CustomReader(new ValuePool(), kind, "example.com/v1", ImmutableHashSet<FieldPath>.Empty)
        .Read(Sample.Json($$"""{"metadata":{"name":"shop","namespace":"prod","generation":3},"status":{{status}}}"""));
}
