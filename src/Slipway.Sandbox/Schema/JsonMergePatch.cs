using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>RFC 7386.</summary>
internal static class JsonMergePatch
{
    /// <summary>Changes the target in place.</summary>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject fields)
            {
                Apply(target.Ensure(name), fields);
            }
            else
            {
                target[name] = JsonTree.Copy(value);
            }
        }
    }
}
