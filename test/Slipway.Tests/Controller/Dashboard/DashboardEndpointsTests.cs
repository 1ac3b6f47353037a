using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Controller.Api;
using Slipway.Controller.Dashboard;

namespace Slipway.Tests.Controller.Dashboard;

/// <summary>A dashboard of two files, over real HTTP.</summary>
public sealed class DashboardEndpointsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-dashboard-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder.FullName, "wwwroot", "dashboard"));
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "index.html"), "<html>the page</html>");
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "app.abc.js"), "let a = 1;");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Slipway.Dashboard.staticwebassets.endpoints.json"), """
            {"Version": 1, "ManifestType": "Publish", "Endpoints": [{"Route": "_framework/app.abc.js", "AssetFile": "app.abc.js", "Selectors": [], "EndpointProperties": [],
              "ResponseHeaders": [{"Name": "Cache-Control", "Value": "max-age=31536000, immutable"}, {"Name": "Content-Type", "Value": "text/javascript"}, {"Name": "Content-Length", "Value": "10"}, {"Name": "ETag", "Value": "\"abc\""}, {"Name": "Last-Modified", "Value": "Sun, 01 Mar 2026 12:00:00 GMT"}]}]}
            """);
        var files = DashboardFiles.Find(_folder.FullName)!;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { WebRootPath = files.WebRoot });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseSecurityHeaders();
        _app.UseDashboardHeaders();
        _app.MapGet("/other", () => "no file of the dashboard");
        _app.MapDashboard(files);
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/approvals")]
    [InlineData("/dashboard/namespaces/prod/deliveries/shop.example")]
    public async Task Every_place_of_the_dashboard_is_its_one_page(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("<html>the page</html>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("text/html", "no-cache"), (answer.Content.Headers.ContentType!.MediaType, $"{answer.Headers.CacheControl}"));
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public async Task A_file_is_kept_as_long_as_its_manifest_says()
    {
        using var answer = await _http.GetAsync(new Uri("/dashboard/_framework/app.abc.js", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("let a = 1;", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("max-age=31536000, immutable", Assert.Single(answer.Headers.NonValidated["Cache-Control"]));
    }

    [Fact]
    public async Task A_file_that_is_missing_is_no_page() => Assert.Equal(404, (int)(await GetAsync("/dashboard/_framework/gone.js")).StatusCode);

    [Fact]
    public async Task Without_its_slash_the_base_is_asked_for_with_it()
    {
        using var answer = await GetAsync("/dashboard");

        Assert.Equal((302, "/dashboard/"), ((int)answer.StatusCode, $"{answer.Headers.Location}"));
    }

    [Fact]
    public async Task Its_files_may_run_and_nothing_else_may()
    {
        using var page = await GetAsync("/dashboard/");
        using var file = await GetAsync("/dashboard/_framework/app.abc.js");
        using var other = await GetAsync("/other");

        Assert.Equal([DashboardEndpoints.Policy, DashboardEndpoints.Policy, SecurityHeaders.Strictest], new[] { page, file, other }.Select(answer => Assert.Single(answer.Headers.GetValues("Content-Security-Policy"))));
        Assert.All(new[] { page, file, other }, answer => Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options"))));
        Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", DashboardEndpoints.Policy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_without_a_dashboard_is_refused_where_it_was_named_and_nothing_is_served_where_it_was_not()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_folder.FullName, "empty")).FullName;

        Assert.Contains("has no dashboard", Assert.Throws<DirectoryNotFoundException>(() => DashboardFiles.Find(empty)).Message, StringComparison.Ordinal);
        Assert.Null(DashboardFiles.Find(null));
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
