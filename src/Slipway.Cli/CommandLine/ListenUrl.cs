using System.CommandLine.Parsing;

namespace Slipway.Cli.CommandLine;

/// <summary>Checks the value of <c>--listen</c>.</summary>
internal static class ListenUrl
{
    public static void Check(OptionResult result)
    {
        if (result.GetValueOrDefault<string>() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp))
        {
            result.AddError("--listen: write a URL such as http://0.0.0.0:8080; port 0 takes a free one");
        }
    }
}
