using System.CommandLine;
using System.Globalization;
using Slipway.Actions;
using Slipway.Images;
using Slipway.Views;

namespace Slipway.Cli.Requests;

/// <summary>The flags by which a request says more: one for each field that the action takes, and why a person asks.</summary>
internal sealed class ActionFlags
{
    private readonly Option<string?> _digest = new("--digest") { Description = "which version, whole or its beginning; default: the one that is asked about", HelpName = "digest" };
    private readonly Option<string?> _to = new("--to") { Description = "number of the Release to go back to; default: the last good one before the current", HelpName = "number" };
    private readonly Option<bool> _all = new("--all") { Description = "every step that is left, up to the promotion" };
    private readonly Option<string?> _reason = new("--reason") { Description = "why, in your words; it stands beside your name", HelpName = "text" };

    public ActionFlags(Command command, ActionKind kind)
    {
        (string Field, Option Option)[] fields = [("digest", _digest), ("to", _to), ("all", _all)];
        _to.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"--to: {UntrustedText.Quote(text)} is no number of a Release; 'slipway history NAME' lists them");
            }
        });
        foreach (var (_, option) in fields.Where(one => kind.Fields.Contains(one.Field)))
        {
            command.Add(option);
        }

        // A field of the spec has no room for words, and nobody is asked why they looked.
        if (kind.Annotation is not null && kind != ActionKind.Check)
        {
            command.Add(_reason);
        }
    }

    public bool NamesDigest(ParseResult parse) => parse.GetResult(_digest) is not null;

    public ActionRequest Read(ParseResult parse) => new()
    {
        Digest = parse.GetResult(_digest) is null ? null : parse.GetValue(_digest),
        To = parse.GetResult(_to) is not null && long.TryParse(parse.GetValue(_to), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        All = parse.GetResult(_all) is not null && parse.GetValue(_all) ? true : null,
        Reason = parse.GetResult(_reason) is null ? null : parse.GetValue(_reason),
    };
}
