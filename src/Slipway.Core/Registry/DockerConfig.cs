using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Slipway.Registry;

/// <summary>
/// The content of a pull secret: <c>kubernetes.io/dockerconfigjson</c> (<c>{"auths":{...}}</c>) or the legacy
/// <c>kubernetes.io/dockercfg</c> (the entries alone).
/// </summary>
/// <param name="Entries">By server, as written.</param>
/// <param name="Problems">One sentence for each entry that cannot be used; none of them quotes a secret.</param>
public sealed record DockerConfig(ImmutableArray<KeyValuePair<string, RegistryCredential>> Entries, ImmutableArray<string> Problems)
{
    /// <summary>The document as a whole cannot be read where the result has no entries and one problem.</summary>
    /// <param name="document">The value of <c>.dockerconfigjson</c> or <c>.dockercfg</c>, decoded.</param>
    public static DockerConfig Parse(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            var root = json.RootElement;
            if (root.ValueKind is not JsonValueKind.Object)
            {
                return new DockerConfig([], ["it is not a JSON object"]);
            }

            // A legacy file's servers are its properties. No server is called "auths", so one look tells the two apart.
            return root.TryGetProperty("auths", out var auths) ? Of(auths) : Of(root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new DockerConfig([], ["it is not valid JSON"]);
        }
    }

    private static DockerConfig Of(JsonElement servers)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, RegistryCredential>>();
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var server in servers.ValueKind is JsonValueKind.Object ? servers.EnumerateObject() : default)
        {
            if (TryEntry(server.Value, out var why) is { } credential)
            {
                entries.Add(new(server.Name, credential));
            }
            else if (why is not null)
            {
                problems.Add($"the entry for {server.Name} {why}");
            }
        }

        return new DockerConfig(entries.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>One entry. <c>auth</c> counts before <c>username</c> and <c>password</c>, but only where it can be read.</summary>
    /// <returns>Null with the reason, or null without one where the entry says nothing at all (a credential helper's stub).</returns>
    public static RegistryCredential? TryEntry(JsonElement entry, out string? why)
    {
        why = null;
        if (entry.ValueKind is not JsonValueKind.Object)
        {
            why = entry.ValueKind is JsonValueKind.Null ? null : "is not an object";
            return null;
        }

        if (entry.EnumerateObject().FirstOrDefault(field => field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
            && field.Name is "username" or "password" or "auth" or "email" or "identitytoken" or "registrytoken") is { Value.ValueKind: not JsonValueKind.Undefined } wrong)
        {
            why = $"has a {wrong.Name} that is no string";
            return null;
        }

        var (username, password, auth) = (Text(entry, "username"), Text(entry, "password"), Text(entry, "auth"));
        var (identity, bearer) = (Text(entry, "identitytoken"), Text(entry, "registrytoken"));
        if (auth is not null && TryDecode(auth) is { } decoded)
        {
            (username, password) = decoded;
        }
        else if (auth is not null && username is null)
        {
            why = "has an auth that is not the base64 of name:password";
            return null;
        }

        if (bearer?.All(letter => letter is >= '!' and <= '~') == false)
        {
            why = "has a registrytoken that no header can carry";
            return null;
        }

        return username is null && identity is null && bearer is null ? null : new RegistryCredential(username ?? "", password ?? "", identity, bearer);
    }

    /// <summary>The base64 of <c>name:password</c>, with or without padding; line ends within are ignored, as by the tools that wrap them.</summary>
    public static (string Username, string Password)? TryDecode(string auth)
    {
        var text = auth.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        text = text.Contains('=') ? text : text + new string('=', (4 - (text.Length % 4)) % 4);
        var bytes = new byte[text.Length];
        if (text.Any(char.IsWhiteSpace) || !Convert.TryFromBase64String(text, bytes, out var length))
        {
            return null;
        }

        // Only the first colon divides: passwords have colons. Docker once padded them with NULs.
        var decoded = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return decoded is [var username, var password] ? (username, password.TrimEnd('\0')) : null;
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;
}
