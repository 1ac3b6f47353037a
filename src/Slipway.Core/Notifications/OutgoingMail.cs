using System.Collections.Immutable;

namespace Slipway.Notifications;

/// <summary>A mail that tells a notification. It holds a password, so that it never prints it.</summary>
/// <param name="Login">Null where the server asks for none.</param>
/// <param name="Id">Of the message (RFC 5322, section 3.6.4), without brackets: the same notification has the same one.</param>
/// <param name="Thread">To which message all of one rollout refer, so that mail programs show them together.</param>
public sealed record OutgoingMail(Uri Server, MailLogin? Login, string From, ImmutableArray<string> To, string Subject, string Text, string Id, string Thread)
{
    public override string ToString() => $"mail to {Server.Authority}";
}

/// <summary>A name and its password.</summary>
public sealed record MailLogin(string User, string Password)
{
    public override string ToString() => User;
}
