namespace Slipway.Traffic;

/// <summary>The live read that comes before the first write of a pass (docs/designs/0007), and only where there is one.</summary>
public sealed class Fence(Func<Task> check)
{
    private bool _passed;

    /// <exception cref="Kube.KubeException">What was decided on is not what is there.</exception>
    public async Task PassAsync()
    {
        if (!_passed)
        {
            await check();
            _passed = true;
        }
    }
}
