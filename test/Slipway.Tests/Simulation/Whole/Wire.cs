namespace Slipway.Tests.Simulation.Whole;

/// <summary>
/// What is between one process and the API server: it carries, holds up, cuts off, and kills the process at a write. Inside of the fence, so that what
/// passes here has passed that.
/// </summary>
/// <param name="forLease">The connection that the election has for itself.</param>
internal sealed class Wire(Process process, WholeWorld world, bool forLease) : DelegatingHandler
{
    // Longer than a call may take.
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(9);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        if (!forLease && !IsWatch(request) && world.Time.GetUtcNow() < process.LeaseCutUntil)
        {
            // So that a pass is still under way when its leader's term ends.
            await Task.Delay(Slowness * world.Draw(), world.Time, cancellationToken);
            await CheckAsync(cancellationToken);
        }

        var writes = request.Method != HttpMethod.Get && request.Method != HttpMethod.Head;
        var path = request.RequestUri!.AbsolutePath;
        var counts = writes && !forLease && !path.Contains("/events", StringComparison.Ordinal);
        var slow = !IsWatch(request) && world.IsSlow() ? world.Draw() * 4 : 1;
        if (slow < 0.5)
        {
            await Task.Delay(TooLong, world.Time, cancellationToken);
            await CheckAsync(cancellationToken);
        }

        var dies = counts && process.DiesNow();
        if (dies && !process.DiesAfterWriting)
        {
            process.Die();
            await CheckAsync(cancellationToken);
        }

        var body = writes && request.Content is not null ? await request.Content.ReadAsStringAsync(cancellationToken) : "";
        Task<HttpResponseMessage> answering;
        using (writes ? world.Witness.Hears(process, request.Method.Method, path, body) : null)
        {
            // What is written is written on this thread, before this call returns.
            answering = base.SendAsync(request, cancellationToken);
        }

        if (dies)
        {
            process.Die();
        }
        else if (slow is >= 0.5 and < 1 && writes)
        {
            // It is done, and whoever asked does not wait for the answer.
            await Task.Delay(TooLong, world.Time, cancellationToken);
        }

        await CheckAsync(cancellationToken);
        return await answering;
    }

    private static bool IsWatch(HttpRequestMessage request) => request.RequestUri!.Query.Contains("watch=", StringComparison.Ordinal);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (process.IsDead)
        {
            throw new HttpRequestException("the process is dead");
        }

        var now = world.Time.GetUtcNow();
        if (now < process.CutUntil || (forLease && now < process.LeaseCutUntil))
        {
            if (process.Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, cancellationToken);
            }

            throw new HttpRequestException("no route to host");
        }
    }
}
