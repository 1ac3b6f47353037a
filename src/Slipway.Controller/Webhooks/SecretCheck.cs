using System.Diagnostics.CodeAnalysis;
using System.Text;
using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Controller.Webhooks;

/// <summary>
/// Compares with a secret from a file, which is read anew for each request: a mounted Secret changes under its name, and no cache is as
/// right as the file. It is a few bytes of memory to the kernel.
/// </summary>
internal sealed class SecretCheck(ReceiverTerms terms)
{
    // What a person makes up is shorter, and is guessed.
    private const int Shortest = 16;

    private const int Longest = 4096;

    public Task<SenderVerdict> CheckAsync(WebhookRequest request, CancellationToken _) =>
        Task.FromResult<SenderVerdict>(
            !TryRead(out var secret, out var why) ? new SenderVerdict.Unable(why)
            : secret.Refusal(terms.Type, request) is { } refusal ? new SenderVerdict.Stranger(refusal)
            : SenderVerdict.Known.Instance);

    private bool TryRead([NotNullWhen(true)] out SharedSecret? secret, out string why)
    {
        string text, user;
        (secret, why) = (null, "");
        switch (terms.Proof)
        {
            case ReceiverProof.FixedToken { Token: var token }:
                secret = token;
                return true;
            case ReceiverProof.TokenFile { Path: var path } when TryRead(path, Shortest, out text, out why):
                secret = new SharedSecret.Token(text);
                return true;
            case ReceiverProof.KeyFile { Path: var path } when TryRead(path, Shortest, out text, out why):
                secret = new SharedSecret.Key(text);
                return true;
            case ReceiverProof.LoginFiles { UserPath: var path, PasswordPath: var password } when TryRead(path, 1, out user, out why) && TryRead(password, Shortest, out text, out why):
                secret = new SharedSecret.Login(user, text);
                return true;
            default:
                return false;
        }
    }

    private static bool TryRead(string path, int shortest, out string text, out string why)
    {
        (text, why) = ("", "");
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[Longest + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

            // Editors and "echo" end a file with a line feed, and nobody means it.
            text = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
            why = length > Longest ? $"{path} is longer than {Longest} bytes, so it is not the secret alone"
                : text.Length < shortest ? $"the secret in {path} has under {shortest} characters; make one with 'openssl rand -hex 32'"
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = $"{path} cannot be read ({e.Message}); mount the Secret that it is of";
        }

        return why.Length == 0;
    }
}
