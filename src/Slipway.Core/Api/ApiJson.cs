using System.Text.Json.Serialization;
using Slipway.Checks;

namespace Slipway.Api;

/// <summary>
/// The wire form of our kinds. The API server returns keys in its own order, so a phase may come after the fields it decides on.
/// </summary>
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(DeliveryList))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(ReleaseList))]
[JsonSerializable(typeof(Freeze))]
[JsonSerializable(typeof(FreezeList))]
[JsonSerializable(typeof(ClusterCheck))]
[JsonSerializable(typeof(ClusterCheckList))]
[JsonSerializable(typeof(Notifier))]
[JsonSerializable(typeof(NotifierList))]
[JsonSerializable(typeof(CheckPlan))]
[JsonSerializable(typeof(CheckProgress))]
[JsonSerializable(typeof(CheckResult))]
[JsonSerializable(typeof(Slipway.Rollouts.RolloutState))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(InstantConverter), typeof(DurationConverter)])]
public sealed partial class ApiJson : JsonSerializerContext;
