namespace Slipway.Browser.Harness;

/// <summary>Where things are: eng/browser says so.</summary>
internal static class Settings
{
    public static string Root { get; } = FindRoot();

    public static string Program => Environment.GetEnvironmentVariable("SLIPWAY_BIN") ?? Path.Combine(AppContext.BaseDirectory, "slipway");

    public static string Dashboard => Environment.GetEnvironmentVariable("SLIPWAY_DASHBOARD") ?? Path.Combine(Root, "artifacts/browser/dashboard");

    public static string Axe => Environment.GetEnvironmentVariable("SLIPWAY_AXE") ?? Path.Combine(Root, "artifacts/browser/node_modules/axe-core/axe.min.js");

    public static string Chromium => Environment.GetEnvironmentVariable("SLIPWAY_CHROMIUM") ?? "/usr/bin/chromium";

    /// <summary>Those of the documents change only where somebody asks for it, and looks at them.</summary>
    public static string Pictures => Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") == "1" ? Path.Combine(Root, "docs/images/dashboard") : Path.Combine(Root, "artifacts/browser/pictures");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Slipway.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no Slipway.slnx above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }
}
