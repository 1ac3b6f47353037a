using System.Text.Json.Nodes;
using Slipway.Cli.Diagnosis;
using Slipway.Cli.Schemas;

namespace Slipway.Tests.Cli.Diagnosis;

/// <summary>What the probes conclude, without a cluster.</summary>
public sealed class ProbeTests
{
    private static readonly DateTimeOffset Noon = CliRun.Noon;

    [Theory]
    [InlineData(0, "Ok", "agrees")]
    [InlineData(-5, "Ok", "agrees")]
    [InlineData(5, "Ok", "agrees")]
    [InlineData(-90, "Warning", "1m29s behind")]
    [InlineData(90, "Warning", "ahead of")]
    public void A_clock_is_wrong_where_no_moment_between_question_and_answer_explains_it(int seconds, string verdict, string said)
    {
        var finding = ServerProbe.Clock(Noon.AddSeconds(seconds), Noon, Noon.AddMilliseconds(20));

        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Contains(said.Replace("1m29s", "89s", StringComparison.Ordinal), finding.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_took_long_proves_nothing_against_a_clock() =>
        Assert.Equal(Verdict.Ok, ServerProbe.Clock(Noon.AddSeconds(30), Noon, Noon.AddSeconds(60)).Verdict);

    [Fact]
    public void Without_a_date_nothing_is_known_of_a_clock() => Assert.Equal(Verdict.Unknown, ServerProbe.Clock(null, Noon, Noon).Verdict);

    [Fact]
    public void A_definition_that_a_server_gave_back_without_what_is_empty_is_the_same()
    {
        var ours = JsonNode.Parse("""{"properties":{"spec":{"type":"object","nullable":false,"required":[],"description":"x"}}}""");
        var theirs = JsonNode.Parse("""{"properties":{"spec":{"type":"object"}}}""");

        Assert.Empty(SchemaDifference.Missing(ours, theirs));
        Assert.Empty(SchemaDifference.Missing(theirs, ours));
    }

    [Fact]
    public void A_difference_is_named_as_a_user_writes_the_field()
    {
        var ours = JsonNode.Parse("""{"openAPIV3Schema":{"properties":{"spec":{"properties":{"pin":{"enum":["Tag","Digest"]},"gone":{"type":"string"}}}}}}""");
        var theirs = JsonNode.Parse("""{"openAPIV3Schema":{"properties":{"spec":{"properties":{"pin":{"enum":["Tag"]}}}}}}""");

        Assert.Equal(["spec.pin.enum", "spec.gone.type"], SchemaDifference.Missing(ours, theirs));
    }

    [Fact]
    public void Our_own_definitions_are_as_we_know_them()
    {
        foreach (var definition in CustomResources.All)
        {
            Assert.Empty(DefinitionsProbe.Compare(definition, definition.DeepClone().AsObject()));
        }
    }

    [Fact]
    public void A_definition_that_is_not_served_is_a_problem()
    {
        var theirs = CustomResources.Freeze.DeepClone().AsObject();
        theirs["spec"]!["versions"]![0]!["served"] = false;

        Assert.Equal(Verdict.Problem, Assert.Single(DefinitionsProbe.Compare(CustomResources.Freeze, theirs)).Verdict);
    }

    [Fact]
    public void A_definition_of_a_newer_version_asks_for_a_newer_program()
    {
        var theirs = CustomResources.Freeze.DeepClone().AsObject();
        theirs["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["later"] = new JsonObject { ["type"] = "string" };

        var finding = Assert.Single(DefinitionsProbe.Compare(CustomResources.Freeze, theirs));
        Assert.Contains("knows more than this program: spec.later.type", finding.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_whose_names_are_taken_says_by_what()
    {
        var theirs = CustomResources.Freeze.DeepClone().AsObject();
        theirs["status"] = JsonNode.Parse("""{"conditions":[{"type":"NamesAccepted","status":"False","reason":"ShortNamesConflict","message":"\"fz\" is taken"},{"type":"Established","status":"True"}]}""");

        Assert.Contains("ShortNamesConflict", Assert.Single(DefinitionsProbe.Compare(CustomResources.Freeze, theirs)).Said, StringComparison.Ordinal);
    }
}
