using System.Diagnostics;

namespace Slipway.EndToEnd.Harness;

/// <summary>Waits for what must come about, looking often, and for no longer than it may take.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <param name="what">As it is told when it does not come.</param>
    public static async Task TrueAsync(string what, Func<Task<bool>> holds, TimeSpan? limit = null, Func<string>? evidence = null) =>
        await GetAsync(what, async () => await holds() ? (object)true : null, limit, evidence);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> find, TimeSpan? limit = null, Func<string>? evidence = null)
        where T : class
    {
        var most = limit ?? TimeSpan.FromMinutes(1);
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < most)
        {
            try
            {
                if (await find() is { } found)
                {
                    return found;
                }
            }
            catch (Exception e) when (e is Kube.KubeException or InvalidOperationException)
            {
                // Not there yet, or a server that is not up: what it last said is told at the end.
                last = e;
            }

            await Task.Delay(Look, TimeProvider.System);
        }

        throw new TimeoutException($"not within {most}: {what}. {last?.Message}\n{evidence?.Invoke()}");
    }
}
