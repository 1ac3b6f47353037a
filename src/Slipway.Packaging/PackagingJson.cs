using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Slipway.Packaging;

[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class PackagingJson : JsonSerializerContext;
