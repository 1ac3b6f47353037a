using System.Globalization;

namespace Slipway.Checks.Expressions;

internal enum TokenKind
{
    Number,
    Text,
    Word,
    Sign,
    End,
}

/// <param name="At">Where it begins, for messages; the first letter is 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At, double Number = 0)
{
    public override string ToString() => Kind == TokenKind.End ? "its end" : $"'{Text}'";
}

/// <summary>Cuts an expression into its words.</summary>
internal static class ExpressionTokens
{
    private static readonly string[] Signs = ["||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "(", ")", "[", "]", "{", "}", ",", ".", "#"];

    /// <returns>Null where something is no word of the language; <paramref name="problem"/> says what.</returns>
    public static List<Token>? Read(string text, out string problem)
    {
        var tokens = new List<Token>();
        problem = "";
        for (var at = 0; ;)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                tokens.Add(new(TokenKind.End, "", at + 1));
                return tokens;
            }

            if (Next(text, at, out var length, ref problem) is not { } token)
            {
                return null;
            }

            tokens.Add(token);
            at += length;
        }
    }

    private static Token? Next(string text, int at, out int length, ref string problem)
    {
        var first = text[at];
        length = 1;
        if (char.IsAsciiDigit(first))
        {
            return Number(text, at, out length, ref problem);
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            length = Span(text, at, letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
            return new(TokenKind.Word, text.Substring(at, length), at + 1);
        }

        if (first is '\'' or '"')
        {
            var end = text.IndexOf(first, at + 1);
            length = end - at + 1;
            problem = end < 0 ? $"the text that begins at {at + 1} has no end" : "";
            return end < 0 ? null : new(TokenKind.Text, text[(at + 1)..end], at + 1);
        }

        if (Signs.FirstOrDefault(sign => text.AsSpan(at).StartsWith(sign, StringComparison.Ordinal)) is { } found)
        {
            length = found.Length;
            return new(TokenKind.Sign, found, at + 1);
        }

        problem = $"'{first}' at {at + 1} is no sign of this language";
        return null;
    }

    private static Token? Number(string text, int at, out int length, ref string problem)
    {
        length = Span(text, at, letter => char.IsAsciiDigit(letter) || letter == '.');
        var rest = text.AsSpan(at + length);
        if (rest.Length > 1 && rest[0] is 'e' or 'E')
        {
            var sign = rest[1] is '+' or '-' ? 1 : 0;
            var digits = Span(text, at + length + 1 + sign, char.IsAsciiDigit);
            length += digits == 0 ? 0 : 1 + sign + digits;
        }

        var word = text.Substring(at, length);
        if (word[^1] != '.' && double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return new(TokenKind.Number, word, at + 1, number);
        }

        problem = $"'{word}' at {at + 1} is no number";
        return null;
    }

    private static int Span(string text, int at, Func<char, bool> takes)
    {
        var end = at;
        while (end < text.Length && takes(text[end]))
        {
            end++;
        }

        return end - at;
    }
}
