namespace Slipway.Controller.Dashboard;

/// <summary>Where the published dashboard lies: its files below <c>wwwroot/dashboard</c>, and the manifest that says how each is served.</summary>
internal sealed record DashboardFiles(string Folder)
{
    private const string ManifestName = "Slipway.Dashboard.staticwebassets.endpoints.json";

    public string WebRoot => Path.Combine(Folder, "wwwroot", "dashboard");

    public string Manifest => Path.Combine(Folder, ManifestName);

    public string Page => Path.Combine(WebRoot, "index.html");

    /// <param name="given">Null: it is looked for beside the program.</param>
    /// <returns>Null where none lies beside the program, as after an ordinary build.</returns>
    /// <exception cref="DirectoryNotFoundException">One is given, and there is no dashboard in it.</exception>
    public static DashboardFiles? Find(string? given)
    {
        var files = new DashboardFiles(Path.GetFullPath(given ?? Path.Combine(AppContext.BaseDirectory, "dashboard")));
        return File.Exists(files.Manifest) && File.Exists(files.Page) ? files
            : given is null ? null
            : throw new DirectoryNotFoundException($"{given} has no dashboard: {ManifestName} or wwwroot/dashboard/index.html is missing; give the directory 'dashboard' that 'dotnet publish src/Slipway.Cli' makes, or leave --dashboard out");
    }
}
