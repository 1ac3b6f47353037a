using Slipway.Views;

namespace Slipway.Dashboard.Session;

/// <summary>Who looks at the page, as far as it knows.</summary>
public sealed class SessionState
{
    /// <summary>Somebody came or went.</summary>
    public event Action? Changed;

    /// <summary>False until the controller has said so.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>As the cluster knows them; null: nobody.</summary>
    public string? User { get; private set; }

    /// <summary>How one can sign in: <c>token</c>, <c>oidc</c>.</summary>
    public IReadOnlyList<string> Ways { get; private set; } = ["token"];

    public void Enter(SessionView view) => Set(view.User, view.Ways);

    /// <param name="ways">Null: as before.</param>
    public void Leave(IReadOnlyList<string>? ways) => Set(null, ways ?? Ways);

    private void Set(string? user, IReadOnlyList<string> ways)
    {
        var changed = !IsKnown || user != User;
        (IsKnown, User, Ways) = (true, user, ways);
        if (changed)
        {
            Changed?.Invoke();
        }
    }
}
