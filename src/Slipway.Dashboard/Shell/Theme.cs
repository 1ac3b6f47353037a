using MudBlazor;

namespace Slipway.Dashboard.Shell;

/// <summary>Colours of the components; those of our own styles are in app.css, and are the same. Both palettes keep 4.5:1 for text (WCAG 2.2, 1.4.3).</summary>
public static class Theme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    public static MudTheme Slipway { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5fa5", PrimaryContrastText = "#ffffff", Secondary = "#5245a8", Error = "#b3261e", Success = "#1a7340", Warning = "#855300", Info = "#0b5fa5",
            Background = "#f5f6f8", Surface = "#ffffff", TextPrimary = "#18202c", TextSecondary = "#505c6d", ActionDefault = "#505c6d", ActionDisabled = "#6b7585", ActionDisabledBackground = "#e7eaee",
            TextDisabled = "#6b7585", LinesDefault = "#dde1e7", LinesInputs = "#8a94a3", Divider = "#dde1e7",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6cb2f5", PrimaryContrastText = "#08131f", Secondary = "#b5a8ff", Error = "#ff8f86", ErrorContrastText = "#210504", Success = "#5bd08e", SuccessContrastText = "#04170c",
            Warning = "#f0b850", WarningContrastText = "#1d1300", Info = "#6cb2f5", Background = "#0e131a", Surface = "#161d27", TextPrimary = "#e7ecf3", TextSecondary = "#a3b0c1",
            ActionDefault = "#a3b0c1", ActionDisabled = "#8492a5", ActionDisabledBackground = "#232c39", TextDisabled = "#8492a5", LinesDefault = "#2a3442", LinesInputs = "#66758a", Divider = "#2a3442",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.875rem", LineHeight = "1.45" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none", FontSize = "0.8125rem", FontWeight = "600", LetterSpacing = "0" },
            H6 = new H6Typography { FontFamily = Fonts, FontSize = "1.0625rem", FontWeight = "600" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
    };
}
