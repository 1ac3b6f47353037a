using System.Text.Json;

namespace Slipway.Dashboard.Live;

/// <summary>What a person is told when the way to the controller broke; the browser's own words for it differ and say less.</summary>
public static class Broken
{
    /// <returns>Null for what no connection and no answer brings about.</returns>
    public static string? Says(Exception e) => e switch
    {
        HttpRequestException or IOException => "the connection to it failed",
        JsonException => "its answer is none of its own; something between may have answered in its place",
        _ => null,
    };
}
