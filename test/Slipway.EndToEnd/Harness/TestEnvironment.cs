using System.Net;

namespace Slipway.EndToEnd.Harness;

/// <summary>Where the parts of the real thing are: variables as <c>eng/cluster/up</c> writes them, or as a user sets them for a cluster of his own.</summary>
internal static class TestEnvironment
{
    public static string Kubeconfig => Need("KUBECONFIG", "a kubeconfig with admin rights on a cluster that the tests may use");

    public static string Kubectl => Find("KUBECTL") ?? "kubectl";

    public static string? Helm => Find("HELM");

    /// <summary>host:port of a registry that the cluster can pull from.</summary>
    public static string Registry => Need("REGISTRY", "host:port of a registry that takes anonymous pushes and that the cluster can pull from");

    /// <summary>The same registry by the address at which pods reach it.</summary>
    public static string? NodeRegistry => Find("SLIPWAY_NODE_REGISTRY");

    /// <summary>A directory that <c>eng/image/build</c> has made.</summary>
    public static string? Image => Find("SLIPWAY_IMAGE");

    /// <summary>The published binary.</summary>
    public static string Slipway => Need("SLIPWAY_BIN", "the path of the published 'slipway'");

    /// <summary>The kubeconfig of an identity that has the rights which <c>slipway install</c> prints, and no others.</summary>
    public static string ControllerKubeconfig => Need("SLIPWAY_CONTROLLER_KUBECONFIG", "the kubeconfig of the controller's user");

    public static string ControllerUser => Need("SLIPWAY_CONTROLLER_USER", "the name of the controller's user, to bind its role to");

    public static string? AuditLog => Find("SLIPWAY_AUDIT_LOG");

    public static string? RegistryLog => Find("SLIPWAY_REGISTRY_LOG");

    /// <summary>Where the registry's notifications go: the controller must listen there.</summary>
    public static Uri Webhook => new(Need("SLIPWAY_WEBHOOK_URL", "where the registry sends its notifications"));

    public static string WebhookToken => Need("SLIPWAY_WEBHOOK_TOKEN", "the token that the registry sends with its notifications");

    public static bool HasPods => Find("SLIPWAY_PODS") != "false";

    public static (string Host, string User, string Password)? BasicRegistry =>
        Find("SLIPWAY_BASIC_REGISTRY") is { } host ? (host, Need("SLIPWAY_BASIC_REGISTRY_USER", "its user"), Need("SLIPWAY_BASIC_REGISTRY_PASSWORD", "its password")) : null;

    public static string DockerRegistry => Need("SLIPWAY_DOCKER_REGISTRY", "the path of the program 'docker-registry', of which the tests start some with settings of their own");

    /// <summary>The program that scrapes real pods.</summary>
    public static string Prometheus => Need("SLIPWAY_PROMETHEUS", "the path of the program 'prometheus', of which the tests start some with settings of their own");

    /// <summary>Whether the API server is on this machine, so that a test can serve a part of the API.</summary>
    public static bool HasNodeAddress => Find("SLIPWAY_NODE_ADDRESS") is not null;

    public static IPAddress NodeAddress => IPAddress.Parse(Need("SLIPWAY_NODE_ADDRESS", "an address of this machine that the API server reaches, and that is not loopback"));

    private static string? Find(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Need(string name, string what) =>
        Find(name) ?? throw new InvalidOperationException($"{name} is not set: it must say {what}; 'eng/e2e' sets everything up");
}
