using System.Text.Json;
using Slipway.Api;
using Slipway.Rollouts;

namespace Slipway.Tests.Api;

public sealed class DeliveryWireTests
{
    [Fact]
    public void A_phase_is_read_wherever_it_stands_in_the_object()
    {
        var status = JsonSerializer.Deserialize("""{"status":{"rollout":{"attempt":{"number":2},"wave":1,"phase":"Advancing"}}}""", ApiJson.Default.Delivery)!.Status!;

        Assert.Equal(1, Assert.IsType<RolloutState.Advancing>(status.Rollout).Wave);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"spec":null,"status":null}""")]
    [InlineData("""{"spec":{"targets":null,"source":{}},"status":{"rejected":null}}""")]
    public void Absent_null_and_empty_are_read_alike(string json)
    {
        var delivery = JsonSerializer.Deserialize(json, ApiJson.Default.Delivery)!;

        Assert.Empty(delivery.Spec?.Targets ?? []);
        Assert.Empty(delivery.Status?.Rejected ?? []);
    }
}
