namespace Slipway.Checks.Templates;

/// <summary>Reads along in a text and knows, at a placeholder, what it is in the middle of.</summary>
internal sealed class PlaceInText(TextSyntax syntax)
{
    private char _quote;
    private bool _pattern;
    private bool _escaped;
    private bool _comment;

    // The last sign before a string, such as =~; blanks do not count.
    private string _last = "";

    // Of a URL: 0 in the scheme, 1 in the authority, 2 behind it.
    private int _urlPart;
    private string _url = "";

    public void Pass(string literal)
    {
        if (syntax == TextSyntax.PromQl)
        {
            foreach (var letter in literal)
            {
                PassLetter(letter);
            }
        }
        else if (syntax == TextSyntax.Url)
        {
            _url += literal;
            PassUrl();
        }
    }

    public Placeholder Here(string name)
    {
        _last = "";
        _url += "x";
        return new Placeholder(name, _quote, _pattern && _quote != '\0', syntax == TextSyntax.Url && _urlPart < 2);
    }

    private void PassUrl()
    {
        var authority = _url.IndexOf("://", StringComparison.Ordinal);
        _urlPart = authority < 0 ? 0 : _url.AsSpan(authority + 3).ContainsAny('/', '?', '#') ? 2 : 1;
    }

    private void PassLetter(char letter)
    {
        if (_comment)
        {
            _comment = letter != '\n';
        }
        else if (_quote != '\0')
        {
            PassInString(letter);
        }
        else if (letter is '"' or '\'' or '`')
        {
            (_quote, _pattern) = (letter, _last is "=~" or "!~");
        }
        else if (letter == '#')
        {
            _comment = true;
        }
        else if (!char.IsWhiteSpace(letter))
        {
            _last = _last.Length == 0 ? $"{letter}" : $"{_last[^1]}{letter}";
        }
    }

    private void PassInString(char letter)
    {
        if (_escaped)
        {
            _escaped = false;
        }
        else if (letter == '\\' && _quote != '`')
        {
            _escaped = true;
        }
        else if (letter == _quote)
        {
            (_quote, _last) = ('\0', "");
        }
    }
}
