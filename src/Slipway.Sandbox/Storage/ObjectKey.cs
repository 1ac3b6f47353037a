namespace Slipway.Sandbox.Storage;

/// <summary>A kind of object without its version: every version of it is a view of the same stored objects.</summary>
public readonly record struct GroupResource(string Group, string Plural)
{
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>Where one object is stored.</summary>
/// <param name="Namespace">Empty for objects of the cluster.</param>
public readonly record struct ObjectKey(GroupResource Resource, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? $"{Resource}/{Name}" : $"{Resource}/{Namespace}/{Name}";
}
