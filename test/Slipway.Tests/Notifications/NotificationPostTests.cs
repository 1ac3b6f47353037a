using Microsoft.AspNetCore.Http;
using Slipway.CheckSources;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Notifications;
using Slipway.Telemetry;
using Slipway.Tests.Controllers;
using Slipway.Tests.Kube;

namespace Slipway.Tests.Notifications;

public sealed class NotificationPostTests
{
    [Theory]
    [InlineData(200, null, false)]
    [InlineData(400, "answers 400: it does not take this message", true)]
    [InlineData(404, "answers 404: look whether address and Secret are (still) the right ones", false)]
    [InlineData(500, "answers 500", false)]
    [InlineData(301, "answers 301", false)]
    public async Task An_answer_is_told_apart_by_whether_another_try_can_help(int status, string? problem, bool forGood)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, "https://elsewhere.example.com/");
            return context.Response.WriteAsync("canary-5ec7e7");
        });

        var result = await SendAsync(server);

        Assert.Equal((problem is null, forGood), (result.IsTold, result.ForGood));
        Assert.True(problem is null ? result.Problem is null : result.Problem!.EndsWith(problem, StringComparison.Ordinal), result.Problem);
        Assert.DoesNotContain("canary", result.Problem ?? "", StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task How_long_to_wait_is_taken_from_the_answer()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, "77");
            return Task.CompletedTask;
        });

        Assert.Equal(TimeSpan.FromSeconds(77), (await SendAsync(server)).RetryAfter);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_by_its_host_alone()
    {
        var server = await ScriptedServer.StartAsync((_, _) => Task.CompletedTask);
        await server.DisposeAsync();

        Assert.Equal($"{server.Address.Authority}: the connection is refused", (await SendAsync(server)).Problem);
    }

    [Fact]
    public async Task What_the_format_has_no_word_for_is_neither_told_nor_a_problem()
    {
        await using var server = await ScriptedServer.StartAsync((_, _) => Task.CompletedTask);

        var result = await SendAsync(server, "cdEvents", Notified.Succeeded with { Event = NotificationEvent.Started });

        Assert.Equal((false, null), (result.IsTold, result.Problem));
        Assert.Empty(server.Requests);
    }

    private static async Task<PostResult> SendAsync(ScriptedServer server, string format = "webhook", Notification? notification = null)
    {
        using var connection = ClusterConnection.To(new Uri("http://127.0.0.1:1"));
        using var metrics = new SlipwayMetrics();
        using var log = new CollectedLog();
        using var post = new NotificationPost(new ControllerContext(connection, null, TimeProvider.System, () => 0.5, metrics, log) { Checks = new CheckConfiguration { AllowedHosts = [server.Address.Authority] } });
        return await post.SendAsync(Notified.Terms($$"""{"{{format}}":{"address":"{{server.Address}}hook/canary"} }"""), notification ?? Notified.RolledBack, TestContext.Current.CancellationToken);
    }
}
