using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Checks;
using Slipway.Notifications;

namespace Slipway.Tests.Notifications;

public sealed class MailTransportTests
{
    private const string Subject = "CN=mail.example.com";
    private const string Password = "canary-5ec7e7";
    private const string Login = """ "user":"slipway","secretRef":{"name":"mail","key":"password"}, """;

    [Fact]
    public async Task A_mail_arrives_whole_and_without_a_login_where_none_is_given()
    {
        await using var server = new MailServer(["SIZE 10000000"]).Start();

        var result = await SendAsync(server, login: false);

        Assert.True(result.IsTold, result.Problem);
        Assert.Equal(["MAIL FROM:<slipway@example.com>", "RCPT TO:<team@example.com>"], server.Heard.Where(line => line.Contains("@example.com", StringComparison.Ordinal)).Select(line => line.Split(" SIZE")[0]));
        Assert.Contains("From: Slipway <slipway@example.com>\nDate: ", server.Mail, StringComparison.Ordinal);
        Assert.Contains("Message-Id: <0123456789abcdef0123456789abcdef@slipway.dev>", server.Mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", server.Mail, StringComparison.Ordinal);
        Assert.Contains("\nReason: CheckFailed\n", server.Mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_sent_within_TLS()
    {
        using var certificate = Certificate();
        await using var server = new MailServer(["STARTTLS", "AUTH PLAIN"], certificate: certificate).Start();

        var result = await SendAsync(server, trusted: true);

        Assert.True(result.IsTold, result.Problem);
        Assert.Equal(["STARTTLS", "EHLO", "AUTH"], server.Heard.Skip(1).Take(3).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_password_is_never_sent_where_others_can_read_it()
    {
        await using var server = new MailServer(["AUTH PLAIN LOGIN"]).Start();

        var result = await SendAsync(server);

        Assert.Equal($"{server.Authority}: it offers no STARTTLS or no login, and a password is sent over nothing else: use smtps, or another port", result.Problem);
        Assert.DoesNotContain(server.Heard, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_of_nobody_is_not_trusted()
    {
        using var certificate = Certificate();
        await using var server = new MailServer(["STARTTLS", "AUTH PLAIN"], certificate: certificate).Start();

        var result = await SendAsync(server);

        Assert.StartsWith($"{server.Authority}: no TLS connection that can be trusted", result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Heard, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RCPT", "550 no such mailbox canary", "it answers 550 to a mailbox of spec.email.to", true)]
    [InlineData("RCPT", "450 busy", "it answers 450 to a mailbox of spec.email.to", false)]
    [InlineData("MAIL", "553 who is that", "it answers 553 to spec.email.from", true)]
    [InlineData(".", "554 spam", "it answers 554 to the message", true)]
    [InlineData(".", "452 disk full", "it answers 452 to the message", false)]
    [InlineData("EHLO", "rubbish", "its answer is not SMTP", false)]
    public async Task A_refusal_is_told_apart_by_whether_another_try_can_help(string at, string answer, string problem, bool forGood)
    {
        await using var server = new MailServer([], line => line.Split(' ')[0] == at || (at == "EHLO" && line.StartsWith("HELO", StringComparison.Ordinal)) ? answer : null).Start();

        var result = await SendAsync(server, login: false);

        Assert.Equal(($"{server.Authority}: {problem}", forGood), (result.Problem, result.ForGood));
    }

    [Fact]
    public async Task A_refused_login_is_tried_again_later_and_says_nothing_of_the_password()
    {
        using var certificate = Certificate();
        await using var server = new MailServer(["STARTTLS", "AUTH PLAIN"], line => line.StartsWith("AUTH", StringComparison.Ordinal) ? $"535 {Password} is wrong" : null, certificate).Start();

        var result = await SendAsync(server, trusted: true);

        Assert.Equal(($"{server.Authority}: it refuses the login: look whether spec.email.user and the Secret are (still) the right ones", false), (result.Problem, result.ForGood));
    }

    [Fact]
    public async Task The_controllers_own_machine_is_not_asked_unless_the_operator_names_it()
    {
        await using var server = new MailServer([]).Start();

        var result = await SendAsync(server, login: false, named: false);

        Assert.Equal($"{server.Authority} is not asked: 127.0.0.1 is the controller's own machine, its network or a metadata service", result.Problem);
        Assert.Empty(server.Heard);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var server = new MailServer([]).Start();
        var authority = server.Authority;
        await server.DisposeAsync();

        var result = await new MailTransport(new ReachRule([authority]), TimeProvider.System).SendAsync(Mail(authority, login: false), TestContext.Current.CancellationToken);

        Assert.Equal(($"{authority}: the connection is refused", false), (result.Problem, result.ForGood));
    }

    private static Task<PostResult> SendAsync(MailServer server, bool login = true, bool trusted = false, bool named = true) =>
        new MailTransport(new ReachRule(named ? [server.Authority] : []), TimeProvider.System, trusted ? (_, certificate, _, _) => certificate?.Subject == Subject : null)
            .SendAsync(Mail(server.Authority, login), TestContext.Current.CancellationToken);

    private static OutgoingMail Mail(string authority, bool login) => NotificationFormats.Mail(
        Notified.Terms($$"""{"email":{"address":"smtp://{{authority}}",{{(login ? Login : "")}}"from":"slipway@example.com","to":["team@example.com"]} }"""),
        Notified.RolledBack, Password, Notified.At)!;

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(Subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
