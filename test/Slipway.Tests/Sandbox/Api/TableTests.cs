using System.Text.Json.Nodes;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

public sealed class TableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(185, "3m5s")]
    [InlineData(600, "10m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData(3 * 3600 + 300, "3h5m")]
    [InlineData(8 * 3600, "8h")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData(51 * 3600, "2d3h")]
    [InlineData(8 * 86400, "8d")]
    [InlineData(2 * 365 * 86400, "2y")]
    [InlineData(800 * 86400, "2y70d")]
    [InlineData(-5, "<invalid>")]
    public void A_duration_is_told_as_kubectl_tells_it(int seconds, string text) => Assert.Equal(text, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("""{"status":{"phase":"Pending"}}""", "0/1", "Pending")]
    [InlineData("""{"status":{"phase":"Running","containerStatuses":[{"ready":true,"state":{"running":{}}}]}}""", "1/1", "Running")]
    [InlineData("""{"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff"}}}]}}""", "0/1", "ImagePullBackOff")]
    [InlineData("""{"status":{"phase":"Running","containerStatuses":[{"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""", "0/1", "CrashLoopBackOff")]
    [InlineData("""{"status":{"phase":"Succeeded","containerStatuses":[{"state":{"terminated":{"reason":"Completed","exitCode":0}}}]}}""", "0/1", "Completed")]
    [InlineData("""{"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":7}}}]}}""", "0/1", "ExitCode:7")]
    [InlineData("""{"status":{"phase":"Failed","reason":"Evicted"}}""", "0/1", "Evicted")]
    [InlineData("""{"status":{"phase":"Pending","initContainerStatuses":[{"state":{"waiting":{"reason":"ErrImagePull"}}}]}}""", "0/1", "Init:ErrImagePull")]
    [InlineData("""{"metadata":{"deletionTimestamp":"2026-01-01T12:00:00Z"},"status":{"phase":"Running"}}""", "0/1", "Terminating")]
    public void A_pod_is_told_by_what_holds_it_up(string pod, string ready, string status)
    {
        var cells = Cells("pods", pod, """{"spec":{"containers":[{"name":"web"}]}}""");

        Assert.Equal((ready, status), (cells[1], cells[2]));
    }

    [Fact]
    public void A_restart_is_told_with_its_time()
    {
        var cells = Cells("pods", """{"status":{"containerStatuses":[{"restartCount":2,"lastState":{"terminated":{"finishedAt":"2026-01-01T11:57:00Z"}}}]}}""", """{"spec":{"containers":[{}]}}""");

        Assert.Equal("2 (3m ago)", cells[3]);
    }

    [Theory]
    [InlineData("""{"spec":{"type":"ClusterIP","clusterIP":"10.96.0.9","ports":[{"port":80,"protocol":"TCP"}]}}""", "<none>", "80/TCP")]
    [InlineData("""{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080,"protocol":"TCP"}]}}""", "<none>", "80:30080/TCP")]
    [InlineData("""{"spec":{"type":"LoadBalancer","ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}""", "<pending>", "80/TCP,53/UDP")]
    [InlineData("""{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}""", "1.2.3.4", "<none>")]
    [InlineData("""{"spec":{"type":"ExternalName","externalName":"example.com"}}""", "example.com", "<none>")]
    public void A_service_is_told_by_its_addresses(string service, string external, string ports)
    {
        var cells = Cells("services", service);

        Assert.Equal((external, ports), (cells[3], cells[4]));
    }

    [Theory]
    [InlineData("""{"status":{}}""", "Running", "0/1")]
    [InlineData("""{"status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]}}""", "Complete", "1/1")]
    [InlineData("""{"status":{"conditions":[{"type":"Failed","status":"True"}]}}""", "Failed", "0/1")]
    public void A_job_is_told_by_how_it_ended(string job, string status, string completions)
    {
        var cells = Cells("jobs", job);

        Assert.Equal((status, completions), (cells[1], cells[2]));
    }

    private static string[] Cells(string plural, params string[] parts)
    {
        var value = new JsonObject();
        foreach (var part in parts)
        {
            Slipway.Sandbox.Schema.JsonMergePatch.Apply(value, JsonTree.ParseObject(part));
        }
        var resource = BuiltInResources.For(KubernetesRelease.Current).Single(one => one.Plural == plural);
        var table = Table.Of(resource, [new(resource.Key("default", "x"), value, 1)], Noon, "None");
        return [.. table.Objects("rows").Single()["cells"]!.AsArray().Select(cell => cell?.ToString() ?? "")];
    }
}
