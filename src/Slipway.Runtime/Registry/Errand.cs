namespace Slipway.Registry;

/// <summary>One look's way to its registry, which may lead past others who wait.</summary>
public sealed class Errand(bool isUrgent)
{
    private readonly Lock _lock = new();
    private bool _isUrgent = isUrgent;
    private Action? _hurry;

    /// <summary>Somebody said that something changed, and waits.</summary>
    public bool IsUrgent
    {
        get
        {
            lock (_lock)
            {
                return _isUrgent;
            }
        }
    }

    /// <summary>How long it has waited for its turns so far.</summary>
    public TimeSpan Waited { get; internal set; }

    /// <summary>It has become urgent, also where it stands in line already.</summary>
    public void Hurry()
    {
        Action? hurry;
        lock (_lock)
        {
            (_isUrgent, hurry) = (true, _hurry);
        }

        hurry?.Invoke();
    }

    /// <param name="hurry">What to do when it becomes urgent where it stands.</param>
    internal void StandsInLine(Action? hurry)
    {
        lock (_lock)
        {
            _hurry = hurry;
        }
    }
}
