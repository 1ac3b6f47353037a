using System.Text;

namespace Slipway.Tests.Guides;

/// <summary>A command of a guide, and the output that the page shows for it.</summary>
internal sealed record GuideStep(string Command, string Output, int Line);

/// <summary>
/// A page with blocks <c>```console</c>, in which a command stands behind <c>$</c> and its output below, and blocks <c>```yaml</c> whose first line
/// names the file that they are.
/// </summary>
internal sealed class GuidePage
{
    private readonly string _path;
    private readonly List<object> _parts = [];

    public GuidePage(string path)
    {
        _path = path;
        string? block = null;
        var text = new StringBuilder();
        foreach (var (line, number) in File.ReadAllLines(path).Select((line, index) => (line, index + 1)))
        {
            if (block == "console" && line.StartsWith("$ ", StringComparison.Ordinal))
            {
                Close(text, block);
                _parts.Add(new GuideStep(line[2..], "", number));
            }
            else if (line.StartsWith("```", StringComparison.Ordinal))
            {
                Close(text, block);
                block = block is null ? line[3..] : null;
                _parts.Add(line);
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }

        Close(text, block);
    }

    public IEnumerable<GuideStep> Steps => _parts.OfType<GuideStep>();

    /// <summary>By the name in the first line, <c># shop.yaml</c>; several of one name are its versions, in the order of the page.</summary>
    public ILookup<string, string> Files { get; private set; } = Array.Empty<string>().ToLookup(_ => "");

    /// <summary>The page with other outputs: what UPDATE_GOLDEN writes.</summary>
    public void Write(IReadOnlyDictionary<int, string> outputs) => File.WriteAllText(_path, string.Concat(_parts.Select(part => part switch
    {
        GuideStep step => $"$ {step.Command}\n{outputs.GetValueOrDefault(step.Line, step.Output)}",
        StringBuilder prose => prose.ToString(),
        var line => $"{line}\n",
    })));

    private void Close(StringBuilder text, string? block)
    {
        if (text.Length == 0)
        {
            return;
        }

        var whole = text.ToString();
        text.Clear();
        if (block == "console" && _parts[^1] is GuideStep step)
        {
            _parts[^1] = step with { Output = whole };
            return;
        }

        if (block == "yaml" && whole.StartsWith("# ", StringComparison.Ordinal))
        {
            var name = whole[2..whole.IndexOf('\n', StringComparison.Ordinal)].Split(' ')[0].TrimEnd(':', ',');
            Files = Files.SelectMany(group => group.Select(content => (group.Key, content))).Append((name, whole)).ToLookup(pair => pair.Item1, pair => pair.Item2);
        }

        _parts.Add(new StringBuilder(whole));
    }
}
