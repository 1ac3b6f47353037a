using Slipway.Controller.Access;
using Slipway.Tests.SandboxWorld;

namespace Slipway.Tests.Controller.Access;

public sealed class ExpiringCacheTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_holds_for_its_time_and_is_asked_for_again_after_it()
    {
        var time = new ManualTime();
        var cache = new ExpiringCache<int>(10, TimeSpan.FromSeconds(10), time);
        var asked = 0;
        Task<int> Ask() => cache.GetAsync("a", () => Task.FromResult(++asked), _ => true, Stop);

        Assert.Equal((1, 1), (await Ask(), await Ask()));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, await Ask());
    }

    [Fact]
    public async Task Who_asks_what_is_being_asked_waits_for_the_same_answer()
    {
        var cache = new ExpiringCache<int>(10, TimeSpan.FromSeconds(10), new ManualTime());
        var (answer, asked) = (new TaskCompletionSource<int>(), 0);
        Task<int> Ask() => cache.GetAsync("a", () =>
        {
            asked++;
            return answer.Task;
        }, _ => true, Stop);
        var all = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ask()));
        answer.SetResult(7);

        Assert.All(await all, one => Assert.Equal(7, one));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task What_is_no_answer_is_not_kept()
    {
        var cache = new ExpiringCache<int>(10, TimeSpan.FromSeconds(10), new ManualTime());
        var asked = 0;
        Task<int> Ask() => cache.GetAsync("a", () => Task.FromResult(++asked), _ => false, Stop);

        Assert.Equal((1, 2, 0), (await Ask(), await Ask(), cache.Count));
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.GetAsync("b", () => Task.FromException<int>(new InvalidOperationException()), _ => true, Stop));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task The_oldest_goes_where_there_is_no_room()
    {
        var cache = new ExpiringCache<string>(3, TimeSpan.FromSeconds(10), new ManualTime());
        foreach (var key in new[] { "a", "b", "c", "d", "e" })
        {
            await cache.GetAsync(key, () => Task.FromResult(key), _ => true, Stop);
        }

        Assert.Equal(3, cache.Count);
        Assert.Equal("again", await cache.GetAsync("a", () => Task.FromResult("again"), _ => true, Stop));
        Assert.Equal("e", await cache.GetAsync("e", () => Task.FromResult("again"), _ => true, Stop));
    }
}
