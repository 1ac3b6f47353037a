namespace Slipway.Sandbox.Storage;

/// <summary>What becomes of the objects that name a deleted one as their owner.</summary>
public enum Propagation { Background, Foreground, Orphan }

/// <summary>DeleteOptions of meta/v1. Null leaves the choice to the kind of the object.</summary>
public sealed record DeleteOptions
{
    public long? GracePeriodSeconds { get; init; }

    public Propagation? Propagation { get; init; }

    /// <summary>Delete only the object that has this uid.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Delete only the object that has this version.</summary>
    public string ResourceVersion { get; init; } = "";
}

/// <param name="Last">The object as it is, or was at last.</param>
/// <param name="Gone">False when it stays, marked, until its finalizers or its kubelet let it go.</param>
public sealed record Deletion(StoredObject Last, bool Gone);
