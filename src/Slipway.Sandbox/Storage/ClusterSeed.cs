using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>What a cluster has before anybody uses it.</summary>
public static class ClusterSeed
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>Makes an empty store a cluster. What happened up to here is forgotten, as it is in a server that has just started.</summary>
    public static void Sow(ObjectStore store)
    {
        foreach (var name in Namespaces)
        {
            store.Create(Known.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }
        store.Create(Known.ClusterRoles, JsonTree.ParseObject(
            """{"metadata":{"name":"cluster-admin"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]},{"nonResourceURLs":["*"],"verbs":["*"]}]}"""));
        store.Create(Known.ClusterRoleBindings, JsonTree.ParseObject(
            """
            {"metadata":{"name":"cluster-admin"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"system:masters"}]}
            """));
        store.Create(Known.Services, JsonTree.ParseObject(
            """
            {"metadata":{"name":"kubernetes","namespace":"default","labels":{"component":"apiserver","provider":"kubernetes"}},
             "spec":{"type":"ClusterIP","clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",
                     "ports":[{"name":"https","protocol":"TCP","port":443,"targetPort":6443}],"sessionAffinity":"None"},
             "status":{"loadBalancer":{}}}
            """));
        store.Compact();
    }
}
