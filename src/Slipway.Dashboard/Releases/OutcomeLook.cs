using MudBlazor;

namespace Slipway.Dashboard.Releases;

/// <summary>How the end of a Release is shown: by a word, a sign and a colour.</summary>
public sealed record OutcomeLook(string Word, string Icon, string Tone)
{
    public static OutcomeLook Of(string outcome) => outcome switch
    {
        "Succeeded" => new("Succeeded", Icons.Material.Filled.CheckCircle, "ok"),
        "RolledBack" => new("Rolled back", Icons.Material.Filled.Undo, "bad"),
        "Failed" => new("Failed", Icons.Material.Filled.Error, "bad"),
        "Running" => new("Running", Icons.Material.Filled.RocketLaunch, "run"),
        "Superseded" => new("Superseded", Icons.Material.Filled.SkipNext, "off"),
        "Exposed" => new("Exposed", Icons.Material.Filled.Visibility, "held"),
        _ => new("Unknown", Icons.Material.Filled.Help, "off"),
    };
}
