using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Slipway.Tests.Notifications;

/// <summary>A mail server that says what a test wants, and keeps what it hears.</summary>
/// <param name="greeting">What it offers after EHLO, a word each.</param>
/// <param name="answer">Its answer to a line; null: the usual one.</param>
internal sealed class MailServer(string[] greeting, Func<string, string?>? answer = null, X509Certificate2? certificate = null) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    public ConcurrentQueue<string> Heard { get; } = [];

    /// <summary>Lines of the last mail.</summary>
    public string Mail { get; private set; } = "";

    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public MailServer Start()
    {
        _listener.Start();
        _serving = Task.Run(ServeAsync);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            try
            {
                await TalkAsync(client.GetStream());
            }
            catch (IOException)
            {
                // The other side has seen enough.
                continue;
            }
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        await SayAsync(stream, "220 mail.example.com");
        while (await LineAsync(stream) is { } line)
        {
            Heard.Enqueue(line);
            await SayAsync(stream, answer?.Invoke(line) ?? Usual(line));
            if (line == "STARTTLS" && certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(certificate);
                stream = secure;
            }
            else if (line == "DATA")
            {
                var mail = new List<string>();
                while (await LineAsync(stream) is { } text and not ".")
                {
                    mail.Add(text);
                }

                Mail = string.Join('\n', mail);
                await SayAsync(stream, answer?.Invoke(".") ?? "250 OK");
            }
        }
    }

    private string Usual(string line) => line.Split(' ')[0] switch
    {
        "EHLO" => string.Join("\r\n", greeting.Select(word => $"250-{word}").Append("250 OK")),
        "AUTH" => "235 OK",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        "STARTTLS" => "220 go on",
        _ => "250 OK",
    };

    private async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\r\n"), _stop.Token);

    private async Task<string?> LineAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. bytes]).TrimEnd('\r');
            }

            bytes.Add(one[0]);
        }

        return null;
    }
}
