using System.Text.Json.Serialization;
using Slipway.Api;

namespace Slipway.Views;

/// <summary>The wire form of what the HTTP API serves; who shows it reads it with the same. Times are RFC 3339, durations as in a spec (10m).</summary>
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(DeliveryView))]
[JsonSerializable(typeof(WhyView))]
[JsonSerializable(typeof(PermissionsView))]
[JsonSerializable(typeof(ReleaseView))]
[JsonSerializable(typeof(RowEvent))]
[JsonSerializable(typeof(ListView<ReleaseView>))]
[JsonSerializable(typeof(ListView<FeedView>))]
[JsonSerializable(typeof(ListView<ApprovalView>))]
[JsonSerializable(typeof(ListView<FreezeView>))]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(ActionAnswer))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    Converters = [typeof(InstantConverter), typeof(DurationConverter)])]
public sealed partial class ViewJson : JsonSerializerContext;
