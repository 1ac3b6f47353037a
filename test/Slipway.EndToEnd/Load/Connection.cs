using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.EndToEnd.Load;

/// <summary>
/// One TCP connection of a client that wants to know exactly how a request failed, which no HTTP library tells: they retry, and they close
/// connections when they like.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int MaxAnswer = 16 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Requests that were answered on it.</summary>
    public int Served { get; private set; }

    /// <summary>Whether the server has closed it meanwhile; asked before it is used again.</summary>
    public bool IsStale => _socket.Poll(0, SelectMode.SelectRead);

    public async Task OpenAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        try
        {
            await _socket.ConnectAsync(target, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new RequestFailure(e.SocketErrorCode is SocketError.ConnectionRefused ? Outcome.Refused : Outcome.Unreachable, "connect: " + e.SocketErrorCode, false);
        }
    }

    /// <returns>Status and body, and whether the server keeps the connection.</returns>
    public async Task<(int Status, string Body, bool Kept)> AskAsync(string path, bool keep, CancellationToken cancellationToken)
    {
        var begun = false;
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: {(keep ? "keep-alive" : "close")}\r\n\r\n");
        try
        {
            await _socket.SendAsync(request, SocketFlags.None, cancellationToken);
            var buffer = new byte[MaxAnswer];
            var (got, head) = (0, -1);
            while (got < buffer.Length)
            {
                var read = await _socket.ReceiveAsync(buffer.AsMemory(got), SocketFlags.None, cancellationToken);
                if (read == 0)
                {
                    throw new RequestFailure(Outcome.Closed, $"closed after {got} bytes of the answer", begun);
                }

                begun = true;
                got += read;
                head = head >= 0 ? head : buffer.AsSpan(0, got).IndexOf("\r\n\r\n"u8);
                if (head >= 0 && Complete(buffer.AsSpan(0, got), head) is { } answer)
                {
                    Served++;
                    return answer;
                }
            }
        }
        catch (SocketException e)
        {
            throw new RequestFailure(Outcome.Reset, e.SocketErrorCode.ToString(), begun);
        }

        throw new RequestFailure(Outcome.Malformed, "an answer without an end", begun);
    }

    public void Dispose() => _socket.Dispose();

    private static (int, string, bool)? Complete(ReadOnlySpan<byte> answer, int head)
    {
        var lines = Encoding.ASCII.GetString(answer[..head]).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        if (lines[0].Split(' ') is not [_, var code, ..] || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || !headers.TryGetValue("Content-Length", out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            throw new RequestFailure(Outcome.Malformed, lines[0], true);
        }

        var body = answer[(head + 4)..];
        return body.Length < length ? null : (status, Encoding.UTF8.GetString(body[..length]), headers.GetValueOrDefault("Connection") == "keep-alive");
    }
}

/// <param name="begun">Whether a part of the answer was there: then the request must not be sent again.</param>
internal sealed class RequestFailure(Outcome outcome, string detail, bool begun) : Exception(detail)
{
    public Outcome Outcome => outcome;

    public bool Begun => begun;
}
