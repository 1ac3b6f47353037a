using Slipway.Controller.Memory;
using Slipway.Tests.SandboxWorld;

namespace Slipway.Tests.Controller.Memory;

public sealed class HeapTrimTests
{
    private const long Mebibyte = 1L << 20;

    [Theory]
    [InlineData(90, 10, false)]
    [InlineData(120, 0, true)]
    [InlineData(149, 100, false)]
    [InlineData(151, 100, true)]
    public void A_heap_is_loose_that_holds_half_as_much_again_as_lives_and_is_not_small(long committed, long lived, bool loose) =>
        Assert.Equal(loose, new HeapSize(committed * Mebibyte, lived * Mebibyte).IsLoose);

    [Fact]
    public async Task What_a_burst_has_left_is_collected_once_and_a_heap_that_works_is_left_alone_for_a_while()
    {
        var (time, size, collected) = (new ManualTime(), new HeapSize(300 * Mebibyte, 100 * Mebibyte), 0);
        using var stopping = new CancellationTokenSource();
        var running = new HeapTrim(time, () => size, () => Interlocked.Increment(ref collected)).RunAsync(stopping.Token);

        await AdvanceAsync(time, TimeSpan.FromMinutes(4));
        Assert.Equal(1, collected);

        size = new HeapSize(110 * Mebibyte, 100 * Mebibyte);
        await AdvanceAsync(time, TimeSpan.FromMinutes(30));
        Assert.Equal(1, collected);

        size = new HeapSize(300 * Mebibyte, 100 * Mebibyte);
        await AdvanceAsync(time, TimeSpan.FromMinutes(4));
        Assert.Equal(2, collected);

        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task While_it_grows_nothing_is_collected()
    {
        var (time, committed, collected) = (new ManualTime(), 200L, 0);
        using var stopping = new CancellationTokenSource();
        var running = new HeapTrim(time, () => new HeapSize(committed++ * Mebibyte, 100 * Mebibyte), () => collected++).RunAsync(stopping.Token);

        await AdvanceAsync(time, TimeSpan.FromMinutes(10));
        await stopping.CancelAsync();
        await running;

        Assert.Equal(0, collected);
    }

    [Fact]
    public void This_process_has_a_heap() => Assert.True(HeapSize.Now().Committed > 0);

    private static async Task AdvanceAsync(ManualTime time, TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += TimeSpan.FromSeconds(15))
        {
            await time.WhenAwaitedAsync(TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(15));
        }
    }
}
