using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Slipway.Checks;
using Slipway.CheckSources;

namespace Slipway.Notifications;

/// <summary>Hands one mail to a server, on a connection of its own: mails are rare, and servers close what idles.</summary>
/// <param name="trust">Judges the server's certificate; null: the machine's authorities do.</param>
internal sealed class MailTransport(ReachRule reach, TimeProvider time, RemoteCertificateValidationCallback? trust = null)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Never throws for what the network or the server do. The server's own words are not repeated: it may say a password back.</summary>
    public async Task<PostResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        if (reach.WhyNot(new UriBuilder(mail.Server) { Scheme = Uri.UriSchemeHttps }.Uri) is { } why)
        {
            return new PostResult($"{mail.Server.Authority} is not asked: {why}");
        }

        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await HandInAsync(mail, either.Token);
            return PostResult.Told;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Problem(mail, $"no answer within {Timeout.TotalSeconds:0} s");
        }
        catch (SmtpCommandException e)
        {
            // RFC 5321, section 4.2.1: what begins with 5 stays so. A mailbox that is unknown is mended by an edit, and then the next mail arrives.
            return Problem(mail, $"it answers {(int)e.StatusCode} {Step(e.ErrorCode)}") with { ForGood = (int)e.StatusCode >= 500 };
        }
        catch (Exception e) when (Why(e) is { } known)
        {
            return Problem(mail, known);
        }
    }

    private async Task HandInAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var socket = await GuardedSocket.ConnectAsync(reach, mail.Server, mail.Server.Host, mail.Server.Port, cancellationToken);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var client = new SmtpClient { CheckCertificateRevocation = false, Timeout = (int)Timeout.TotalMilliseconds };
        client.ServerCertificateValidationCallback = trust ?? client.ServerCertificateValidationCallback;
        await client.ConnectAsync(stream, mail.Server.Host, mail.Server.Port, Security(mail), cancellationToken);
        if (mail.Login is { } login)
        {
            await client.AuthenticateAsync(login.User, login.Password, cancellationToken);
        }

        using var message = Message(mail);
        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    // A password goes over no line that others can read.
    private static SecureSocketOptions Security(OutgoingMail mail) =>
        mail.Server.Scheme == "smtps" ? SecureSocketOptions.SslOnConnect : mail.Login is null ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls;

    private MimeMessage Message(OutgoingMail mail)
    {
        var message = new MimeMessage { Subject = mail.Subject, Date = time.GetUtcNow(), MessageId = mail.Id, Body = new TextPart("plain") { Text = mail.Text } };
        message.From.Add(new MailboxAddress("Slipway", mail.From));
        message.To.AddRange(mail.To.Select(address => new MailboxAddress(null, address)));
        message.References.Add(mail.Thread);

        // RFC 3834, section 5: nobody's holiday note answers it.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private static PostResult Problem(OutgoingMail mail, string why) => new($"{mail.Server.Authority}: {why}");

    private static string Step(SmtpErrorCode code) => code switch
    {
        SmtpErrorCode.RecipientNotAccepted => "to a mailbox of spec.email.to",
        SmtpErrorCode.SenderNotAccepted => "to spec.email.from",
        SmtpErrorCode.MessageNotAccepted => "to the message",
        _ => "and takes no mail",
    };

    private static string? Why(Exception e) => e switch
    {
        UnreachableAddressException => e.Message,
        AuthenticationException => "it refuses the login: look whether spec.email.user and the Secret are (still) the right ones",
        SslHandshakeException => "no TLS connection that can be trusted came about; check its certificate, and whether smtp or smtps belongs to the port",
        NotSupportedException => "it offers no STARTTLS or no login, and a password is sent over nothing else: use smtps, or another port",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the connection is refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "its name cannot be resolved",
        SocketException => "no connection can be made",
        SmtpProtocolException or ProtocolException => "its answer is not SMTP",
        IOException => "the connection broke",
        _ => null,
    };
}
