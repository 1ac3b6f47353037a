namespace Slipway.Sandbox.Registry;

/// <summary>Something a registry does that it should not.</summary>
public abstract record RegistryFault
{
    private RegistryFault() { }

    /// <summary>401 with the registry's own challenge, whatever the client shows.</summary>
    public sealed record Unauthorized : RegistryFault;

    /// <summary>401 with a bearer challenge whose realm is somebody else's.</summary>
    public sealed record ForeignRealm(Uri Realm) : RegistryFault;

    /// <summary>An error without ado, such as 500, 502, 503 or 429.</summary>
    public sealed record Failing(int Status = 500, TimeSpan? RetryAfter = null) : RegistryFault;

    /// <summary>Sends the client somewhere else with 307.</summary>
    public sealed record Redirecting(Uri To) : RegistryFault;

    /// <summary>Answers never; ends when the client or the registry goes away.</summary>
    public sealed record Stalling : RegistryFault;

    /// <summary>Answers rightly, but late.</summary>
    public sealed record Slow(TimeSpan By) : RegistryFault;

    /// <summary>Promises the whole body, sends half of it and cuts the connection.</summary>
    public sealed record TruncatedBody : RegistryFault;

    /// <summary>The right digest in the header over bytes that are not its own.</summary>
    public sealed record WrongBytes : RegistryFault;

    /// <summary>The right bytes under the digest of others.</summary>
    public sealed record WrongDigestHeader : RegistryFault;

    /// <summary>A manifest that is blown up with spaces, and still valid JSON.</summary>
    public sealed record HugeManifest(int Bytes = 10_000_000) : RegistryFault;

    /// <summary>A list that has always one more page.</summary>
    public sealed record EndlessPages(int PerPage = 100) : RegistryFault;

    /// <summary>A list whose next page is itself.</summary>
    public sealed record SelfLinkedPage : RegistryFault;

    /// <summary>A body that is not what its type says.</summary>
    public sealed record Garbage(string Body = "<html>proxy error</html>") : RegistryFault;
}

/// <summary>Which requests a fault hits; null fits all.</summary>
public sealed record FaultMatch(RequestKind? Kind = null, string? Repository = null, string? Method = null)
{
    /// <summary>So many fitting requests pass first.</summary>
    public int After { get; init; }

    /// <summary>Then so many are hit.</summary>
    public int Times { get; init; } = int.MaxValue;

    internal bool Fits(RegistryRequest request) =>
        (Kind is null || Kind == request.Route.Kind) && (Repository is null || Repository == request.Route.Repository) && (Method is null || Method == request.Method);
}
