using Slipway.Webhooks;

namespace Slipway.Controller.Webhooks;

/// <summary>Finds out whether a request is from whom the receiver knows.</summary>
internal delegate Task<SenderVerdict> SenderCheck(WebhookRequest request, CancellationToken cancellationToken);

internal abstract record SenderVerdict
{
    private SenderVerdict() { }

    public sealed record Known : SenderVerdict
    {
        public static readonly Known Instance = new();
    }

    /// <param name="Why">Also for the sender's eyes: it says what to send, and nothing of what is expected.</param>
    public sealed record Stranger(string Why) : SenderVerdict;

    /// <summary>It cannot be found out at present; the fault is on our side.</summary>
    /// <param name="Why">For the log alone.</param>
    public sealed record Unable(string Why) : SenderVerdict;
}
