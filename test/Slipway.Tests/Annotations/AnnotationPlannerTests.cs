using System.Collections.Immutable;
using Slipway.Annotations;
using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Tests.Annotations;

public sealed class AnnotationPlannerTests
{
    private static readonly WorkloadSnapshot Asking = AnnotatedSpecTests.Workload(("follow", "semver:>=1"));

    private static readonly WorkloadSnapshot Silent = AnnotatedSpecTests.Workload();

    private static readonly WorkloadSnapshot Wrong = AnnotatedSpecTests.Workload(("follow", "semver:about one"));

    private static WorkloadSnapshot As(WorkloadSnapshot workload, string kind) => workload with { Key = workload.Key with { Kind = kind }, Uid = $"uid-{kind}" };

    private static Delivery HandMade() => new() { Metadata = new ObjectMeta { Name = "shop", Namespace = "prod", Uid = "uid-delivery" } };

    /// <summary>As the plan for the workload writes it.</summary>
    private static Delivery Made(WorkloadSnapshot? of = null, string? marked = null)
    {
        var write = Assert.IsType<AnnotationPlan.Write>(AnnotationPlanner.Plan([of ?? Asking], null).Plan);
        var annotations = ImmutableDictionary<string, string>.Empty.Add(AnnotationNames.GeneratedSpec, write.Fingerprint);
        return new Delivery
        {
            Metadata = new ObjectMeta
            {
                Name = "shop",
                Namespace = "prod",
                Labels = ImmutableDictionary<string, string>.Empty.Add(AnnotationNames.GeneratedFrom, write.Owner.Key.Kind),
                Annotations = marked is null ? annotations : annotations.Add(AnnotationNames.Problem, marked),
                OwnerReferences = [new OwnerReference("apps/v1", write.Owner.Key.Kind, "shop", write.Owner.Uid, Controller: true)],
            },
            Spec = write.Spec,
        };
    }

    private static string Remarks(AnnotationDecision decision) => string.Join('\n', decision.Remarks.Select(remark => $"{remark.Workload.Key.Kind} {remark.Said.Reason}"));

    [Fact]
    public void A_workload_that_asks_gets_a_Delivery_of_its_own()
    {
        var decision = AnnotationPlanner.Plan([Asking], null);

        var write = Assert.IsType<AnnotationPlan.Write>(decision.Plan);
        Assert.Equal((Asking, "shop", false), (write.Owner, write.Spec.Targets![0].Name, write.Mends));
        Assert.Empty(decision.Remarks);
    }

    [Fact]
    public void One_that_does_not_ask_gets_none() => Assert.IsType<AnnotationPlan.Leave>(AnnotationPlanner.Plan([Silent], null).Plan);

    [Fact]
    public void What_is_as_it_was_written_is_left_alone() => Assert.IsType<AnnotationPlan.Leave>(AnnotationPlanner.Plan([Asking], Made()).Plan);

    [Fact]
    public void What_a_person_changed_on_it_stays_while_the_annotations_stay()
    {
        var suspended = Made();
        suspended = suspended with { Spec = suspended.Spec! with { Suspend = true } };

        Assert.IsType<AnnotationPlan.Leave>(AnnotationPlanner.Plan([Asking], suspended).Plan);
    }

    [Fact]
    public void Other_annotations_make_another_spec()
    {
        var write = Assert.IsType<AnnotationPlan.Write>(AnnotationPlanner.Plan([AnnotatedSpecTests.Workload(("follow", "semver:>=2"))], Made()).Plan);

        Assert.Equal(">=2", write.Spec.Source!.Follow!.Semver!.Range);
    }

    [Fact]
    public void A_wrong_annotation_makes_no_Delivery_and_is_told()
    {
        var decision = AnnotationPlanner.Plan([Wrong], null);

        Assert.IsType<AnnotationPlan.Leave>(decision.Plan);
        Assert.Equal("Deployment InvalidAnnotation", Remarks(decision));
    }

    [Fact]
    public void A_wrong_annotation_marks_the_Delivery_that_is_there_and_takes_nothing_from_it()
    {
        var decision = AnnotationPlanner.Plan([Wrong], Made());

        Assert.StartsWith("slipway.dev/follow: ", Assert.IsType<AnnotationPlan.Mark>(decision.Plan).Problem, StringComparison.Ordinal);
        Assert.Equal("Deployment InvalidAnnotation", Remarks(decision));
    }

    [Fact]
    public void What_is_marked_already_is_not_marked_again()
    {
        var mark = Assert.IsType<AnnotationPlan.Mark>(AnnotationPlanner.Plan([Wrong], Made()).Plan);

        Assert.IsType<AnnotationPlan.Leave>(AnnotationPlanner.Plan([Wrong], Made(marked: mark.Problem)).Plan);
        Assert.IsType<AnnotationPlan.Mark>(AnnotationPlanner.Plan([Wrong], Made(marked: "another")).Plan);
    }

    [Fact]
    public void A_mended_annotation_takes_the_mark_away() => Assert.True(Assert.IsType<AnnotationPlan.Write>(AnnotationPlanner.Plan([Asking], Made(marked: "wrong")).Plan).Mends);

    [Fact]
    public void A_mark_is_a_problem_of_the_Delivery_that_names_the_workload()
    {
        Assert.Equal("annotation of Deployment shop: slipway.dev/pin: no", AnnotationPlanner.ProblemOf(Made(marked: "slipway.dev/pin: no"))!.ToString());
        Assert.Null(AnnotationPlanner.ProblemOf(Made()));
        Assert.Null(AnnotationPlanner.ProblemOf(HandMade()));
    }

    [Fact]
    public void When_it_no_longer_asks_its_Delivery_goes() => Assert.IsType<AnnotationPlan.Delete>(AnnotationPlanner.Plan([Silent], Made()).Plan);

    [Fact]
    public void A_workload_that_is_being_deleted_asks_for_nothing_and_the_API_server_collects_what_it_had()
    {
        Assert.IsType<AnnotationPlan.Leave>(AnnotationPlanner.Plan([Asking with { Deleting = true }], null).Plan);
        Assert.IsType<AnnotationPlan.Leave>(AnnotationPlanner.Plan([Asking with { Deleting = true }], Made()).Plan);
    }

    [Fact]
    public void A_Delivery_that_somebody_wrote_is_never_touched()
    {
        var decision = AnnotationPlanner.Plan([Asking], HandMade());

        Assert.IsType<AnnotationPlan.Leave>(decision.Plan);
        Assert.Equal("Deployment DeliveryExists", Remarks(decision));
        Assert.Equal(("", new AnnotationPlan.Leave()), (Remarks(AnnotationPlanner.Plan([Silent], HandMade())), AnnotationPlanner.Plan([Silent], HandMade()).Plan));
    }

    [Fact]
    public void A_label_without_an_owner_makes_nothing_ours()
    {
        var orphan = Made() with { };
        orphan = orphan with { Metadata = orphan.Metadata with { OwnerReferences = [] } };

        Assert.IsType<AnnotationPlan.Leave>(AnnotationPlanner.Plan([Silent], orphan).Plan);
        Assert.Equal("Deployment DeliveryExists", Remarks(AnnotationPlanner.Plan([Asking], orphan)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_Delivery_of_a_workload_that_was_made_anew_is_waited_out(bool deleting)
    {
        var old = Made();
        old = deleting ? old with { Metadata = old.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } } : old;

        var decision = AnnotationPlanner.Plan([Asking with { Uid = deleting ? Asking.Uid : "uid-anew" }], old);

        Assert.IsType<AnnotationPlan.Leave>(decision.Plan);
        Assert.Empty(decision.Remarks);
    }

    [Fact]
    public void Of_two_kinds_with_one_name_the_first_has_it_and_the_other_is_told()
    {
        var decision = AnnotationPlanner.Plan([Asking, As(Asking, "StatefulSet")], null);

        Assert.Equal("Deployment", Assert.IsType<AnnotationPlan.Write>(decision.Plan).Owner.Key.Kind);
        Assert.Equal("StatefulSet DeliveryExists", Remarks(decision));
    }

    [Fact]
    public void Who_has_it_keeps_it_though_an_earlier_kind_asks_later()
    {
        var late = As(Asking, "StatefulSet");

        var decision = AnnotationPlanner.Plan([Asking, late], Made(late));

        Assert.IsType<AnnotationPlan.Leave>(decision.Plan);
        Assert.Equal("Deployment DeliveryExists", Remarks(decision));
    }

    [Fact]
    public void A_setting_without_a_policy_is_told() =>
        Assert.Equal("Deployment InvalidAnnotation", Remarks(AnnotationPlanner.Plan([AnnotatedSpecTests.Workload(("interval", "5m"))], null)));
}
