using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Registry;

/// <summary>
/// The error codes of a registry's error body (distribution spec, "Error Codes"). Only the codes: the texts beside them are a
/// stranger's words, and could carry back into a status what we sent in a header.
/// </summary>
public static class RegistryErrors
{
    private const int Limit = 8;

    // Distribution spec, "Error Codes", and those that the distribution registry adds.
    private static readonly string[] Temporary = ["BLOB_UPLOAD_INVALID", "TOOMANYREQUESTS", "UNAVAILABLE", "UNKNOWN"];

    /// <summary>Upper-case codes, at most eight; empty where the body is no error body.</summary>
    public static ImmutableArray<string> Codes(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 16 });
            var codes = ImmutableArray.CreateBuilder<string>();
            while (codes.Count < Limit && reader.Read())
            {
                // At depth 3: {"errors":[{"code":...}]}. A "code" deeper down, in a detail, is not one.
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 3 && reader.ValueTextEquals("code"u8) && reader.Read()
                    && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= 64 } code && code.All(IsOfCode))
                {
                    codes.Add(code);
                }
            }

            return codes.ToImmutable();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // HTML from a proxy, or a body cut short: the status says enough.
            return [];
        }
    }

    /// <summary>
    /// Whether the same question may have another answer soon: by the status, or where every code says so. A refusal among them is a refusal.
    /// </summary>
    /// <param name="status">Null where only the codes are known.</param>
    public static bool AreTemporary(int? status, ImmutableArray<string> codes) =>
        codes.IsEmpty ? status is 408 or 429 or >= 500 : codes.All(code => Temporary.Contains(code));

    private static bool IsOfCode(char character) => char.IsAsciiLetterUpper(character) || character == '_';
}
