namespace Slipway.Registry;

/// <summary>What the <c>Link</c> header of a page says of the page after it (RFC 8288; distribution spec, "Listing Tags").</summary>
public abstract record NextPage
{
    private NextPage() { }

    /// <summary>The list is complete.</summary>
    public sealed record None : NextPage;

    public sealed record At(Uri Address) : NextPage;

    /// <summary>There is more, and it cannot be had: the list must not be used.</summary>
    public sealed record Refused(string Why) : NextPage;

    public static NextPage From(string? header, Uri page) =>
        LinkValues(header ?? "").Select(value => Read(value, page)).FirstOrDefault(next => next is not None) ?? new None();

    // Registries behind a proxy that they know nothing of name themselves with another scheme. So only the path and the query are
    // taken from the link, and only where it names the host that was asked.
    private static NextPage Read(string value, Uri page)
    {
        var (target, parameters) = Split(value);
        if (Relation(parameters) is not (null or "next"))
        {
            return new None();
        }

        if (target.Length == 0 || target.Any(char.IsControl) || !Uri.TryCreate(page, target, out var address))
        {
            return new Refused("its link to the next page cannot be read");
        }

        if (!address.Authority.Equals(page.Authority, StringComparison.OrdinalIgnoreCase))
        {
            return new Refused($"its link to the next page leads to another host, {address.Authority}");
        }

        var next = new Uri(page, address.PathAndQuery);
        return next == page ? new Refused("its link to the next page leads to the page itself") : new At(next);
    }

    // Without brackets it is no link value, but some registries send it so; then it must at least look like an address.
    private static (string Target, string Parameters) Split(string value)
    {
        var bracketed = value.StartsWith('<');
        var end = value.IndexOf(bracketed ? '>' : ';');
        end = end < 0 && !bracketed ? value.Length : end;
        return end < 0 || !(bracketed || value[0] == '/' || value.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            ? ("", "")
            : (value[(bracketed ? 1 : 0)..end].Trim(), value[Math.Min(end + 1, value.Length)..]);
    }

    private static string? Relation(string parameters) =>
        parameters.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(parameter => parameter is [var name, _] && name.Equals("rel", StringComparison.OrdinalIgnoreCase))
            .Select(parameter => parameter[1].Trim('"').ToLowerInvariant())
            .FirstOrDefault();

    // At the commas between values; those inside of <...> belong to the address.
    private static IEnumerable<string> LinkValues(string header)
    {
        var start = 0;
        for (var i = 0; i <= header.Length; i++)
        {
            if (i == header.Length || (header[i] == ',' && header.LastIndexOf('<', i) <= header.LastIndexOf('>', i)))
            {
                var value = header[start..i].Trim();
                start = i + 1;
                if (value.Length > 0)
                {
                    yield return value;
                }
            }
        }
    }
}
