using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;
using Slipway.Cli.JsonPaths;

namespace Slipway.Cli.Output;

internal enum OutputFormat
{
    Table,

    /// <summary>A table with more columns.</summary>
    Wide,
    Json,
    Yaml,

    /// <summary>KIND.GROUP/NAME, an object a line: what kubectl takes as arguments.</summary>
    Name,
    JsonPath,
}

/// <summary>The flag <c>-o</c>, and the one place that turns an answer into what it asks for.</summary>
internal sealed class OutputFlag
{
    private const string JsonPathPrefix = "jsonpath=";

    private readonly Option<string> _option;
    private readonly Option<bool>? _noHeaders;

    /// <param name="objects">The answer is objects of the cluster, so that there are names of them, and a table that can be wider.</param>
    public OutputFlag(Command command, bool objects = false)
    {
        string[] formats = objects ? ["table", "wide", "json", "yaml", "name"] : ["table", "json", "yaml"];
        _option = new Option<string>("--output", "-o")
        {
            Description = $"{string.Join(", ", formats)}, or jsonpath=... as kubectl has it; json and yaml are the whole, for jq and for files",
            HelpName = "format",
            DefaultValueFactory = _ => "table",
        };
        _option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } format && !formats.Contains(format) && Problem(format, formats) is { } problem)
            {
                result.AddError($"-o: {problem}");
            }
        });
        command.Add(_option);
        if (objects)
        {
            _noHeaders = new Option<bool>("--no-headers") { Description = "leave out the line of headings, for scripts" };
            command.Add(_noHeaders);
        }
    }

    public OutputFormat Read(ParseResult parse) => parse.GetValue(_option) switch
    {
        "wide" => OutputFormat.Wide,
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "name" => OutputFormat.Name,
        { } format when format.StartsWith(JsonPathPrefix, StringComparison.Ordinal) => OutputFormat.JsonPath,
        _ => OutputFormat.Table,
    };

    public bool IsTable(ParseResult parse) => Read(parse) is OutputFormat.Table or OutputFormat.Wide;

    public bool IsWide(ParseResult parse) => Read(parse) == OutputFormat.Wide;

    public bool Headings(ParseResult parse) => _noHeaders is null || !parse.GetValue(_noHeaders);

    /// <param name="document">Asked for only when a machine reads it.</param>
    /// <param name="table">Asked for only when a person does.</param>
    public void Print(ParseResult parse, Surroundings surroundings, Func<JsonNode> document, Action<TextWriter> table)
    {
        if (IsTable(parse))
        {
            table(surroundings.Out);
        }
        else
        {
            surroundings.Out.Write(Text(parse, document()));
        }
    }

    /// <inheritdoc cref="Print(ParseResult,Surroundings,Func{JsonNode},Action{TextWriter})"/>
    public void Print(ParseResult parse, Surroundings surroundings, Func<JsonNode> document, Func<Table> table) =>
        Print(parse, surroundings, document, writer => table().Write(writer, surroundings.Palette, Headings(parse)));

    /// <summary>The document as the flag wants it.</summary>
    public string Text(ParseResult parse, JsonNode document) => Read(parse) switch
    {
        OutputFormat.Yaml => YamlText.Of(document),
        OutputFormat.Name => ObjectNames.Of(document),
        OutputFormat.JsonPath => JsonPathTemplate.Parse(parse.GetValue(_option)![JsonPathPrefix.Length..]).Render(document),
        _ => JsonText.Of(document),
    };

    private static string? Problem(string format, string[] formats)
    {
        if (!format.StartsWith(JsonPathPrefix, StringComparison.Ordinal))
        {
            return $"'{format}' is none of {string.Join(", ", formats)} and jsonpath=..., such as -o jsonpath='{{.metadata.name}}'";
        }

        try
        {
            JsonPathTemplate.Parse(format[JsonPathPrefix.Length..]);
            return null;
        }
        catch (JsonPathException e)
        {
            return $"jsonpath: {e.Message}";
        }
    }
}
