using System.Text.Json;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

/// <summary>Entries as kube-apiserver 1.20.2 wrote them for kubectl 1.35 and for our own patches.</summary>
public sealed class ImageOwnershipTests
{
    [Fact]
    public void Kubectl_apply_owns_every_image_it_created()
    {
        var fields = Fields(Entry("kubectl-client-side-apply", "Update", "08:24:10", Containers(Whole("proxy"), Whole("web")), Init(Whole("migrate"))));

        Assert.Equal(new("kubectl-client-side-apply", "Update"), Owner(fields, "web"));
        Assert.Equal(new("kubectl-client-side-apply", "Update"), Owner(fields, "migrate", init: true));
    }

    [Theory]
    [InlineData("kubectl-set", "Update")]
    [InlineData("kubectl", "Update")]
    [InlineData("kubectl-patch", "Update")]
    [InlineData("kubectl-edit", "Update")]
    [InlineData("kubectl-replace", "Update")]
    [InlineData("slipway", "Apply")]
    public void The_entry_with_the_image_is_the_owner_and_not_the_one_with_the_rest(string manager, string operation)
    {
        var fields = Fields(
            Entry("kubectl-client-side-apply", "Update", "08:24:10", Containers(Whole("proxy"), WithoutImage("web")), Init(Whole("migrate"))),
            Entry("kube-controller-manager", "Update", "08:24:11"),
            Entry(manager, operation, "08:24:12", Containers("""
                "k:{\"name\":\"web\"}":{"f:image":{}}
                """)));

        Assert.Equal(new(manager, operation), Owner(fields, "web"));
        Assert.Equal("kubectl-client-side-apply", Owner(fields, "proxy")!.Manager);
    }

    [Fact]
    public void A_forced_apply_takes_the_image_from_us_and_leaves_us_the_name()
    {
        var fields = Fields(
            Entry("argocd-controller", "Apply", "08:25:44", Containers(Whole("web"))),
            Entry("slipway", "Apply", "08:25:44", Containers(Whole("old"), """
                "k:{\"name\":\"web\"}":{".":{},"f:name":{}}
                """)));

        Assert.Equal(new("argocd-controller", "Apply"), Owner(fields, "web"));
    }

    [Fact]
    public void Of_several_owners_the_last_writer_is_named()
    {
        var fields = Fields(
            Entry("kubectl", "Apply", "08:24:20", Containers(Whole("web"))),
            Entry("argocd-controller", "Apply", "09:00:00", Containers(Whole("web"))),
            Entry("slipway", "Apply", "08:30:00", Containers(Whole("web"))));

        Assert.Equal("argocd-controller", Owner(fields, "web")!.Manager);
    }

    [Fact]
    public void Of_owners_of_the_same_second_slipway_is_named()
    {
        var fields = Fields(
            Entry("argocd-controller", "Apply", "08:25:01", Containers(Whole("web"))),
            Entry("slipway", "Apply", "08:25:01", Containers(Whole("web"))));

        Assert.Equal("slipway", Owner(fields, "web")!.Manager);
    }

    [Fact]
    public void An_init_container_is_not_a_container_of_the_same_name()
    {
        var fields = Fields(Entry("kubectl", "Apply", "08:24:20", Containers(Whole("web"))));

        Assert.Null(Owner(fields, "web", init: true));
    }

    [Fact]
    public void A_cron_job_has_its_containers_deeper_down()
    {
        var fields = Sample.Json("""
            [
              {"manager":"slipway","operation":"Apply","apiVersion":"batch/v1beta1","time":"2026-11-23T08:25:05Z","fieldsType":"FieldsV1","fieldsV1":
                {"f:spec":{"f:jobTemplate":{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"report\"}":{".":{},"f:image":{},"f:name":{}}}}}}}}}},
              {"manager":"kubectl-create","operation":"Update","apiVersion":"batch/v1beta1","time":"2026-11-23T08:25:05Z","fieldsType":"FieldsV1","fieldsV1":
                {"f:spec":{"f:concurrencyPolicy":{},"f:jobTemplate":{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"report\"}":
                  {".":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{}}},"f:restartPolicy":{}}}}},"f:schedule":{}}}}
            ]
            """);

        Assert.Equal(new("slipway", "Apply"), ImageOwnership.OwnerOf(fields, WorkloadKinds.CronJob, "report", init: false));
        Assert.Null(ImageOwnership.OwnerOf(fields, WorkloadKinds.Deployment, "report", init: false));
        Assert.False(ImageOwnership.IsAbandoned(fields, WorkloadKinds.CronJob, "report", init: false));
    }

    [Fact]
    public void A_container_that_only_we_still_list_is_abandoned()
    {
        var fields = Fields(
            Entry("argocd-controller", "Apply", "08:25:44", Containers(Whole("web"))),
            Entry("slipway", "Apply", "08:25:44", Containers(Whole("old"), WithoutImage("web"))),
            Entry("kube-controller-manager", "Update", "08:25:43"));

        Assert.True(ImageOwnership.IsAbandoned(fields, WorkloadKinds.Deployment, "old", init: false));
        Assert.False(ImageOwnership.IsAbandoned(fields, WorkloadKinds.Deployment, "web", init: false));
    }

    [Fact]
    public void A_container_that_nobody_lists_is_not_abandoned() =>
        Assert.False(ImageOwnership.IsAbandoned(Fields(), WorkloadKinds.Deployment, "web", init: false));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("[null, 3, \"x\"]")]
    [InlineData("""[{"manager":"kubectl","operation":"Apply","fieldsV1":null}]""")]
    [InlineData("""[{"manager":"kubectl","operation":"Apply","fieldsV1":{"f:spec":{"f:template":[]}}}]""")]
    [InlineData("""[{"manager":"kubectl","operation":"Apply","fieldsV1":{"f:spec":{"f:template":{"f:spec":{"f:containers":{}}}}}}]""")]
    public void Where_the_server_tells_nothing_nobody_is_named(string managedFields)
    {
        Assert.Null(Owner(Sample.Json(managedFields), "web"));
        Assert.False(ImageOwnership.IsAbandoned(Sample.Json(managedFields), WorkloadKinds.Deployment, "web", init: false));
    }

    [Fact]
    public void Managed_fields_that_are_absent_name_nobody() => Assert.Null(Owner(default, "web"));

    private static FieldOwner? Owner(JsonElement managedFields, string container, bool init = false) =>
        ImageOwnership.OwnerOf(managedFields, WorkloadKinds.Deployment, container, init);

    private static JsonElement Fields(params string[] entries) => Sample.Json($"[{string.Join(',', entries)}]");

    private static string Entry(string manager, string operation, string time, params string[] podSpec)
    {
        const string Meta = """
            "f:metadata":{"f:annotations":{".":{}}}
            """;
        var head = $$"""
            "manager":"{{manager}}","operation":"{{operation}}","apiVersion":"apps/v1","time":"2026-11-23T{{time}}Z","fieldsType":"FieldsV1"
            """;
        var spec = """
            "f:spec":{"f:replicas":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{
            """ + string.Join(',', podSpec) + "}}}";
        return "{" + head + ",\"fieldsV1\":{" + Meta + "," + spec + "}}";
    }

    private static string Containers(params string[] items) => $$"""
        "f:containers":{{{string.Join(',', items)}}}
        """;

    private static string Init(params string[] items) => $$"""
        "f:initContainers":{{{string.Join(',', items)}}}
        """;

    private static string Whole(string name) => $$$"""
        "k:{\"name\":\"{{{name}}}\"}":{".":{},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{}}
        """;

    private static string WithoutImage(string name) => $$$"""
        "k:{\"name\":\"{{{name}}}\"}":{".":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{}}
        """;
}
