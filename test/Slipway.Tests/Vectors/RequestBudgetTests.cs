using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Vectors;
using Slipway.Vectors.Ops;

namespace Slipway.Tests.Vectors;

/// <summary>The scenarios of the request budgets, as they are measured: the figures, not only that they are below the budget.</summary>
public sealed class RequestBudgetTests
{
    [Theory]
    [InlineData("rb-001", """{"repositories":100,"workloadsPerRepository":3,"tagsPerRepository":200,"pollIntervals":5}""", """{"tagsListMax":500,"tokenMax":100,"pingMax":1,"manifestHeadMax":0,"manifestGetMax":0,"totalMax":601}""")]
    [InlineData("rb-002", """{"repositories":50,"tag":"latest","pollIntervals":10}""", """{"tagsListMax":0,"tokenMax":100,"pingMax":1,"manifestHeadMax":500,"manifestGetMax":0,"totalMax":601}""")]
    [InlineData("rb-003", """{"tags":1000}""", """{"coldManifestGetMax":1000,"secondPollManifestRequestsMax":0,"thirdPollManifestRequestsMax":2}""")]
    [InlineData("rb-004", """{"tags":10000,"serverPageLimit":1000}""", """{"tagsListMax":10,"manifestHeadMax":0,"manifestGetMax":1,"totalMax":12}""")]
    [InlineData("rb-005", "{}", """{"tagsListMax":1,"manifestHeadMax":0,"manifestGetMax":1,"totalMax":3}""")]
    [InlineData("rb-006", """{"repositories":20}""", """{"requestsInFirst30sMax":1,"perRegistryAfterFirst429Max":0}""")]
    [InlineData("rb-007", "{}", """{"update":false}""")]
    [InlineData("rb-008", """{"namespaces":50,"pollIntervals":1}""", """{"tagsListMax":1,"totalMax":1}""")]
    public void It_costs_what_it_must_and_no_more(string id, string given, string expected)
    {
        var cost = RequestBudgetOps.Measure(Case(id, given, "{}"));

        foreach (var (what, count) in JsonNode.Parse(expected)!.AsObject())
        {
            Assert.Equal((what, $"{count}"), (what, $"{cost[what]}"));
        }
    }

    [Fact]
    public void What_is_below_its_budget_is_said_in_the_budget_s_words_and_what_is_above_it_as_it_is()
    {
        var one = Case("rb-006", """{"repositories":20}""", """{"requestsInFirst30sMax":20,"perRegistryAfterFirst429Max":-1}""");

        var answer = RequestBudgetOps.Judge(one);

        Assert.Equal(("20", "0"), ($"{answer["requestsInFirst30sMax"]}", $"{answer["perRegistryAfterFirst429Max"]}"));
    }

    private static VectorCase Case(string id, string given, string expect) =>
        new(id, "scenario", null, JsonDocument.Parse($$"""{"given":{{given}},"expect":{{expect}}}""").RootElement);
}
