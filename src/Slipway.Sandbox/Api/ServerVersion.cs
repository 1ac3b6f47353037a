using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>What <c>/version</c> says. The sandbox calls itself by the release that it behaves as.</summary>
internal static class ServerVersion
{
    public static JsonObject Of(KubernetesRelease release)
    {
        var minor = release is KubernetesRelease.OneTwenty ? "20" : "35";
        return new()
        {
            ["major"] = "1",
            ["minor"] = minor,
            ["gitVersion"] = $"v1.{minor}.0-slipway",
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = "roslyn",
            ["platform"] = "sandbox/any",
        };
    }
}
