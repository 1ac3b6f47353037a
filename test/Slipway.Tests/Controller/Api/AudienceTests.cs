using Slipway.Controller.Api;

namespace Slipway.Tests.Controller.Api;

/// <summary>A controller with <c>api.audiences</c>, before a cluster that answers TokenReview for audiences as Kubernetes does.</summary>
public sealed class AudienceTests : IAsyncLifetime
{
    private readonly ApiWorld _world = new() { Options = ApiOptions.Of(Slipway.Configuration.ConfigurationFile.Parse("slipway.yaml", "api: {audiences: [slipway, slipway-old]}").Api) };

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("slipway", 200)]
    [InlineData("slipway-old", 200)]
    [InlineData("another,slipway", 200)]
    [InlineData("another", 401)]
    [InlineData("", 401)]
    public async Task Only_tokens_for_one_of_the_audiences_are_taken(string audiences, int code)
    {
        var token = _world.Server.AddToken("reader", audiences.Split(',', StringSplitOptions.RemoveEmptyEntries));
        await _world.GrantAsync("reader", null, "list deliveries");

        Assert.Equal(code, (await _world.GetAsync("/api/v1/deliveries", token)).Code);
    }
}
