using System.Collections.Immutable;

namespace Slipway.Sandbox.Api;

/// <summary>Who asks ("Users in Kubernetes" of the authentication documentation).</summary>
public sealed record Identity(string Name, ImmutableArray<string> Groups, string Uid = "")
{
    public const string Masters = "system:masters";
    public const string Authenticated = "system:authenticated";

    public static readonly Identity Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>May do everything, whatever the roles say.</summary>
    public bool IsMaster => Groups.Contains(Masters);

    public static Identity OfServiceAccount(string ns, string name, string uid) =>
        new($"system:serviceaccount:{ns}:{name}", ["system:serviceaccounts", $"system:serviceaccounts:{ns}", Authenticated], uid);
}
