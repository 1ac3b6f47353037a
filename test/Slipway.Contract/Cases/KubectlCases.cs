using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>What people do with the real kubectl. It finds out more about a server than a client that we wrote.</summary>
public sealed class KubectlCases(Cluster cluster)
{
    private const string Manifest =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
          labels: {app: shop}
        spec:
          replicas: 0
          selector: {matchLabels: {app: shop}}
          template:
            metadata: {labels: {app: shop}}
            spec:
              containers:
                - name: web
                  image: shop:1.0
                  env: [{name: COLOR, value: green}]
                  ports: [{containerPort: 8080}]
        """;

    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task Get_shows_a_table()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);

        var table = await RunAsync(ns, "get deployments");
        var wide = await RunAsync(ns, "get deploy -o wide --show-labels");

        Assert.Matches("^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nshop +0/0 +0 +0 +[0-9]+s\n$", table.Out);
        Assert.Matches("^NAME.*CONTAINERS +IMAGES +SELECTOR +LABELS\nshop .* web +shop:1.0 +app=shop +app=shop\n$", wide.Out);
    }

    [Fact]
    public async Task Get_finds_by_short_names_groups_and_categories()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);

        foreach (var name in new[] { "deploy", "deployment", "deployments.apps", "deployments.v1.apps", "deploy/shop" })
        {
            Assert.Contains("deployment.apps/shop", (await RunAsync(ns, $"get {name} -o name")).Out);
        }
        Assert.Contains("deployment.apps/shop", (await RunAsync(ns, "get all -o name")).Out);
    }

    [Fact]
    public async Task Get_of_what_is_not_there_says_so_and_fails()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var result = await new Kubectl(cluster, ns.Name).RunAsync("get deployment no-such");

        Assert.Equal((1, "Error from server (NotFound): deployments.apps \"no-such\" not found\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Get_with_templates_prints_fields()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);

        Assert.Equal("shop:1.0", (await RunAsync(ns, "get deploy shop -o jsonpath={.spec.template.spec.containers[0].image}")).Out);
        Assert.Contains("image: shop:1.0", (await RunAsync(ns, "get deploy shop -o yaml")).Out);
        Assert.Equal("List", (await RunAsync(ns, "get deploy,configmap -o json")).Json.Kind());
    }

    [Fact]
    public async Task Apply_creates_configures_and_leaves_unchanged()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var first = await RunAsync(ns, "apply -f -", Manifest);
        var same = await RunAsync(ns, "apply -f -", Manifest);
        var other = await RunAsync(ns, "apply -f -",
            Manifest.Replace("shop:1.0", "shop:2.0", StringComparison.Ordinal).Replace("COLOR, value: green", "SIZE, value: big", StringComparison.Ordinal));

        Assert.Equal(("deployment.apps/shop created\n", "deployment.apps/shop unchanged\n", "deployment.apps/shop configured\n"),
            (first.Out, same.Out, other.Out));
        var container = (await GetAsync(ns)).Objects("spec", "template", "spec", "containers").Single();
        Assert.Equal(("shop:2.0", "SIZE"), (container.Text("image"), container.Objects("env").Single().Text("name")));
    }

    [Fact]
    public async Task Apply_leaves_alone_what_it_does_not_name()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);
        (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Strategic, """{"spec":{"minReadySeconds":7,"template":{"spec":{"containers":[{"name":"side","image":"side:1"}]}}}}""")).Expect(200);

        await RunAsync(ns, "apply -f -", Manifest.Replace("shop:1.0", "shop:2.0", StringComparison.Ordinal));

        var after = await GetAsync(ns);
        Assert.Equal((7, 2), (after.Number("spec", "minReadySeconds"), after.Objects("spec", "template", "spec", "containers").Count()));
    }

    [Fact]
    public async Task Server_side_apply_tells_conflicts_and_can_be_forced()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await RunAsync(ns, "apply --server-side --field-manager=one -f -", Manifest);

        var refused = await new Kubectl(cluster, ns.Name).RunAsync("apply --server-side --field-manager=two -f -",
            Manifest.Replace("shop:1.0", "shop:2.0", StringComparison.Ordinal));
        var forced = await RunAsync(ns, "apply --server-side --field-manager=two --force-conflicts -f -",
            Manifest.Replace("shop:1.0", "shop:2.0", StringComparison.Ordinal));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Apply failed with 1 conflict: conflict with \"one\": .spec.template.spec.containers[name=\"web\"].image", refused.Error);
        Assert.Equal("deployment.apps/shop serverside-applied\n", forced.Out);
    }

    [Fact]
    public async Task Server_side_apply_takes_over_from_client_side_apply()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);

        await RunAsync(ns, "apply --server-side -f -", Manifest.Replace("shop:1.0", "shop:2.0", StringComparison.Ordinal));

        Assert.Equal("shop:2.0", (await GetAsync(ns)).Objects("spec", "template", "spec", "containers").Single().Text("image"));
    }

    [Fact]
    public async Task Apply_of_a_custom_kind_works_from_definition_to_object()
    {
        await using var kind = await CustomKind.DefineAsync(_api, """{"size":{"type":"integer"}}""");
        await using var ns = await cluster.NewNamespaceAsync();

        var first = await RunAsync(ns, "apply -f -", kind.Gadget("a", """{"size":1}""").ToJsonString());
        var second = await RunAsync(ns, "apply -f -", kind.Gadget("a", """{"size":2}""").ToJsonString());
        var table = await RunAsync(ns, $"get gadgets.{kind.Group}");

        Assert.Equal($"gadget.{kind.Group}/a created\ngadget.{kind.Group}/a configured\n", first.Out + second.Out);
        Assert.Matches("^NAME +SIZE +READY +AGE\na +2 +[0-9]+s\n$", table.Out);
    }

    [Fact]
    public async Task An_unknown_field_is_refused_by_validation()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var result = await new Kubectl(cluster, ns.Name).RunAsync("create --validate=true -f -",
            Manifest.Replace("replicas: 0", "replcas: 0", StringComparison.Ordinal));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("replcas", result.Error);
    }

    [Fact]
    public async Task Create_makes_objects_from_flags()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        await RunAsync(ns, "create deployment shop --image=shop:1.0 --replicas=0");
        await RunAsync(ns, "create configmap settings --from-literal=a=1");
        await RunAsync(ns, "create secret generic password --from-literal=p=secret");
        await RunAsync(ns, "create service clusterip shop --tcp=80:8080");
        var again = await new Kubectl(cluster, ns.Name).RunAsync("create configmap settings");

        Assert.Equal((1, "error: failed to create configmap: configmaps \"settings\" already exists\n"), (again.ExitCode, again.Error));
        Assert.Equal("1", (await _api.GetAsync($"{ns.ConfigMaps}/settings")).Expect(200).Text("data", "a"));
        Assert.Contains("shop", (await RunAsync(ns, "get services")).Out);
    }

    [Fact]
    public async Task Describe_tells_of_an_object_and_its_events()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);
        var uid = (await GetAsync(ns)).Uid();
        (await _api.PostAsync(ns.Core("events"), JsonTree.ParseObject(
            """
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"e"},"type":"Normal","reason":"Shipped","message":"1.0 is out","firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:00Z","count":1,
             "involvedObject":{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","namespace":"NS","uid":"UID"},"source":{"component":"slipway"}}
            """.Replace("NS", ns.Name, StringComparison.Ordinal).Replace("UID", uid, StringComparison.Ordinal)))).Expect(201);

        var text = (await RunAsync(ns, "describe deployment shop")).Out;

        Assert.Contains("Image:      shop:1.0", text);
        Assert.Matches("Normal +Shipped .* slipway +1.0 is out", text);
    }

    [Fact]
    public async Task Patch_changes_by_each_kind_of_patch()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);

        await RunAsync(ns, """patch deploy shop -p "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"shop:2.0\"}]}}}}" """);
        await RunAsync(ns, """patch deploy shop --type=merge -p "{\"spec\":{\"minReadySeconds\":3}}" """);
        await RunAsync(ns, """patch deploy shop --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/revisionHistoryLimit\",\"value\":4}]" """);
        await ns.CreateConfigMapAsync("a");
        var none = await RunAsync(ns, """patch configmap a --type=merge -p "{\"data\":{\"a\":\"1\"}}" """);

        var after = await GetAsync(ns);
        Assert.Equal(("shop:2.0", 3, 4),
            (after.Objects("spec", "template", "spec", "containers").Single().Text("image"), after.Number("spec", "minReadySeconds"),
            after.Number("spec", "revisionHistoryLimit")));
        Assert.Contains("patched (no change)", none.Out);
    }

    [Fact]
    public async Task Scale_sets_the_replicas()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);
        (await _api.PatchAsync($"{ns.Deployments}/shop", ApiClient.Merge, """{"spec":{"paused":true}}""")).Expect(200);

        await RunAsync(ns, "scale deploy shop --replicas=1");
        var refused = await new Kubectl(cluster, ns.Name).RunAsync("scale deploy shop --current-replicas=5 --replicas=0");

        Assert.Equal(1, (await GetAsync(ns)).Number("spec", "replicas"));
        Assert.Equal(1, refused.ExitCode);
    }

    [Fact]
    public async Task Set_image_is_an_update_by_a_manager_of_its_own()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await RunAsync(ns, "apply --server-side --field-manager=slipway -f -", Manifest);

        await RunAsync(ns, "set image deploy/shop web=shop:2.0");

        var entry = (await GetAsync(ns)).Objects("metadata",
            "managedFields").Single(one => one["fieldsV1"]!.ToJsonString().Contains("f:image\"", StringComparison.Ordinal));
        Assert.Equal(("kubectl-set", "Update"), (entry.Text("manager"), entry.Text("operation")));
    }

    [Fact]
    public async Task Label_and_annotate_add_overwrite_and_remove()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", labels: """{"x":"1"}""");

        await RunAsync(ns, "label configmap a y=2");
        var refused = await new Kubectl(cluster, ns.Name).RunAsync("label configmap a x=3");
        await RunAsync(ns, "label configmap a x=3 --overwrite");
        await RunAsync(ns, "label configmap a y-");
        await RunAsync(ns, "annotate configmap a note=hello");

        var after = (await _api.GetAsync($"{ns.ConfigMaps}/a")).Expect(200);
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(("3", null, "hello"), (after.Label("x"), after.Label("y"), after.Annotation("note")));
    }

    [Fact]
    public async Task Rollout_status_waits_for_the_controller()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);
        var waiting = RunAsync(ns, "rollout status deploy/shop --timeout=30s");

        await PlayControllerAsync(ns);

        Assert.Contains("deployment \"shop\" successfully rolled out", (await waiting).Out);
    }

    [Fact]
    public async Task Rollout_restart_pause_and_resume_write_the_spec()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);

        await RunAsync(ns, "rollout pause deploy/shop");
        Assert.True((await GetAsync(ns)).Flag("spec", "paused"));
        await RunAsync(ns, "rollout resume deploy/shop");
        await RunAsync(ns, "rollout restart deploy/shop");

        var after = await GetAsync(ns);
        Assert.False(after.Flag("spec", "paused"));
        Assert.NotEqual("", after.Text("spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"));
    }

    [Fact]
    public async Task Wait_sees_a_condition_come()
    {
        await using var kind = await CustomKind.DefineAsync(_api, "{}");
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(kind.Path(ns), kind.Gadget("a", "{}"))).Expect(201);
        var waiting = RunAsync(ns, $"wait gadgets.{kind.Group}/a --for=condition=Ready --timeout=30s");

        (await _api.PatchAsync($"{kind.Path(ns)}/a/status", ApiClient.Merge, """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""")).Expect(200);

        Assert.Contains("condition met", (await waiting).Out);
    }

    [Fact]
    public async Task Wait_for_a_definition_to_be_established_succeeds()
    {
        await using var kind = await CustomKind.DefineAsync(_api, "{}");
        await using var ns = await cluster.NewNamespaceAsync();

        Assert.Contains("condition met", (await RunAsync(ns, $"wait crd/gadgets.{kind.Group} --for=condition=Established --timeout=30s")).Out);
    }

    [Fact]
    public async Task Delete_waits_until_the_object_is_gone()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","finalizers":["example.com/hold"]}}""")).Expect(201);
        var deleting = RunAsync(ns, "delete configmap held");

        await ApiClient.EventuallyAsync(() => _api.GetAsync($"{ns.ConfigMaps}/held"), answer => answer.Body.IsBeingDeleted(), "it is being deleted");
        Assert.False(deleting.IsCompleted);
        (await _api.PatchAsync($"{ns.ConfigMaps}/held", ApiClient.Merge, """{"metadata":{"finalizers":null}}""")).Expect(200);

        Assert.Contains("configmap \"held\" deleted", (await deleting).Out);
    }

    [Fact]
    public async Task Delete_takes_all_that_a_selector_picks()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("a", labels: """{"x":"1"}""");
        await ns.CreateConfigMapAsync("b", labels: """{"x":"1"}""");
        await ns.CreateConfigMapAsync("c");

        await RunAsync(ns, "delete configmap -l x=1");

        Assert.Equal(404, (await _api.GetAsync($"{ns.ConfigMaps}/a")).Code);
        (await _api.GetAsync($"{ns.ConfigMaps}/c")).Expect(200);
    }

    [Fact]
    public async Task Get_w_prints_what_happens()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ns.CreateConfigMapAsync("first", labels: """{"case":"watch"}""");
        using var watching = new Kubectl(cluster, ns.Name).Start("get configmaps -l case=watch -w");
        try
        {
            var lines = watching.StandardOutput;
            Assert.Matches("^NAME +DATA +AGE$", (await NextAsync(lines))!);
            Assert.Matches("^first +1 ", (await NextAsync(lines))!);

            await ns.CreateConfigMapAsync("second", """{"a":"1","b":"2"}""", """{"case":"watch"}""");

            Assert.Matches("^second +2 ", (await NextAsync(lines))!);
        }
        finally
        {
            watching.Kill();
        }
    }

    [Fact]
    public async Task Edits_that_are_diffed_show_the_difference()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        await ApplyAsync(ns);

        var result = await new Kubectl(cluster, ns.Name).RunAsync("diff -f -", Manifest.Replace("shop:1.0", "shop:2.0", StringComparison.Ordinal));

        Assert.Equal(1, result.ExitCode);
        Assert.Matches("\\+ +(- )?image: shop:2.0", result.Out);
    }

    [Fact]
    public async Task Api_resources_and_auth_can_i_answer()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        // Beside other cases whose kinds come and go, kubectl may find a group empty and complain of it.
        Assert.Matches("deployments +deploy +apps/v1 +true +Deployment", (await new Kubectl(cluster, ns.Name).RunAsync("api-resources")).Out);
        Assert.Equal("yes\n", (await RunAsync(ns, "auth can-i delete deployments")).Out);
        Assert.Contains("Server Version: v1.", (await RunAsync(ns, "version")).Out);
    }

    private Task<KubectlResult> ApplyAsync(TestNamespace ns) => RunAsync(ns, "apply -f -", Manifest);

    private async Task<KubectlResult> RunAsync(TestNamespace ns, string arguments, string? input = null) =>
        (await new Kubectl(cluster, ns.Name).RunAsync(arguments, input)).Succeeded();

    private async Task<JsonObject> GetAsync(TestNamespace ns) => (await _api.GetAsync($"{ns.Deployments}/shop")).Expect(200);

    private static Task<string?> NextAsync(StreamReader lines) =>
        lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    // Where no controller runs, the case says what one would say of a Deployment without pods.
    private async Task PlayControllerAsync(TestNamespace ns)
    {
        if (!Cluster.IsReal)
        {
            var generation = (await GetAsync(ns)).Generation();
            (await _api.PatchAsync($"{ns.Deployments}/shop/status", ApiClient.Merge, "{\"status\":{\"observedGeneration\":" + generation + "}}")).Expect(200);
        }
    }
}
