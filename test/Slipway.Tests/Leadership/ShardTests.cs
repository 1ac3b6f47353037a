using Slipway.Leadership;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Leadership;

public sealed class ShardTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _pass = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Shard _shard;
    private int _begun;

    public ShardTests() => _shard = Shard.Whole(new Tenure(_time));

    public void Dispose()
    {
        _shard.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public async Task The_Lease_is_given_back_only_after_the_pass_under_way_has_ended()
    {
        var running = _shard.RunAsync(WorkAsync, _stopping.Token);
        _shard.Tenure.Extend(_shard.Tenure.Now(), TimeSpan.FromHours(1));
        await Eventually.TrueAsync(() => _begun == 1, "the work begins");
        var givenBack = false;
        var leaving = _shard.GiveUpAsync(() =>
        {
            givenBack = true;
            _shard.Tenure.End();
            return Task.CompletedTask;
        });
        Assert.False(givenBack);

        _pass.SetResult();
        await leaving;
        Assert.True(givenBack);

        await _stopping.CancelAsync();
        await running;
        Assert.Equal(1, _begun);
    }

    [Fact]
    public async Task What_was_given_up_can_be_led_again()
    {
        _pass.SetResult();
        var running = _shard.RunAsync(WorkAsync, _stopping.Token);
        for (var term = 1; term <= 3; term++)
        {
            _shard.Tenure.Extend(_shard.Tenure.Now(), TimeSpan.FromHours(1));
            await Eventually.TrueAsync(() => _begun == term, "the work begins");
            await _shard.GiveUpAsync(() =>
            {
                _shard.Tenure.End();
                return Task.CompletedTask;
            });
        }

        await _stopping.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData("/apis/apps/v1/namespaces/prod/deployments/shop", "prod")]
    [InlineData("/api/v1/namespaces/prod/events", "prod")]
    [InlineData("/apis/slipway.dev/v1alpha1/freezes/all", "")]
    public void A_path_names_the_namespace_that_is_written_to(string path, string ns) => Assert.Equal(ns, Election.NamespaceIn(path));

    // Until it is asked to end; then a pass is still under way.
    private async Task WorkAsync(CancellationToken term)
    {
        Interlocked.Increment(ref _begun);
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, term).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pass.Task;
    }
}
