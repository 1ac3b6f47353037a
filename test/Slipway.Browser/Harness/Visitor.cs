using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Slipway.Browser.Harness;

/// <summary>Somebody with a browser of their own, who notes what it complains of.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly bool _dark;

    private Visitor(IPlaywright playwright, IBrowser browser, IPage page, bool dark)
    {
        (_playwright, _browser, Page, _dark) = (playwright, browser, page, dark);
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
    }

    public IPage Page { get; }

    /// <summary>Errors of the page and its scripts, among them what its policy forbids.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <param name="width">CSS pixels; a phone's are 390 × 844.</param>
    public static async Task<Visitor> ComeAsync(Uri address, int width = 1280, int height = 800, bool dark = false)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Settings.Chromium, Args = Arguments, Headless = true });
        var page = await browser.NewPageAsync(new()
        {
            BaseURL = address.AbsoluteUri, ViewportSize = new() { Width = width, Height = height }, ColorScheme = Scheme(dark), ReducedMotion = ReducedMotion.Reduce, TimezoneId = "UTC", Locale = "en-GB",
        });
        page.SetDefaultTimeout(30_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        return new Visitor(playwright, browser, page, dark);
    }

    public ILocator this[string testId] => Page.GetByTestId(testId);

    public async Task SignInAsync(string token, string path = "/dashboard/")
    {
        await Page.GotoAsync(path);
        await this["token"].FillAsync(token);
        await this["sign-in-token"].ClickAsync();
        await this["user-menu"].WaitForAsync();
    }

    public async Task ShootAsync(string name)
    {
        Directory.CreateDirectory(Settings.Pictures);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Settings.Pictures, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
    }

    /// <summary>axe-core finds nothing that is serious or critical (Deque's rules, with those of WCAG 2.2 AA), in the theme of this visitor and in the other one.</summary>
    public async Task AssertAccessibleAsync()
    {
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Settings.Axe));
        foreach (var dark in new[] { !_dark, _dark })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = Scheme(dark) });
            await Assertions.Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", dark ? "dark" : "light");
            Assert.Empty(await FindingsAsync());
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What a test that has failed needs beside.
        foreach (var complaint in Complaints)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"the browser complains: {complaint}");
        }

        await _browser.CloseAsync();
        _playwright.Dispose();
    }

    private static ColorScheme Scheme(bool dark) => dark ? ColorScheme.Dark : ColorScheme.Light;

    private async Task<string[]> FindingsAsync()
    {
        var text = await Page.EvaluateAsync<string>("async () => JSON.stringify((await axe.run(document)).violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => `${v.impact} ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`))");
        return JsonSerializer.Deserialize<string[]>(text)!;
    }

    private void Note(bool bad, string text)
    {
        if (bad)
        {
            Complaints.Enqueue(text);
        }
    }
}
