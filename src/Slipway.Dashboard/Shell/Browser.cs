using Microsoft.JSInterop;

namespace Slipway.Dashboard.Shell;

/// <summary>The few things that only a script can do: theme, focus, keys.</summary>
public sealed class Browser(IJSRuntime js)
{
    public ValueTask<bool> IsDarkAsync() => js.InvokeAsync<bool>("slipway.isDark");

    public ValueTask SetDarkAsync(bool dark) => js.InvokeVoidAsync("slipway.setDark", dark);

    /// <param name="selector">Of CSS; the first that it finds. Nothing happens where it finds none.</param>
    public ValueTask FocusAsync(string selector) => js.InvokeVoidAsync("slipway.focus", selector);

    /// <summary>Moves the focus among the links that lead to rows.</summary>
    /// <param name="by">1: to the next; -1: to the one before.</param>
    public ValueTask MoveAsync(int by) => js.InvokeVoidAsync("slipway.move", by);

    /// <summary>Has <see cref="MainLayout.OnKey"/> called for keys that are not typed into a field.</summary>
    public ValueTask ListenAsync(DotNetObjectReference<MainLayout> layout) => js.InvokeVoidAsync("slipway.listen", layout);
}
