using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;
using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class CheckPlansTests
{
    private const string Query = """ "prometheus":{"query":"sum(rate(http_errors_total{pod=~\"{{ candidate.pods }}\"}[1m]))"} """;

    private const string Sided = """ "prometheus":{"query":"sum(rate(x{pod=~\"{{ side.pods }}\"}[1m]))"} """;

    [Fact]
    public void The_example_of_the_design_works_as_it_is_written()
    {
        var plans = Read($$"""[{"name":"errors",{{Query}},"pass":"result < 0.01","interval":"30s","failureLimit":2},{"name":"smoke","job":{"image":"ghcr.io/acme/smoke","timeout":"5m"} }]""");

        var (errors, smoke) = (plans[0], plans[1]);
        Assert.Equal((TimeSpan.FromSeconds(30), null, 2, 0, 4), (errors.Interval, errors.Count, errors.FailureLimit, errors.InconclusiveLimit, errors.ErrorLimit));
        Assert.Equal((CheckMoment.During, TimeSpan.FromMinutes(1), "result < 0.01"), (errors.When, errors.WarmUp, errors.Pass));
        Assert.Null(Assert.IsType<CheckSource.Prometheus>(errors.Source).Address);
        Assert.Equal((1, TimeSpan.Zero), (smoke.Count, smoke.WarmUp));
        Assert.Equal(TimeSpan.FromMinutes(5), Assert.IsType<CheckSource.Job>(smoke.Source).Timeout);
    }

    [Fact]
    public void A_Delivery_without_checks_has_none() => Assert.Empty(Read("null"));

    [Theory]
    [InlineData("""{"name":"","web":{"url":"https://x"}}""", "[0].name", "'' is no name: small letters")]
    [InlineData("""{"name":"Errors","web":{"url":"https://x"}}""", "[0].name", "is no name")]
    [InlineData("""{"name":"a"}""", "[0]", "what is measured is not said")]
    [InlineData("""{"name":"a","web":{"url":"https://x"},"job":{"image":"x"}}""", "[0]", "several sources")]
    [InlineData("""{"name":"a","prometheus":{},"pass":"true"}""", "[0].prometheus.query", "it is empty; write for example sum(rate(")]
    [InlineData("""{"name":"a","prometheus":{"query":"up{pod=~\"{{ pods }}\"}"},"pass":"true"}""", "[0].prometheus.query", "{{ pods }} is no placeholder")]
    [InlineData("""{"name":"a","prometheus":{"query":"up"}}""", "[0].pass", "which values are good is not said")]
    [InlineData("""{"name":"a","prometheus":{"query":"up"},"pass":"result <"}""", "[0].pass", "'result <': a value is missing")]
    [InlineData("""{"name":"a","prometheus":{"query":"up"},"fail":"1"}""", "[0].fail", "must be true or false")]
    [InlineData("""{"name":"a","prometheus":{"query":"up"},"pass":"result < stable"}""", "[0].pass", "use {{ side.pods }}")]
    [InlineData("""{"name":"a","prometheus":{"query":"up"},"compare":{"maxRatio":1.5}}""", "[0].compare", "use {{ side.pods }}")]
    [InlineData("""{"name":"a","prometheus":{"query":"up","address":"prometheus:9090"},"pass":"true"}""", "[0].prometheus.address", "is no address")]
    [InlineData("""{"name":"a","prometheus":{"query":"up","address":"http://a:b@prometheus"},"pass":"true"}""", "[0].prometheus.address", "user name: use auth")]
    [InlineData("""{"name":"a","prometheus":{"query":"up","window":"5m"},"pass":"true"}""", "[0].prometheus", "are for compare.mannWhitney")]
    [InlineData("""{"name":"a","prometheus":{"query":"up","timeout":"5m"},"pass":"true"}""", "[0].prometheus.timeout", "more than 2m")]
    [InlineData("""{"name":"a","web":{}}""", "[0].web.url", "it is empty")]
    [InlineData("""{"name":"a","web":{"url":"ftp://x"}}""", "[0].web.url", "is no address")]
    [InlineData("""{"name":"a","web":{"url":"x/{{ version }}"}}""", "[0].web.url", "cannot be part of a host's name")]
    [InlineData("""{"name":"a","web":{"url":"https://x","method":"DELETE"}}""", "[0].web.method", "not one of GET, POST, PUT")]
    [InlineData("""{"name":"a","web":{"url":"https://x","body":"{}"}}""", "[0].web.body", "a GET has no body")]
    [InlineData("""{"name":"a","web":{"url":"https://x","jsonPath":"$..a"}}""", "[0].web.jsonPath", "is no way into JSON")]
    [InlineData("""{"name":"a","web":{"url":"https://x","headers":[{"name":"Host","value":"y"}]}}""", "[0].web.headers[0].name", "belongs to the connection")]
    [InlineData("""{"name":"a","web":{"url":"https://x","headers":[{"name":"X Y","value":"y"}]}}""", "[0].web.headers[0].name", "no name of a header")]
    [InlineData("""{"name":"a","web":{"url":"https://x","headers":[{"name":"X","value":"y","secretKeyRef":{"name":"a","key":"b"}}]}}""", "[0].web.headers[0]", "either value or secretKeyRef")]
    [InlineData("""{"name":"a","web":{"url":"https://x","auth":{}}}""", "[0].web.auth", "exactly one of bearer and basic")]
    [InlineData("""{"name":"a","web":{"url":"https://x","auth":{"bearer":{"name":"s"}}}}""", "[0].web.auth.bearer", "a Secret and its entry")]
    [InlineData("""{"name":"a","http":{}}""", "[0].http", "either url or port")]
    [InlineData("""{"name":"a","http":{"url":"https://x","port":80}}""", "[0].http", "either url or port")]
    [InlineData("""{"name":"a","http":{"url":"https://x","path":"/a"}}""", "[0].http", "belong to port")]
    [InlineData("""{"name":"a","http":{"port":80,"path":"a"}}""", "[0].http.path", "does not begin with /")]
    [InlineData("""{"name":"a","http":{"port":80,"scheme":"http"}}""", "[0].http.scheme", "not one of HTTP, HTTPS")]
    [InlineData("""{"name":"a","http":{"port":80,"service":"a/b"}}""", "[0].http.service", "no name of a Service")]
    [InlineData("""{"name":"a","http":{"port":80,"expect":[2]}}""", "[0].http.expect", "between 100 and 599")]
    [InlineData("""{"name":"a","http":{"port":80},"pass":"result == 200"}""", "[0].pass", "good or bad by itself")]
    [InlineData("""{"name":"a","job":{}}""", "[0].job.image", "is not said")]
    [InlineData("""{"name":"a","job":{"image":"x","args":["{{ foo }}"]}}""", "[0].job.args[0]", "is no placeholder")]
    [InlineData("""{"name":"a","job":{"image":"x","env":[{"name":"1","value":"x"}]}}""", "[0].job.env[0].name", "no name of a variable")]
    [InlineData("""{"name":"a","job":{"image":"x","timeout":"5 minutes"}}""", "[0].job.timeout", "is no duration")]
    [InlineData("""{"name":"a","job":{"image":"x"},"compare":{"maxRatio":1}}""", "[0].compare", "good or bad by itself")]
    [InlineData("""{"name":"a","web":{"url":"https://x"},"interval":"10ms"}""", "[0].interval", "less than 1s")]
    [InlineData("""{"name":"a","web":{"url":"https://x"},"when":"Always"}""", "[0].when", "not one of Before, During, After")]
    [InlineData("""{"name":"a","web":{"url":"https://x"},"count":-1}""", "[0].count", "not between 1 and")]
    [InlineData("""{"name":"a","web":{"url":"https://x"},"count":2,"failureLimit":3}""", "[0].count", "fewer than failureLimit")]
    [InlineData("""{"name":"a","web":{"url":"https://x"},"failureLimit":-1}""", "[0].failureLimit", "give consecutiveSuccessLimit")]
    [InlineData("""{"name":"a","template":{}}""", "[0].template.name", "is not said")]
    [InlineData("""{"name":"a","template":{"name":"t"},"pass":"true"}""", "[0].pass", "the ClusterCheck t says that")]
    public void What_cannot_be_meant_is_refused_with_field_reason_and_way_out(string check, string field, string why)
    {
        var problem = Refuse($"[{check}]");

        Assert.Equal($"spec.checks{field}", problem.Field);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "", "nothing is compared")]
    [InlineData("""{"maxRatio":0}""", ".maxRatio", "above 0")]
    [InlineData("""{"maxRatio":2,"withoutStable":"Pass"}""", ".withoutStable", "not one of Wait, Skip")]
    [InlineData("""{"maxRatio":2,"withoutStable":"Skip"}""", ".withoutStable", "give pass or fail")]
    [InlineData("""{"mannWhitney":{"confidence":1}}""", ".mannWhitney.confidence", "from 0.5 to below 1")]
    [InlineData("""{"mannWhitney":{"direction":"Up"}}""", ".mannWhitney.direction", "not one of Increase")]
    [InlineData("""{"mannWhitney":{"effect":0.9}}""", ".mannWhitney.effect", "at least 1")]
    [InlineData("""{"mannWhitney":{"minSamples":4}}""", ".mannWhitney.minSamples", "from 5 to")]
    public void A_comparison_that_means_nothing_is_refused(string compare, string field, string why)
    {
        var problem = Refuse($$"""[{"name":"a",{{Sided}},"compare":{{compare}}}]""");

        Assert.Equal($"spec.checks[0].compare{field}", problem.Field);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_of_distributions_asks_for_samples_over_time()
    {
        var plan = Read($$"""[{"name":"a",{{Sided.Replace("{\"query\"", "{\"window\":\"10m\",\"query\"", StringComparison.Ordinal)}},"compare":{"mannWhitney":{} } }]""")[0];

        var source = Assert.IsType<CheckSource.Prometheus>(plan.Source);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(15)), (source.Window, source.Step));
        Assert.Equal(("Increase", 0.98, 10, "Wait"), (plan.Compare!.MannWhitney!.Direction, plan.Compare.MannWhitney.Confidence, plan.Compare.MannWhitney.MinSamples, plan.Compare.WithoutStable));
    }

    [Fact]
    public void More_checks_than_are_taken_two_of_a_name_and_more_text_than_is_stored_are_refused()
    {
        var one = """{"name":"a","web":{"url":"https://x"}}""";
        var long_ = new string('x', 4000);

        Assert.Equal("spec.checks: 21 checks are more than 20", $"{Refuse($"[{string.Join(',', Enumerable.Repeat(one, 21))}]")}");
        Assert.Equal("spec.checks[1].name: a comes twice: checks are told apart by their names", $"{Refuse($"[{one},{one}]")}");
        Assert.Contains("more than 96", Refuse($"[{string.Join(',', Enumerable.Range(0, 20).Select(n => $$"""{"name":"a{{n}}","job":{"image":"x","args":["{{long_}}","{{long_}}"]} }"""))}]").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_is_filled_in_and_the_check_has_the_last_word_on_times()
    {
        var template = Template("""
            {"args":[{"name":"limit","type":"Number","default":"0.01"},{"name":"path","required":true}],
             "prometheus":{"query":"sum(rate(x{path=\"{{ args.path }}\",pod=~\"{{ candidate.pods }}\"}[1m]))"},"pass":"result < args.limit","interval":"1m","failureLimit":3}
            """);

        var plan = Read("""[{"name":"errors","template":{"name":"t","args":{"path":"/buy"}},"interval":"10s"}]""", template)[0];

        Assert.Equal((TimeSpan.FromSeconds(10), 3, "result < args.limit"), (plan.Interval, plan.FailureLimit, plan.Pass));
        Assert.Equal([("limit", "0.01"), ("path", "/buy")], plan.Args!.OrderBy(one => one.Key).Select(one => (one.Key, one.Value.Value)));
    }

    [Theory]
    [InlineData("""{"path":"/"}""", "template.args.path", "needs it: which path")]
    [InlineData("""{"limit":"x","path":"/"}""", "template.args.limit", "'x' is no number")]
    [InlineData("""{"path":"/a","lmit":"1"}""", "template.args.lmit", "asks for no such argument: there are limit, path")]
    [InlineData("""{"path":"/a","limit":"NaN"}""", "template.args.limit", "is no number")]
    public void An_argument_that_is_missing_unknown_or_of_another_kind_is_refused(string args, string field, string why)
    {
        var template = Template("""{"args":[{"name":"limit","type":"Number","default":"1"},{"name":"path","description":"which path"}],"web":{"url":"https://x/{{ args.path }}"}}""");
        var given = args.Replace("""{"path":"/"}""", "{}", StringComparison.Ordinal);

        var problem = Refuse($$"""[{"name":"a","template":{"name":"t","args":{{given}} } }]""", template);

        Assert.Equal($"spec.checks[0].{field}", problem.Field);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "spec: what is measured is not said")]
    [InlineData("""{"args":[{"name":"1"}],"web":{"url":"https://x"}}""", "spec.args[0].name: '1' is no name of an argument")]
    [InlineData("""{"args":[{"name":"a","type":"Int"}],"web":{"url":"https://x"}}""", "spec.args[0].type: 'Int' is not one of Text, Number, Duration, Flag, Regex")]
    [InlineData("""{"args":[{"name":"a","type":"Flag","default":"yes"}],"web":{"url":"https://x"}}""", "spec.args[0].default: 'yes' is neither true nor false")]
    [InlineData("""{"args":[{"name":"a"},{"name":"a"}],"web":{"url":"https://x"}}""", "spec.args[1].name: a comes twice")]
    [InlineData("""{"web":{"url":"https://x/{{ args.b }}"}}""", "spec.web.url: {{ args.b }} is no argument of this check")]
    public void A_template_that_cannot_be_used_is_told_where_it_is_used(string spec, string why)
    {
        var template = Template(spec);

        Assert.StartsWith(why, $"{CheckPlans.Check(template["t"].Spec!)}", StringComparison.Ordinal);
        Assert.StartsWith($"spec.checks[0].template.name: the ClusterCheck t cannot be used: {why}", $"{Refuse("""[{"name":"a","template":{"name":"t"}}]""", template)}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_is_not_there_is_refused_when_a_rollout_starts_and_not_before()
    {
        const string Checks = """[{"name":"a","template":{"name":"t"}},{"name":"b","template":{"name":"t"}}]""";

        Assert.Null(CheckPlans.Check(Spec(Checks)));
        Assert.Equal(["t"], CheckPlans.Templates(Spec(Checks)));
        Assert.Equal("spec.checks[0].template.name: there is no ClusterCheck t: 'kubectl get clusterchecks' lists them", $"{Refuse(Checks)}");
    }

    [Fact]
    public void A_plan_is_stored_whole_and_read_back()
    {
        var checks = $$"""
            [{"name":"a",{{Sided}},"compare":{"maxRatio":1.25,"mannWhitney":{"direction":"Either"} },"pass":"result < 1","dryRun":true,"when":"After"},
             {"name":"b","web":{"url":"https://x","headers":[{"name":"A","secretKeyRef":{"name":"s","key":"k"} }],"auth":{"basic":{"name":"s"} } } },
             {"name":"c","http":{"port":8080,"expect":[200] } },
             {"name":"d","job":{"image":"x","env":[{"name":"A","value":"b"}],"ttl":"5m"} },
             {"name":"e","template":{"name":"t","args":{"p":"1"} } }]
            """;
        foreach (var plan in Read(checks, Template("""{"args":[{"name":"p","type":"Number"}],"web":{"url":"https://x/{{ args.p }}"}}""")))
        {
            var json = JsonSerializer.Serialize(plan, ApiJson.Default.CheckPlan);
            var again = JsonSerializer.Deserialize(json, ApiJson.Default.CheckPlan)!;

            Assert.Equal(json, JsonSerializer.Serialize(again, ApiJson.Default.CheckPlan));
            Assert.Equal((plan.Name, plan.Source!.GetType(), plan.Interval, plan.When), (again.Name, again.Source!.GetType(), again.Interval, again.When));
        }
    }

    [Fact]
    public void Progress_is_stored_whole_and_read_back()
    {
        var plan = new CheckPlan { Name = "a" };
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var progress = CheckMachine.Take(plan, CheckMachine.Begin(plan, at), new Measurement(MeasuredAs.NoData, at, "1", "none") { Log = "x" });

        var again = JsonSerializer.Deserialize(JsonSerializer.Serialize(progress, ApiJson.Default.CheckProgress), ApiJson.Default.CheckProgress)!;

        Assert.Equal(progress with { Recent = null }, again with { Recent = null });
        Assert.Equal(progress.Recent!, again.Recent!);
    }

    private static DeliverySpec Spec(string checks) => JsonSerializer.Deserialize($$"""{"checks":{{checks}} }""", ApiJson.Default.DeliverySpec)!;

    private static Dictionary<string, ClusterCheck> Template(string spec) => new()
    {
        ["t"] = JsonSerializer.Deserialize($$"""{"metadata":{"name":"t"},"spec":{{spec}} }""", ApiJson.Default.ClusterCheck)!,
    };

    private static ImmutableArray<CheckPlan> Read(string checks, Dictionary<string, ClusterCheck>? templates = null)
    {
        Assert.True(CheckPlans.TryRead(Spec(checks), templates ?? [], out var plans, out var problem), problem?.ToString());
        return plans;
    }

    private static SpecProblem Refuse(string checks, Dictionary<string, ClusterCheck>? templates = null)
    {
        Assert.False(CheckPlans.TryRead(Spec(checks), templates ?? [], out var plans, out var problem));
        Assert.Empty(plans);
        return problem;
    }
}
