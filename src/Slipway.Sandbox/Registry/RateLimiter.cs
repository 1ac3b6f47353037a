namespace Slipway.Sandbox.Registry;

/// <summary>Counts the requests of each client in a sliding window. It remembers no more instants than the limit allows.</summary>
internal sealed class RateLimiter(RegistryRateLimit limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _seen = [];

    /// <returns>The refusal, or null when the request may pass.</returns>
    public RegistryAnswer? Admit(RegistryRequest request, string client)
    {
        if (!Counts(request))
        {
            return null;
        }

        lock (_gate)
        {
            var now = time.GetUtcNow();
            var seen = Recent(client, now);
            if (seen.Count < limit.Limit)
            {
                seen.Enqueue(now);
                return null;
            }

            var wait = limit.Limit == 0 ? limit.Window : seen.Peek() + limit.Window - now;
            return RegistryError.TooManyRequests("You have reached your pull rate limit.")
                .With("Retry-After", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    public RegistryAnswer Describe(RegistryRequest request, string client, RegistryAnswer answer)
    {
        if (request.Route.Kind != RequestKind.Manifest || !request.Reads)
        {
            return answer;
        }

        lock (_gate)
        {
            var window = (long)limit.Window.TotalSeconds;
            return answer
                .With("ratelimit-limit", $"{limit.Limit};w={window}")
                .With("ratelimit-remaining", $"{limit.Limit - Recent(client, time.GetUtcNow()).Count};w={window}")
                .With("docker-ratelimit-source", client == "" ? "127.0.0.1" : client);
        }
    }

    private bool Counts(RegistryRequest request) =>
        limit.Scope == RateLimitScope.Everything || (request.Route.Kind == RequestKind.Manifest && request.Method == "GET");

    private Queue<DateTimeOffset> Recent(string client, DateTimeOffset now)
    {
        if (!_seen.TryGetValue(client, out var seen))
        {
            _seen[client] = seen = [];
        }

        while (seen.TryPeek(out var first) && first + limit.Window <= now)
        {
            seen.Dequeue();
        }

        return seen;
    }
}
