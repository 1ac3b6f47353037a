using Slipway.Kube;

namespace Slipway.Tests.Kube;

public sealed class ResourceTypeTests
{
    [Fact]
    public void Paths_follow_the_API_conventions()
    {
        Assert.Equal("/apis/apps/v1/namespaces/prod/deployments/shop/status", ResourceTypes.Deployments.ObjectPath(new("prod", "shop"), "status"));
        Assert.Equal("/apis/apps/v1/deployments", ResourceTypes.Deployments.CollectionPath(null));
        Assert.Equal("/apis/apps/v1/deployments", ResourceTypes.Deployments.CollectionPath(""));
        Assert.Equal("/api/v1/namespaces/prod/pods", ResourceTypes.Pods.CollectionPath("prod"));
        Assert.Equal("/api/v1/nodes/n1", ResourceTypes.Nodes.ObjectPath(new("", "n1")));
        Assert.Equal("/api/v1/nodes", ResourceTypes.Nodes.CollectionPath("prod"));
        Assert.Equal("batch/v1", ResourceTypes.Jobs.ApiVersion);
        Assert.Equal("v1", ResourceTypes.Pods.ApiVersion);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../secrets")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    public void A_name_cannot_climb_out_of_its_path(string name)
    {
        Assert.Equal(KubeException.Invalid, Assert.Throws<KubeException>(() => ResourceTypes.Deployments.ObjectPath(new("prod", name))).Reason);
        if (name.Length > 0)
        {
            Assert.Equal(KubeException.Invalid, Assert.Throws<KubeException>(() => ResourceTypes.Deployments.CollectionPath(name)).Reason);
        }
    }

    [Fact]
    public void Odd_letters_are_escaped() =>
        Assert.Equal("/api/v1/nodes/system%3Anode%3F", ResourceTypes.Nodes.ObjectPath(new("", "system:node?")));

    [Fact]
    public void A_namespaced_object_needs_a_namespace()
    {
        var refused = Assert.Throws<KubeException>(() => ResourceTypes.Pods.ObjectPath(new("", "web-1")));

        Assert.Contains("Pod web-1", refused.Message);
        Assert.False(refused.IsTransient);
    }
}
