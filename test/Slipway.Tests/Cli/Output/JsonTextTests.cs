using System.Text.Json.Nodes;
using Slipway.Cli.Output;

namespace Slipway.Tests.Cli.Output;

public sealed class JsonTextTests
{
    [Fact]
    public void A_range_stays_readable() => Assert.Equal("{\n  \"range\": \">=1.4 <2\"\n}\n", JsonText.Of(new JsonObject { ["range"] = ">=1.4 <2" }));

    [Fact]
    public void An_event_stays_on_its_line() => Assert.Equal("""{"type":"x","text":"a\nb"}""", JsonText.LineOf(new JsonObject { ["type"] = "x", ["text"] = "a\nb" }));
}
