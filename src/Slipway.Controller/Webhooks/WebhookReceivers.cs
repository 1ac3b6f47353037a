using System.Collections.Immutable;
using Slipway.Telemetry;
using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Controller.Webhooks;

/// <param name="Hint">Makes the feeds look that the hint is about, and tells how many do.</param>
internal sealed record WebhookContext(Func<RegistryHint, int> Hint, TimeProvider Time, SlipwayMetrics Metrics, ILoggerFactory Logs)
{
    /// <summary>Of each receiver.</summary>
    public AllowanceTerms Allowance { get; init; } = AllowanceTerms.Requests;
}

/// <summary>All receivers, and what they need to ask issuers for their keys.</summary>
internal sealed class WebhookReceivers : IDisposable
{
    private readonly IssuerTransport _issuers;

    public WebhookReceivers(IEnumerable<ReceiverTerms> receivers, WebhookContext context)
    {
        _issuers = new IssuerTransport(context.Time);
        All = [.. receivers.Select(terms => new WebhookReceiver(terms, SenderOf(terms, context), context, context.Logs.CreateLogger<WebhookReceiver>()))];
    }

    public ImmutableArray<WebhookReceiver> All { get; }

    /// <summary>Those of the configuration, and the default one where the environment has a token for it; one of its name in the configuration takes its place.</summary>
    public static ImmutableArray<ReceiverTerms> WithDefault(IReadOnlyList<ReceiverTerms> configured, string? token) =>
        string.IsNullOrEmpty(token) || ReceiverTerms.Default(token) is var default_ && configured.Any(receiver => receiver.Name == default_.Name)
            ? [.. configured]
            : [.. configured, ReceiverTerms.Default(token)];

    public void Dispose() => _issuers.Dispose();

    private SenderCheck SenderOf(ReceiverTerms terms, WebhookContext context) => terms.Proof is ReceiverProof.Issuer { Terms: var oidc }
        ? new TokenCheck(oidc, new IssuerKeys(oidc.Issuer, _issuers, context.Time), context.Time).CheckAsync
        : new SecretCheck(terms).CheckAsync;
}
