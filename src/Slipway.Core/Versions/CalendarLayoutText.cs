using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Images;

namespace Slipway.Versions;

/// <summary>Reads a layout, and refuses the one by which versions could not be told apart or would be ordered wrongly.</summary>
internal static class CalendarLayoutText
{
    private const int LongestText = 64;

    private const string Example = "write for example YYYY.0M.MICRO";

    public static bool TryRead(string? text, [NotNullWhen(true)] out CalendarLayout? layout, out string error)
    {
        layout = null;
        if (string.IsNullOrEmpty(text))
        {
            error = $"a layout says how the versions are written; {Example}";
            return false;
        }

        if (text.Length > LongestText)
        {
            error = $"{UntrustedText.Quote(text)} is no layout: it is longer than {LongestText} characters; {Example}";
            return false;
        }

        var parts = ImmutableArray.CreateBuilder<CalendarPart>();
        var reason = Split(text, parts) ?? Fault([.. parts]);
        error = reason is null ? "" : $"{UntrustedText.Quote(text)} is no layout: {reason}";
        layout = reason is null ? new CalendarLayout(text, [.. WithModifierJoined([.. parts])]) : null;
        return layout is not null;
    }

    private static string? Split(string text, ImmutableArray<CalendarPart>.Builder parts)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (Token(text.AsSpan(at)) is var (name, token))
            {
                parts.Add(new CalendarPart(token, name));
                at += name.Length;
                continue;
            }

            var letter = text[at];
            if (char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter))
            {
                return $"{UntrustedText.Quote(text.AsSpan(at).ToString())} does not begin with one of {string.Join(", ", CalendarTokens.All.Select(known => known.Name))}";
            }

            if (!char.IsAsciiLetterLower(letter) && letter is not ('.' or '-' or '_'))
            {
                return $"no tag has {UntrustedText.Quote($"{letter}")} in it; set the parts off with dots, hyphens or underscores";
            }

            if (parts is [.., { Token: null } before])
            {
                parts[^1] = before with { Letters = $"{before.Letters}{letter}" };
            }
            else
            {
                parts.Add(new CalendarPart(null, $"{letter}"));
            }

            at++;
        }

        return null;
    }

    private static (string Name, CalendarToken Token)? Token(ReadOnlySpan<char> rest)
    {
        foreach (var known in CalendarTokens.All)
        {
            if (rest.StartsWith(known.Name))
            {
                return known;
            }
        }

        return null;
    }

    private static string? Fault(ImmutableArray<CalendarPart> parts)
    {
        var tokens = parts.Where(part => part.Token is not null).Select(part => (Name: part.Letters, Token: part.Token!.Value, Unit: CalendarTokens.Unit(part.Token!.Value))).ToArray();
        if (tokens.All(token => token.Unit != 0))
        {
            return $"it has no year; {Example}, or follow semver or numeric for versions that no calendar makes";
        }

        var units = tokens.Where(token => token.Unit is not null).ToArray();
        if (units.GroupBy(token => token.Unit).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return $"{string.Join(" and ", twice.Select(token => token.Name))} are two of the same; keep one of them";
        }

        if (tokens.GroupBy(token => token.Token).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            return $"{repeated.First().Name} is in it twice; keep one of them";
        }

        for (var at = 1; at < units.Length; at++)
        {
            if (units[at].Unit < units[at - 1].Unit)
            {
                return $"{units[at].Name} stands behind {units[at - 1].Name}, and versions are ordered from left to right; turn the parts round with spec.source.filter.extract";
            }
        }

        return tokens.Any(token => token.Token is CalendarToken.Modifier) && parts[^1].Token is not CalendarToken.Modifier
            ? "MODIFIER takes the rest of a version; let it be the last"
            : RunTogether(parts);
    }

    // 2026111 by YYYYMMDD is the 11th of January or the 1st of November.
    private static string? RunTogether(ImmutableArray<CalendarPart> parts)
    {
        for (var at = 0; at + 1 < parts.Length; at++)
        {
            if (parts[at].Token is { } token && parts[at + 1].Token is { } next && next is not CalendarToken.Modifier
                && CalendarTokens.Rules(token) is var rules && rules.Least != rules.Most)
            {
                return $"where {parts[at].Letters} ends and {parts[at + 1].Letters} begins cannot be told; set them off with a dot, or use the padded form";
            }
        }

        return null;
    }

    private static IEnumerable<CalendarPart> WithModifierJoined(CalendarPart[] parts) => parts switch
    {
        [.. var first, { Token: null } separator, { Token: CalendarToken.Modifier }] => first.Append(new CalendarPart(CalendarToken.Modifier, separator.Letters)),
        [.. var first, { Token: CalendarToken.Modifier }] => first.Append(new CalendarPart(CalendarToken.Modifier, "")),
        _ => parts,
    };
}
