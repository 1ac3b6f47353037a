using Slipway.Api;
using Slipway.Deliveries;

namespace Slipway.Tests.Deliveries;

/// <summary>The smallest spec that is one; a test changes with <c>with</c> what it is about.</summary>
internal static class Specs
{
    public static readonly DeliverySpec Smallest = new()
    {
        Targets = [new() { Kind = "Deployment", Name = "shop" }],
        Source = new() { Repository = "ghcr.io/acme/shop", Follow = new() { Semver = new(">=1.0") } },
    };

    public static DeliveryTerms Terms(this DeliverySpec spec)
    {
        Assert.True(DeliveryTerms.TryRead(spec, out var terms, out var problem), problem?.ToString());
        return terms;
    }

    public static string Problem(this DeliverySpec? spec)
    {
        Assert.False(DeliveryTerms.TryRead(spec, out _, out var problem));
        return problem.ToString();
    }
}
