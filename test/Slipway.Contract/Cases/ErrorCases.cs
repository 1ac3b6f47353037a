using Slipway.Contract.Server;
using Slipway.Sandbox.Storage;

namespace Slipway.Contract.Cases;

/// <summary>What the server says to what it cannot do. It never fails itself, whatever comes.</summary>
public sealed class ErrorCases(Cluster cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task An_object_that_is_not_there_is_named()
    {
        var status = (await _api.GetAsync("/apis/apps/v1/namespaces/default/deployments/no-such")).ExpectStatus(404, "NotFound");

        Assert.Equal("deployments.apps \"no-such\" not found", status.Text("message"));
        Assert.Equal(("no-such", "apps", "deployments"), (status.Text("details", "name"), status.Text("details", "group"), status.Text("details", "kind")));
    }

    [Theory]
    [InlineData("/apis/apps/v1/namespaces/default/nothings")]
    [InlineData("/apis/nothing.example.com/v1/things")]
    [InlineData("/api/v7/pods")]
    [InlineData("/api/v1/namespaces/default/pods/x/nothing")]
    public async Task What_is_not_served_is_not_found(string path) => Assert.Equal(404, (await _api.GetAsync(path)).Code);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("nonsense")]
    public async Task A_body_that_is_no_object_is_a_bad_request(string body)
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(ns.ConfigMaps, body)).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task A_body_of_another_kind_is_a_bad_request()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}""")).ExpectStatus(400, "BadRequest");
        (await _api.PostAsync(ns.Deployments, """{"apiVersion":"apps/v1beta1","kind":"Deployment","metadata":{"name":"a"}}""")).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task A_field_of_the_wrong_type_is_a_bad_request()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var value = Samples.Deployment("shop");
        value["spec"]!["replicas"] = "three";

        (await _api.PostAsync(ns.Deployments, value)).ExpectStatus(400, "BadRequest");
        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":1}}""")).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task A_body_of_a_media_type_that_is_not_known_is_unsupported()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(ns.ConfigMaps, "a=b", "application/x-www-form-urlencoded")).ExpectStatus(415, "UnsupportedMediaType");
    }

    [Fact]
    public async Task An_answer_of_a_media_type_that_is_not_known_is_not_acceptable() =>
        Assert.Equal(406, (await _api.GetAsync("/api/v1/namespaces/default/configmaps", "image/png")).Code);

    [Fact]
    public async Task A_body_may_be_yaml()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var created = (await _api.PostAsync(ns.ConfigMaps, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  number: '5'\n",
            "application/yaml")).Expect(201);

        Assert.Equal("5", created.Text("data", "number"));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("off")]
    [InlineData("5")]
    [InlineData("true")]
    public async Task A_word_of_yaml_that_is_no_text_is_a_bad_request_where_text_is_wanted(string word)
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(ns.ConfigMaps, $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  word: {word}\n",
            "application/yaml")).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var large = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"LARGE"}}""".Replace("LARGE", new('x', 4 * 1024 * 1024), StringComparison.Ordinal);

        Assert.Equal(413, (await _api.PostAsync(ns.ConfigMaps, large)).Code);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-dash")]
    [InlineData("dot.")]
    [InlineData("sp ace")]
    public async Task A_name_that_is_no_name_is_invalid(string name)
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var status = (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME"}}""".Replace("NAME", name, StringComparison.Ordinal)))
            .ExpectStatus(422, "Invalid");

        Assert.Equal(("metadata.name", "FieldValueInvalid"),
            (status.Objects("details", "causes").First().Text("field"), status.Objects("details", "causes").First().Text("reason")));
    }

    [Fact]
    public async Task An_object_without_a_name_is_invalid()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        var status = (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap"}""")).ExpectStatus(422, "Invalid");

        Assert.Contains("name or generateName is required", status.Text("message"));
    }

    [Theory]
    [InlineData("""{"a b":"x"}""")]
    [InlineData("""{"a":"x y"}""")]
    [InlineData("""{"a/b/c":"x"}""")]
    public async Task Labels_that_are_no_labels_are_invalid(string labels)
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":LABELS}}""".Replace("LABELS", labels, StringComparison.Ordinal)))
            .ExpectStatus(422, "Invalid");
    }

    [Theory]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[]}}}}""", "spec.template.spec.containers")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"web"}]}}}}""", "spec.template.spec.containers[0].image")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}""", "spec.template.spec.containers[0].name")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x"},{"name":"a","image":"y"}]}}}}""", "spec.template.spec.containers[1].name")]
    [InlineData("""{"spec":{"template":{"metadata":{"labels":{"app":"other"}}}}}""", "spec.template.metadata.labels")]
    [InlineData("""{"spec":{"selector":null}}""", "spec.selector")]
    [InlineData("""{"spec":{"replicas":-1}}""", "spec.replicas")]
    [InlineData("""{"spec":{"template":{"spec":{"restartPolicy":"Never"}}}}""", "spec.template.spec.restartPolicy")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"x","ports":[{"containerPort":0}]}]}}}}""", "spec.template.spec.containers[0].ports[0].containerPort")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"x","volumeMounts":[{"name":"v","mountPath":"/v"}]}]}}}}""", "spec.template.spec.containers[0].volumeMounts[0].name")]
    public async Task A_deployment_with_a_mistake_is_invalid_and_the_field_is_named(string mistake, string field)
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var value = Samples.Deployment("shop");
        Merge(value, JsonTree.ParseObject(mistake));

        var status = (await _api.PostAsync(ns.Deployments, value)).ExpectStatus(422, "Invalid");

        Assert.Contains(field, status.Objects("details", "causes").Select(cause => cause.Text("field")));
        Assert.StartsWith("Deployment.apps \"shop\" is invalid: ", status.Text("message"));
        Assert.Equal(("apps", "Deployment"), (status.Text("details", "group"), status.Text("details", "kind")));
    }

    [Fact]
    public async Task A_cron_job_whose_schedule_makes_no_sense_is_invalid()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        var value = Samples.CronJob(cluster.CronJobs, "nightly");
        value["spec"]!["schedule"] = "at night";

        var status = (await _api.PostAsync($"/apis/{cluster.CronJobs}/namespaces/{ns.Name}/cronjobs", value)).ExpectStatus(422, "Invalid");

        Assert.Contains("spec.schedule", status.Objects("details", "causes").Select(cause => cause.Text("field")));
    }

    [Fact]
    public async Task A_secret_that_is_no_base64_is_a_bad_request()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        (await _api.PostAsync(ns.Core("secrets"), """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"x":"!!"}}""")).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task What_is_immutable_stays()
    {
        await using var ns = await cluster.NewNamespaceAsync();
        (await _api.PostAsync(ns.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"immutable":true,"data":{"x":"1"}}""")).Expect(201);

        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"data":{"x":"2"}}""")).ExpectStatus(422, "Invalid");
        (await _api.PatchAsync($"{ns.ConfigMaps}/a", ApiClient.Merge, """{"metadata":{"labels":{"x":"2"}}}""")).Expect(200);
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_have_is_not_allowed()
    {
        await using var ns = await cluster.NewNamespaceAsync();

        Assert.Equal(405, (await _api.PostAsync("/api/v1/configmaps", "{}")).Code);
        Assert.Equal(405, (await _api.SendAsync(HttpMethod.Put, ns.ConfigMaps, "{}")).Code);
    }

    [Fact]
    public async Task A_token_of_nobody_is_unauthorized()
    {
        using var http = (Kubeconfig.Read(cluster.KubeconfigPath) with { Token = "nobody", Certificate = null }).Connect();

        (await new ApiClient(http).GetAsync("/api/v1/namespaces")).ExpectStatus(401, "Unauthorized");
    }

    [Fact]
    public async Task A_field_that_is_not_known_is_refused_or_told_as_the_client_wants_it()
    {
        cluster.Since(27, "server-side field validation");
        await using var ns = await cluster.NewNamespaceAsync();
        const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"dta":{"x":"1"}}""";

        var strict = (await _api.PostAsync($"{ns.ConfigMaps}?fieldValidation=Strict", Body)).ExpectStatus(400, "BadRequest");
        var warned = await _api.PostAsync($"{ns.ConfigMaps}?fieldValidation=Warn", Body);

        Assert.Contains("strict decoding error: unknown field \"dta\"", strict.Text("message"));
        Assert.Null(warned.Expect(201)["dta"]);
        Assert.Contains("unknown field \\\"dta\\\"", Assert.Single(warned.Warnings));
    }

    private static void Merge(System.Text.Json.Nodes.JsonObject target, System.Text.Json.Nodes.JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is System.Text.Json.Nodes.JsonObject fields)
            {
                Merge(target.Ensure(name), fields);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
