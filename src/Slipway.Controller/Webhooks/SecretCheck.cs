using System.Diagnostics.CodeAnalysis;
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
            case ReceiverProof.TokenFile { Path: var path } when SecretFile.TryRead(path, Shortest, out text, out why):
                secret = new SharedSecret.Token(text);
                return true;
            case ReceiverProof.KeyFile { Path: var path } when SecretFile.TryRead(path, Shortest, out text, out why):
                secret = new SharedSecret.Key(text);
                return true;
            case ReceiverProof.LoginFiles { UserPath: var path, PasswordPath: var password } when SecretFile.TryRead(path, 1, out user, out why) && SecretFile.TryRead(password, Shortest, out text, out why):
                secret = new SharedSecret.Login(user, text);
                return true;
            default:
                return false;
        }
    }
}
