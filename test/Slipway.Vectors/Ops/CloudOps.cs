using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Registry;

namespace Slipway.Vectors.Ops;

/// <summary>Which cloud a host is of: registry-cloud.json.</summary>
internal static class CloudOps
{
    public static JsonObject Parse(VectorCase one)
    {
        var image = one.Text("input");
        CloudRegistry? found = one.Text("cloud") switch
        {
            "aws" => CloudRegistry.OfAmazon(image),
            "azure" => CloudRegistry.OfAzure(image, CustomSuffix(one)),
            "gcp" => CloudRegistry.OfGoogle(image),
            var cloud => throw new ArgumentException($"no such cloud: {cloud}"),
        };
        return found switch
        {
            CloudRegistry.Ecr ecr => new JsonObject { ["valid"] = true, ["region"] = ecr.Region, ["accountId"] = ecr.AccountId },
            CloudRegistry.EcrPublic => new JsonObject { ["valid"] = true, ["public"] = true },
            CloudRegistry.Acr acr => new JsonObject { ["valid"] = true, ["registry"] = acr.Host, ["registryName"] = acr.Name },
            CloudRegistry.Google => new JsonObject { ["valid"] = true },
            _ => new JsonObject { ["valid"] = false, ["registry"] = "" },
        };
    }

    public static JsonObject Host(VectorCase one) => new() { ["registry"] = CloudRegistry.HostOf(one.Text("input")) };

    private static string? CustomSuffix(VectorCase one) =>
        one.Body.TryGetProperty("environment", out var environment) && environment.TryGetProperty("azureCustomCloudContainerRegistryDNSSuffix", out JsonElement suffix) ? suffix.GetString() : null;
}
