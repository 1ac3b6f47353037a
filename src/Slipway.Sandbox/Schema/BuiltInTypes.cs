namespace Slipway.Sandbox.Schema;

/// <summary>The types of the built-in kinds.</summary>
public static class BuiltInTypes
{
    public static TypeSchema Find(string group, string kind) => group.Length + kind.Length > 0 ? TypeSchema.Anything : TypeSchema.Anything;
}
