using Slipway.Checks;

namespace Slipway.CheckSources;

/// <summary>What a measurement is called by: the same name is the same measurement.</summary>
internal readonly record struct ErrandName(string Release, int Step, string Check, int Ordinal)
{
    public static ErrandName Of(MeasureWish wish) => new(wish.Context.Release, wish.Step, wish.Plan.Name, wish.Ordinal);
}

/// <summary>A measurement that is under way, or was made and not taken yet.</summary>
internal sealed class CheckErrand(MeasureWish wish) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public MeasureWish Wish => wish;

    public Task<Measurement> Made { get; private set; } = Task.FromCanceled<Measurement>(new CancellationToken(canceled: true));

    public void Start(Func<CancellationToken, Task<Measurement>> make) => Made = make(_stop.Token);

    /// <summary>Until it has stopped; what it found is lost.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Made).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();
}
