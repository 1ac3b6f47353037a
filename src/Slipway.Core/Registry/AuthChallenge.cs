using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Slipway.Registry;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header (RFC 9110 §11.6.1).</summary>
/// <param name="Scheme">As it was sent; schemes compare without regard to case.</param>
/// <param name="Token68">The credentials-like form that some schemes use instead of parameters.</param>
/// <param name="Parameters">Names compare without regard to case; of a name that comes twice the first counts.</param>
public sealed record AuthChallenge(string Scheme, string? Token68, FrozenDictionary<string, string> Parameters)
{
    // No registry sends more than two. What a hostile one sends beyond this is not looked at.
    private const int Limit = 16;

    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The parameter, or null where it is absent or empty: both say nothing.</summary>
    public string? this[string parameter] => Parameters.GetValueOrDefault(parameter) is { Length: > 0 } value ? value : null;

    /// <summary>
    /// Reads all challenges of all headers. Registries are sloppy, so that what does not fit the grammar is skipped and never an
    /// error: without a challenge that can be used the answer stays the 401 that it was.
    /// </summary>
    public static ImmutableArray<AuthChallenge> Parse(IEnumerable<string> headers) =>
        [.. headers.SelectMany(header => new ChallengeReader(header).All()).Take(Limit)];

    private sealed class ChallengeReader(string text)
    {
        private int _at;

        public List<AuthChallenge> All()
        {
            var found = new List<AuthChallenge>();
            while (found.Count < Limit && SkipTo(IsTokenCharacter))
            {
                found.Add(Challenge());
            }

            return found;
        }

        private AuthChallenge Challenge()
        {
            var scheme = Token();
            var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            SkipBlanks();
            var token68 = TryToken68();
            while (token68 is null && TryParameter() is { } parameter)
            {
                parameters.TryAdd(parameter.Name, parameter.Value);
            }

            return new AuthChallenge(scheme, token68, parameters.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
        }

        // token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=", and then the challenge ends: RFC 9110 §11.2.
        private string? TryToken68()
        {
            var end = _at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || "-._~+/".Contains(text[end])))
            {
                end++;
            }

            while (end < text.Length && end > _at && text[end] == '=')
            {
                end++;
            }

            var after = end;
            while (after < text.Length && IsBlank(text[after]))
            {
                after++;
            }

            // "Bearer x, Basic ..." and "Bearer x": a lone word after the scheme can be nothing else.
            if (end == _at || (after < text.Length && text[after] != ','))
            {
                return null;
            }

            var token = text[_at..end];
            _at = after;
            return token;
        }

        // The next "name = value" of this challenge, or null where the next element starts another challenge.
        private (string Name, string Value)? TryParameter()
        {
            var start = _at;
            if (!SkipTo(IsTokenCharacter))
            {
                return null;
            }

            var name = Token();
            SkipBlanks();
            if (_at < text.Length && text[_at] == '=')
            {
                _at++;
                SkipBlanks();
                return (name, _at < text.Length && text[_at] == '"' ? Quoted() : Token());
            }

            _at = start;
            return null;
        }

        private string Quoted()
        {
            var value = new StringBuilder();
            for (_at++; _at < text.Length && text[_at] != '"'; _at++)
            {
                // quoted-pair: the backslash goes, what it protects stays (RFC 9110 §5.6.4).
                _at += text[_at] == '\\' && _at + 1 < text.Length ? 1 : 0;
                value.Append(text[_at]);
            }

            _at++;
            return value.ToString();
        }

        private string Token()
        {
            var start = _at;
            while (_at < text.Length && IsTokenCharacter(text[_at]))
            {
                _at++;
            }

            return text[start.._at];
        }

        private bool SkipTo(Func<char, bool> wanted)
        {
            while (_at < text.Length && !wanted(text[_at]))
            {
                _at++;
            }

            return _at < text.Length;
        }

        private void SkipBlanks()
        {
            while (_at < text.Length && IsBlank(text[_at]))
            {
                _at++;
            }
        }

        private static bool IsBlank(char character) => character is ' ' or '\t';

        private static bool IsTokenCharacter(char character) => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character);
    }
}
