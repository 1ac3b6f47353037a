using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace Slipway.Controller.Webhooks;

/// <summary>
/// The keys of one issuer, by their ids. They are asked for when a key is unknown, but at most once a minute, whatever strangers send; and
/// after an hour, so that a key that the issuer took back is not taken for long.
/// </summary>
internal sealed class IssuerKeys(string issuer, IssuerTransport transport, TimeProvider time)
{
    public static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>How long keys are used of an issuer that does not answer any more.</summary>
    public static readonly TimeSpan Usable = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private Task _asking = Task.CompletedTask;
    private DateTimeOffset? _tried;
    private volatile Known? _known;
    private volatile string? _trouble;

    /// <returns>The key; or why none is known, which is null where the issuer answered and has no such key.</returns>
    public async Task<(SecurityKey? Key, string? Trouble)> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetUtcNow() - known.At < Fresh && known.Keys.TryGetValue(id, out var key))
        {
            return (key, null);
        }

        // One question at a time, whoever waits for it and whoever gives up.
        await Ask().WaitAsync(cancellationToken);
        return _known is { } found && time.GetUtcNow() - found.At < Usable
            ? found.Keys.TryGetValue(id, out key) ? (key, null) : (null, _trouble)
            : (null, _trouble ?? $"the keys of {issuer} are too old");
    }

    private Task Ask()
    {
        lock (_gate)
        {
            if (_asking.IsCompleted && (_tried is not { } tried || time.GetUtcNow() - tried >= BetweenTries))
            {
                _tried = time.GetUtcNow();
                _asking = AskAsync();
            }

            return _asking;
        }
    }

    private async Task AskAsync()
    {
        var answer = await transport.KeysOfAsync(issuer);
        _trouble = answer.Trouble;
        if (answer.Keys is not null)
        {
            _known = new Known(answer.Keys, time.GetUtcNow());
        }
    }

    private sealed record Known(FrozenDictionary<string, SecurityKey> Keys, DateTimeOffset At);
}
