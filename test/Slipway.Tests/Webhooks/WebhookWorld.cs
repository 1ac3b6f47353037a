using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Configuration;
using Slipway.Controller.Webhooks;
using Slipway.Telemetry;
using Slipway.Tests.Controllers;
using Slipway.Tests.Kube;
using Slipway.Tests.Queue;
using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks;

/// <summary>The webhooks over real HTTP on loopback, with secrets in real files, in virtual time; hints are collected, and one feed looks for each.</summary>
internal sealed class WebhookWorld : IAsyncDisposable
{
    public const string Secret = "correct-horse-battery-staple";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("slipway-webhooks-");
    private readonly WebhookReceivers _receivers;
    private readonly SlipwayMetrics _metrics = new();
    private readonly CollectedLog _log = new();

    /// <param name="section">The section <c>receivers:</c>, where FILES stands for the directory of secrets.</param>
    private WebhookWorld(string section, string? token, AllowanceTerms? allowance)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        Write("secret", Secret);
        Write("user", "ci");
        var settings = ConfigurationFile.Parse("slipway.yaml", $"receivers: {section.Replace("FILES", _files.FullName, StringComparison.Ordinal)}").Receivers!;
        Counts = new MetricsProbe(_metrics);
        var context = new WebhookContext(Take, Time, _metrics, _log) { Allowance = allowance ?? AllowanceTerms.Requests };
        _receivers = new WebhookReceivers(WebhookReceivers.WithDefault(ReceiverReader.Read(settings), token), context);
        _app.MapWebhooks(_receivers);
    }

    public VirtualTime Time { get; } = new() { Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero) };

    public ConcurrentQueue<RegistryHint> Hints { get; } = new();

    public MetricsProbe Counts { get; }

    public string Log => _log.ToString();

    public Uri Address => new(_app.Urls.First());

    public HttpClient Http { get; } = new();

    public static async Task<WebhookWorld> StartAsync(string section = "[]", string? token = null, AllowanceTerms? allowance = null)
    {
        var world = new WebhookWorld(section, token, allowance);
        await world._app.StartAsync(TestContext.Current.CancellationToken);
        return world;
    }

    /// <summary>A receiver of this type whose token is <see cref="Secret"/>.</summary>
    public static Task<WebhookWorld> WithTokenAsync(string type = "generic", string more = "", AllowanceTerms? allowance = null) =>
        StartAsync($$"""[{"name":"in","type":"{{type}}","tokenFile":"FILES/secret"{{more}} }]""", allowance: allowance);

    public void Write(string file, string content) => File.WriteAllText(Path.Combine(_files.FullName, file), content);

    public void Delete(string file) => File.Delete(Path.Combine(_files.FullName, file));

    public Task<(int Status, string Text, HttpResponseHeaders Headers)> SendAsync(string route, string body, params (string Name, string Value)[] headers) =>
        SendAsync(route, new StringContent(body, Encoding.UTF8, "application/json"), headers);

    public async Task<(int Status, string Text, HttpResponseHeaders Headers)> SendAsync(string route, HttpContent? content, (string Name, string Value)[] headers, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(Address, route)) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers);
    }

    /// <summary>A request of which the rest may never come.</summary>
    public async Task<Socket> BeginAsync(string beginning)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", Address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(beginning), TestContext.Current.CancellationToken);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _receivers.Dispose();
        Counts.Dispose();
        _metrics.Dispose();
        _files.Delete(recursive: true);
    }

    private int Take(RegistryHint hint)
    {
        Hints.Enqueue(hint);
        return 1;
    }
}
