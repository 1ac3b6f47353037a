using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>Rows for people, and what the server says it serves.</summary>
public sealed class TableCases(Cluster cluster)
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private readonly ApiClient _api = cluster.Api;

    [Theory]
    [InlineData("api/v1", "pods", "Name,Ready,Status,Restarts,Age")]
    [InlineData("api/v1", "services", "Name,Type,Cluster-IP,External-IP,Port(s),Age")]
    [InlineData("api/v1", "configmaps", "Name,Data,Age")]
    [InlineData("api/v1", "secrets", "Name,Type,Data,Age")]
    [InlineData("api/v1", "namespaces", "Name,Status,Age")]
    [InlineData("api/v1", "nodes", "Name,Status,Roles,Age,Version")]
    [InlineData("api/v1", "serviceaccounts", "Name,Secrets,Age")]
    [InlineData("api/v1", "events", "Last Seen,Type,Reason,Object,Message")]
    [InlineData("api/v1", "endpoints", "Name,Endpoints,Age")]
    [InlineData("apis/apps/v1", "deployments", "Name,Ready,Up-to-date,Available,Age")]
    [InlineData("apis/apps/v1", "replicasets", "Name,Desired,Current,Ready,Age")]
    [InlineData("apis/apps/v1", "statefulsets", "Name,Ready,Age")]
    [InlineData("apis/apps/v1", "daemonsets", "Name,Desired,Current,Ready,Up-to-date,Available,Node Selector,Age")]
    [InlineData("apis/apps/v1", "controllerrevisions", "Name,Controller,Revision,Age")]
    [InlineData("apis/coordination.k8s.io/v1", "leases", "Name,Holder,Age")]
    [InlineData("apis/rbac.authorization.k8s.io/v1", "roles", "Name,Created At")]
    [InlineData("apis/rbac.authorization.k8s.io/v1", "clusterrolebindings", "Name,Role,Age")]
    [InlineData("apis/apiextensions.k8s.io/v1", "customresourcedefinitions", "Name,Created At")]
    public async Task A_kind_has_the_columns_that_people_know(string group, string plural, string columns)
    {
        var table = (await _api.GetAsync($"/{group}/{plural}?limit=1", Table)).Expect(200);

        Assert.Equal(("Table", "meta.k8s.io/v1"), (table.Kind(), table.Text("apiVersion")));
        Assert.Equal(columns.Split(','),
            table.Objects("columnDefinitions").Where(column => column.Number("priority") == 0).Select(column => column.Text("name")));
    }

    [Fact]
    public async Task A_row_has_a_cell_for_each_column_and_the_metadata_of_its_object()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Deployments, Samples.Deployment("shop"))).Expect(201);

        var table = (await _api.GetAsync(ns.Deployments, Table)).Expect(200);

        var row = Assert.Single(table.Objects("rows"));
        Assert.Equal(table.Objects("columnDefinitions").Count(), row["cells"]!.AsArray().Count);
        Assert.Equal(("shop", "0/0"), (row["cells"]![0]!.GetValue<string>(), row["cells"]![1]!.GetValue<string>()));
        Assert.Equal(("PartialObjectMetadata", "shop"), (row.Text("object", "kind"), row.Section("object")!.Name()));
    }

    [Fact]
    public async Task One_object_is_a_table_of_one_row()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", """{"x":"1","y":"2"}""");

        var table = (await _api.GetAsync($"{ns.ConfigMaps}/a", Table)).Expect(200);

        Assert.Equal(2, Assert.Single(table.Objects("rows"))["cells"]![1]!.GetValue<int>());
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Object")]
    public async Task A_row_can_have_the_whole_object_or_none(string include)
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a");

        var table = (await _api.GetAsync($"{ns.ConfigMaps}/a?includeObject={include}", Table)).Expect(200);

        Assert.Equal(include == "Object" ? "ConfigMap" : "", Assert.Single(table.Objects("rows")).Text("object", "kind"));
    }

    [Fact]
    public async Task A_custom_kind_has_the_columns_that_its_definition_names()
    {
        await using var kind = await CustomKind.DefineAsync(_api, """{"size":{"type":"integer"},"mode":{"type":"string"}}""");
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", """{"size":3,"mode":"fast"}"""))).Expect(201);
        (await _api.PatchAsync($"{kind.Path(ns)}/a/status", ApiClient.Merge, """{"status":{"conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}""")).Expect(200);

        var table = (await _api.GetAsync(kind.Path(ns), Table)).Expect(200);

        Assert.Equal(["Name", "Size", "Ready", "Detail", "Age"], table.Objects("columnDefinitions").Select(column => column.Text("name")));
        var cells = Assert.Single(table.Objects("rows"))["cells"]!.AsArray();
        Assert.Equal(("a", 3, "True", "fast"),
            (cells[0]!.GetValue<string>(), cells[1]!.GetValue<int>(), cells[2]!.GetValue<string>(), cells[3]!.GetValue<string>()));
        Assert.Matches("^[0-9]+s$", cells[4]!.GetValue<string>());
    }

    [Fact]
    public async Task The_server_says_its_version()
    {
        var version = (await _api.GetAsync("/version")).Expect(200);

        Assert.Equal("1", version.Text("major"));
        Assert.Matches("^[0-9]+\\+?$", version.Text("minor"));
        Assert.StartsWith($"v1.{version.Text("minor").TrimEnd('+')}.", version.Text("gitVersion"));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task The_server_says_that_it_is_well(string path) => Assert.Equal("ok", (await _api.GetAsync(path)).Text);

    [Fact]
    public async Task The_groups_are_discovered_with_the_version_that_is_preferred()
    {
        var groups = (await _api.GetAsync("/apis")).Expect(200);

        Assert.Equal("APIGroupList", groups.Kind());
        var apps = groups.Objects("groups").Single(group => group.Text("name") == "apps");
        Assert.Equal(("v1", "apps/v1"), (apps.Text("preferredVersion", "version"), apps.Text("preferredVersion", "groupVersion")));
        Assert.Equal("APIGroup", (await _api.GetAsync("/apis/apps")).Expect(200).Kind());
        Assert.Equal("""["v1"]""", (await _api.GetAsync("/api")).Expect(200)["versions"]!.ToJsonString());
    }

    [Fact]
    public async Task Resources_are_discovered_with_their_names_and_verbs()
    {
        var resources = (await _api.GetAsync("/apis/apps/v1")).Expect(200);

        var deployments = resources.Objects("resources").Single(resource => resource.Text("name") == "deployments");
        Assert.Equal(("Deployment", true, "deploy"), (deployments.Kind(), deployments.Flag("namespaced"), deployments["shortNames"]![0]!.GetValue<string>()));
        Assert.Equal(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
            deployments["verbs"]!.AsArray().Select(verb => verb!.GetValue<string>()).Order());
        var scale = resources.Objects("resources").Single(resource => resource.Text("name") == "deployments/scale");
        Assert.Equal(("Scale", "autoscaling", "v1"), (scale.Kind(), scale.Text("group"), scale.Text("version")));
    }
}
