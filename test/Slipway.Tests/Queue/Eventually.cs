namespace Slipway.Tests.Queue;

/// <summary>Waits for what another thread is about to do: as long as it takes, but not for ever.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        for (var i = 0; i < Limit.TotalMilliseconds / 5 && !condition(); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        Assert.True(condition(), $"never: {what}");
    }
}
