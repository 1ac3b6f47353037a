namespace Slipway.Registry;

/// <summary>One look's way to its registry, which may lead past others who wait. A look may have several questions under way.</summary>
public sealed class Errand(bool isUrgent)
{
    private readonly Lock _lock = new();
    private readonly List<Action> _inLine = [];
    private bool _isUrgent = isUrgent;
    private int _waiting;
    private int _answering;
    private TimeSpan _waited;

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
    public TimeSpan Waited
    {
        get
        {
            lock (_lock)
            {
                return _waited;
            }
        }
    }

    /// <summary>Whether nothing of it goes on before time passes: all that it asks stands in line.</summary>
    internal bool IsWaiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting > 0 && _answering == 0;
            }
        }
    }

    /// <summary>It has become urgent, also where it stands in line already.</summary>
    public void Hurry()
    {
        Action[] inLine;
        lock (_lock)
        {
            (_isUrgent, inLine) = (true, [.. _inLine]);
        }

        Array.ForEach(inLine, hurry => hurry());
    }

    /// <param name="hurry">What to do when it becomes urgent where it stands.</param>
    internal void StandInLine(Action hurry)
    {
        lock (_lock)
        {
            _inLine.Add(hurry);
        }
    }

    /// <summary>Its turn did not come at once.</summary>
    internal void HasToWait()
    {
        lock (_lock)
        {
            _waiting++;
        }
    }

    /// <summary>It had to wait, and has given up.</summary>
    internal void LeaveLine(Action hurry)
    {
        lock (_lock)
        {
            _inLine.Remove(hurry);
            _waiting--;
        }
    }

    /// <summary>Its turn has come; the question is under way until <see cref="Answered"/>.</summary>
    internal void TurnCame(Action hurry, bool hadToWait, TimeSpan waited)
    {
        lock (_lock)
        {
            _inLine.Remove(hurry);
            _waiting -= hadToWait ? 1 : 0;
            _waited += waited;
            _answering++;
        }
    }

    internal void Answered()
    {
        lock (_lock)
        {
            _answering--;
        }
    }
}
