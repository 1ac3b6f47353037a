namespace Slipway.Webhooks;

/// <summary>What every notification looks like from outside, whoever sends it: a POST of JSON.</summary>
public static class RequestForm
{
    /// <summary>Null where the form is right; else the HTTP status and what to do.</summary>
    /// <param name="contentType">Null is let through: not every script sets it, and the body is parsed in any case.</param>
    public static (int Status, string Why)? Refusal(string method, string? contentType)
    {
        if (method is not "POST")
        {
            return (405, "notifications are sent by POST");
        }

        return IsJson(contentType) ? null : (415, "the body must be JSON: set the content type application/json where the webhook is configured");
    }

    private static bool IsJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            return true;
        }

        // RFC 6839 section 3.1: the suffix +json. The distribution registry and CloudEvents have types of their own with it.
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}
