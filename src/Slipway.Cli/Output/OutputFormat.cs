using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Output;

internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}

/// <summary>The flag <c>-o</c>, and the one place that turns an answer into what it asks for.</summary>
internal sealed class OutputFlag
{
    private readonly Option<string> _option = new("--output", "-o")
    {
        Description = "table for people; json and yaml are the whole objects, for jq and for files",
        HelpName = "table|json|yaml",
        DefaultValueFactory = _ => "table",
    };

    public OutputFlag(Command command)
    {
        _option.AcceptOnlyFromAmong("table", "json", "yaml");
        command.Add(_option);
    }

    public OutputFormat Read(ParseResult parse) => parse.GetValue(_option) switch
    {
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        _ => OutputFormat.Table,
    };

    /// <param name="document">Asked for only when a machine reads it.</param>
    /// <param name="table">Asked for only when a person does.</param>
    public void Print(ParseResult parse, Surroundings surroundings, Func<JsonNode> document, Action<TextWriter> table)
    {
        switch (Read(parse))
        {
            case OutputFormat.Json:
                surroundings.Out.Write(JsonText.Of(document()));
                break;
            case OutputFormat.Yaml:
                surroundings.Out.Write(YamlText.Of(document()));
                break;
            default:
                table(surroundings.Out);
                break;
        }
    }
}
