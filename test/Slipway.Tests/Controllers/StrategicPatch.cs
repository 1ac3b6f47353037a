using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Controllers;

/// <summary>A patch as kubectl's imperative commands send it, which our own client has no use for.</summary>
internal static class StrategicPatch
{
    public static async Task SendAsync(ControllerWorld world, ResourceType type, string name, JsonObject patch, string manager)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(world.Sandbox.Api.Url, $"{type.ObjectPath(new ObjectKey("default", name))}?fieldManager={manager}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.Sandbox.Api.AdminToken);
        request.Content = new StringContent(patch.ToJsonString(), Encoding.UTF8);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/strategic-merge-patch+json");
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
