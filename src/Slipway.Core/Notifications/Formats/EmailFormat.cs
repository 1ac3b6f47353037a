using System.Text;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>Electronic mail in plain text (RFC 5322), for SMTP (RFC 5321).</summary>
internal static class EmailFormat
{
    /// <summary>RFC 6409, section 3.1, and RFC 8314, section 3.3: the ports for handing in mail, without and with TLS from the start.</summary>
    private const int Submission = 587;

    private const int Submissions = 465;

    /// <summary>Null where it is no address of a mail server.</summary>
    public static Uri? ServerOf(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("smtp" or "smtps") || uri.UserInfo.Length > 0 || uri.Host.Length == 0 || uri.PathAndQuery is not ("/" or ""))
        {
            return null;
        }

        return uri.Port > 0 ? uri : new UriBuilder(uri) { Port = uri.Scheme == "smtps" ? Submissions : Submission }.Uri;
    }

    public static OutgoingMail Of(Letter letter, EmailEndpoint endpoint)
    {
        var notification = letter.Notification;
        return new OutgoingMail(
            ServerOf(endpoint.Address)!,
            string.IsNullOrEmpty(endpoint.User) ? null : new MailLogin(endpoint.User, letter.Secret),
            endpoint.From!,
            [.. endpoint.To!],
            OneLine(letter.Words.Title),
            Body(letter),
            $"{notification.Id}@slipway.dev",
            $"{notification.Uid}.{notification.Release ?? 0}@slipway.dev");
    }

    private static string Body(Letter letter)
    {
        var text = new StringBuilder(letter.Words.Text).Append("\n\n");
        foreach (var (name, value) in letter.Words.Facts)
        {
            text.Append(name).Append(": ").Append(OneLine(value)).Append('\n');
        }

        return letter.Notification.Link is { } link ? text.Append('\n').Append(link).Append('\n').ToString() : text.ToString();
    }

    // What stands in a header, or in a line of its own, must not begin another one.
    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
