using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>What controllers use besides workloads: leases, events, services, and questions about access.</summary>
public sealed class ServiceCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task A_lease_can_be_taken_only_by_who_saw_its_last_version()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var leases = ns.Group("coordination.k8s.io", "v1", "leases");
        var lease = (await _api.PostAsync(leases, Lease("one"))).Expect(201);
        var (mine, theirs) = (JsonTree.Copy(lease), JsonTree.Copy(lease));
        mine["spec"]!["holderIdentity"] = "two";
        theirs["spec"]!["holderIdentity"] = "three";

        (await _api.PutAsync($"{leases}/leader", mine)).Expect(200);
        (await _api.PutAsync($"{leases}/leader", theirs)).ExpectStatus(409, "Conflict");

        Assert.Equal("two", (await _api.GetAsync($"{leases}/leader")).Expect(200).Text("spec", "holderIdentity"));
    }

    [Fact]
    public async Task The_times_of_a_lease_have_microseconds()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var lease = (await _api.PostAsync(ns.Group("coordination.k8s.io", "v1", "leases"), Lease("one"))).Expect(201);

        Assert.Equal(("2026-01-01T12:00:00.123456Z", null), (lease.Text("spec", "renewTime"), lease.Number("metadata", "generation")));
    }

    [Fact]
    public async Task A_lease_without_a_duration_that_makes_sense_is_invalid()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var lease = Lease("one");
        lease["spec"]!["leaseDurationSeconds"] = 0;

        (await _api.PostAsync(ns.Group("coordination.k8s.io", "v1", "leases"), lease)).ExpectStatus(422, "Invalid");
    }

    [Fact]
    public async Task Events_are_picked_by_what_they_are_about()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("events"), Event(ns, "e1", "shop"))).Expect(201);
        (await _api.PostAsync(ns.Core("events"), Event(ns, "e2", "other"))).Expect(201);

        var list = (await _api.GetAsync(
            $"{ns.Core("events")}?fieldSelector=involvedObject.kind%3DDeployment,involvedObject.name%3Dshop,type%3DNormal")).Expect(200);

        Assert.Equal(["e1"], list.Objects("items").Select(item => item.Name()));
    }

    [Fact]
    public async Task An_event_about_another_namespace_is_invalid()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var value = Event(ns, "e1", "shop");
        value["involvedObject"]!["namespace"] = "default";

        var status = (await _api.PostAsync(ns.Core("events"), value)).ExpectStatus(422, "Invalid");

        Assert.Contains("does not match event.namespace", status.Text("message"));
    }

    [Fact]
    public async Task An_event_is_the_same_in_both_groups()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("events"), Event(ns, "e1", "shop"))).Expect(201);

        var read = (await _api.GetAsync(ns.Group("events.k8s.io", "v1", "events") + "/e1")).Expect(200);

        Assert.Equal(("events.k8s.io/v1", "Event", "shop", "it happened", 1),
            (read.Text("apiVersion"), read.Kind(), read.Text("regarding", "name"), read.Text("note"), read.Number("deprecatedCount")));
        Assert.Null(read["involvedObject"]);
    }

    [Fact]
    public async Task An_event_of_the_new_group_is_seen_in_the_old_one()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var value = JsonTree.ParseObject(
            """
            {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e1"},"eventTime":"2026-01-01T12:00:00.000000Z","type":"Warning","reason":"Failed","action":"Roll",
             "reportingController":"slipway.dev/controller","reportingInstance":"one","note":"it failed","regarding":{"apiVersion":"apps/v1","kind":"Deployment","name":"shop","namespace":"NS"}}
            """.Replace("NS", ns.Name, StringComparison.Ordinal));

        (await _api.PostAsync(ns.Group("events.k8s.io", "v1", "events"), value)).Expect(201);
        var read = (await _api.GetAsync($"{ns.Core("events")}/e1")).Expect(200);

        Assert.Equal(("it failed", "shop", "slipway.dev/controller"),
            (read.Text("message"), read.Text("involvedObject", "name"), read.Text("reportingComponent")));
    }

    [Fact]
    public async Task A_service_gets_an_address_of_its_own()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var one = (await _api.PostAsync(ns.Core("services"), Service("one"))).Expect(201);
        var two = (await _api.PostAsync(ns.Core("services"), Service("two"))).Expect(201);

        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$", one.Text("spec", "clusterIP"));
        Assert.NotEqual(one.Text("spec", "clusterIP"), two.Text("spec", "clusterIP"));
        Assert.Equal(("ClusterIP", "None"), (one.Text("spec", "type"), one.Text("spec", "sessionAffinity")));
        Assert.Equal(("TCP", 80), (one.Objects("spec", "ports").Single().Text("protocol"), one.Objects("spec", "ports").Single().Number("targetPort")));
    }

    [Fact]
    public async Task The_selector_of_a_service_can_be_patched_key_by_key()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("services"), Service("one"))).Expect(201);

        var patched = (await _api.PatchAsync($"{ns.Core("services")}/one", ApiClient.Strategic, """{"spec":{"selector":{"version":"2"}}}""")).Expect(200);

        Assert.Equal(("shop", "2"), (patched.Text("spec", "selector", "app"), patched.Text("spec", "selector", "version")));
    }

    [Fact]
    public async Task Who_asks_may_do_everything_here()
    {
        var review = (await _api.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"namespace":"default","verb":"delete","group":"apps","resource":"deployments"}}}""")).Expect(201);

        Assert.True(review.Flag("status", "allowed"));
    }

    [Fact]
    public async Task A_user_may_do_what_a_bound_role_permits_and_nothing_else()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Group("rbac.authorization.k8s.io", "v1", "roles"),
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"r"},"rules":[{"apiGroups":["apps"],"resources":["deployments"],"resourceNames":["shop"],"verbs":["get","patch"]}]}""")).Expect(201);
        (await _api.PostAsync(ns.Group("rbac.authorization.k8s.io", "v1", "rolebindings"),
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"r"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"jane"}]}""")).Expect(201);

        async Task<bool> MayAsync(string verb, string name, string place) => (await _api.PostAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews",
            """{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"jane","resourceAttributes":{"namespace":"NS","verb":"VERB","group":"apps","resource":"deployments","name":"NAME"}}}"""
                .Replace("NS", place, StringComparison.Ordinal).Replace("VERB", verb, StringComparison.Ordinal)
                    .Replace("NAME", name, StringComparison.Ordinal))).Expect(201).Flag("status", "allowed");

        // The rules of a real server take a moment to be read.
        await ApiClient.EventuallyAsync(() => MayAsync("patch", "shop", ns.Name), allowed => allowed, "the role is in force");
        Assert.False(await MayAsync("delete", "shop", ns.Name));
        Assert.False(await MayAsync("patch", "other", ns.Name));
        Assert.False(await MayAsync("patch", "shop", "default"));
    }

    [Fact]
    public async Task A_token_of_nobody_is_not_authenticated()
    {
        var review = (await _api.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"nobody"}}""")).Expect(201);

        Assert.False(review.Flag("status", "authenticated"));
    }

    [Fact]
    public async Task A_token_of_a_service_account_says_whose_it_is()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.Core("serviceaccounts"), """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}}""")).Expect(201);

        var issued = (await _api.PostAsync($"{ns.Core("serviceaccounts")}/robot/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""")).Expect(201);
        var review = (await _api.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"TOKEN"}}""".Replace("TOKEN", issued.Text("status", "token"), StringComparison.Ordinal))).Expect(201);

        Assert.Equal((true, $"system:serviceaccount:{ns.Name}:robot"), (review.Flag("status", "authenticated"), review.Text("status", "user", "username")));
    }

    private static JsonObject Lease(string holder) => JsonTree.ParseObject(
        """
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"leader"},
         "spec":{"holderIdentity":"HOLDER","leaseDurationSeconds":15,"renewTime":"2026-01-01T12:00:00.123456Z"}}
        """.Replace("HOLDER", holder, StringComparison.Ordinal));

    private static JsonObject Service(string name) => JsonTree.ParseObject(
        """{"apiVersion":"v1","kind":"Service","metadata":{"name":"NAME"},"spec":{"selector":{"app":"shop"},"ports":[{"port":80}]}}""".Replace("NAME", name, StringComparison.Ordinal));

    private static JsonObject Event(TestNamespace ns, string name, string about) => JsonTree.ParseObject(
        """
        {"apiVersion":"v1","kind":"Event","metadata":{"name":"NAME"},"type":"Normal","reason":"Happened","message":"it happened","count":1,
         "involvedObject":{"apiVersion":"apps/v1","kind":"Deployment","name":"ABOUT","namespace":"NS"},"source":{"component":"case"}}
        """.Replace("NAME", name, StringComparison.Ordinal).Replace("ABOUT", about, StringComparison.Ordinal).Replace("NS", ns.Name, StringComparison.Ordinal));
}
