using System.Text.Json;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class FreezeReaderTests
{
    private static Slipway.Gates.FreezeTerms? Read(string json) => FreezeReader.Read(JsonDocument.Parse(json).RootElement);

    [Fact]
    public void Who_wrote_it_last_made_it_unless_it_says_so_itself()
    {
        const string Fields = """ "managedFields":[{"manager":"argocd"},{"manager":"kubectl-edit"}] """;

        Assert.Equal("kubectl-edit", Read($$$"""{"metadata":{"name":"sale",{{{Fields}}}},"spec":{"reason":"sale"}}""")?.By);
        Assert.Equal("alice", Read($$$"""{"metadata":{"name":"sale","annotations":{"slipway.dev/by":"alice"},{{{Fields}}}},"spec":{"reason":"sale"}}""")?.By);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"sale"},"spec":{"reason":"sale"}}""")]
    [InlineData("""{"metadata":{"name":"sale","managedFields":[]},"spec":{"reason":"sale"}}""")]
    [InlineData("""{"metadata":{"name":"sale","managedFields":null},"spec":{"reason":"sale"}}""")]
    public void Where_nothing_tells_nobody_did(string json) => Assert.Null(Read(json)?.By);

    [Fact]
    public void What_was_written_is_read()
    {
        var freeze = Read("""{"metadata":{"name":"sale"},"spec":{"reason":" sale ","until":"2026-12-27T08:00:00Z","namespaces":["prod-*"],"windows":[{"schedule":"@daily","duration":"1h"}]}}""");

        Assert.Equal(("sale", "sale", "prod-*"), (freeze?.Name, freeze?.Reason, freeze?.Namespaces.Single().ToString()));
        Assert.Equal("spec.windows[0]: '@daily' for 1h, UTC", $"{freeze?.Windows.Single()}");
        Assert.Null(freeze?.Problem);
    }
}
