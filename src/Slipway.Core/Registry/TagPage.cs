using System.Text;
using System.Text.Json;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>One page of <c>tags/list</c> (distribution spec, "Listing Tags"): <c>{"name":"...","tags":["..."]}</c>.</summary>
public static class TagPage
{
    /// <summary>
    /// How many tags the page has, or null where it is no page: not JSON, cut short, or without a list of tags. <c>tags</c> may be
    /// null, as it is on a repository whose tags were all deleted; it may not be missing, because then it is some other document.
    /// </summary>
    public static int? Count(ReadOnlySpan<byte> page) => Read(page, into: null);

    /// <summary>Adds the tags of a page that <see cref="Count"/> has accepted.</summary>
    public static void AddTo(List<string> tags, ReadOnlySpan<byte> page) => Read(page, tags);

    // Twice over the bytes rather than once: a list that has not changed since the last look is never made into strings.
    private static int? Read(ReadOnlySpan<byte> page, List<string>? into)
    {
        try
        {
            var reader = new Utf8JsonReader(page, new JsonReaderOptions { MaxDepth = 16 });
            int? count = null;
            var inTags = false;
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    var isTags = reader.ValueTextEquals("tags"u8);
                    reader.Read();
                    inTags = isTags && reader.TokenType is JsonTokenType.StartArray;
                    count = isTags && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.Null ? count ?? 0 : count;
                }
                else if (inTags && reader.CurrentDepth == 2 && reader.TokenType is JsonTokenType.String && IsTag(reader.ValueSpan))
                {
                    count++;
                    into?.Add(reader.GetString()!);
                }
                else if (reader.CurrentDepth < 2)
                {
                    inTags = false;
                }
            }

            return count;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // What is no tag cannot be pulled, whatever a list says: it is left out, before a policy could pick it. The bytes of tags are ASCII, so
    // that reading them as Latin-1 is right for all tags and wrong only for what is none.
    private static bool IsTag(ReadOnlySpan<byte> text)
    {
        Span<char> letters = stackalloc char[ReferenceGrammar.LongestTag];
        return text.Length <= letters.Length && ReferenceGrammar.IsTag(letters[..Encoding.Latin1.GetChars(text, letters)]);
    }
}
