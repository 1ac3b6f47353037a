using System.Text.Json;
using Slipway.Api;

namespace Slipway.Tests.Simulation;

/// <summary>A status as it is stored: two that read alike are the same.</summary>
internal static class StatusText
{
    public static byte[] Of(DeliveryStatus status) => JsonSerializer.SerializeToUtf8Bytes(status, ApiJson.Default.DeliveryStatus);
}
