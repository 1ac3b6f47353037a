namespace Slipway.Cli.CommandLine;

internal static class ProductVersion
{
    public static readonly string Text = typeof(ProductVersion).Assembly.GetName().Version!.ToString(3);
}
