namespace Slipway.Kube;

/// <summary>Names one object of a kind. <see cref="Namespace"/> is empty for kinds that live outside namespaces.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
