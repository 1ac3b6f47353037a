using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using Slipway.Dashboard.Live;

namespace Slipway.Dashboard.Shell;

/// <summary>What is around every page: bar, session, theme, keys.</summary>
public sealed partial class MainLayout
{
    private readonly CancellationTokenSource _leaving = new();
    private DotNetObjectReference<MainLayout>? _self;
    private string? _problem;
    private bool _dark;

    [Inject] private IDialogService Dialogs { get; set; } = default!;

    [Inject] private TimeProvider Time { get; set; } = default!;

    // With the base of the page, a bare fragment would lead to the overview.
    private string SkipTo => $"{Navigation.Uri.Split('#')[0]}#main";

    /// <summary>A key that was not typed into a field.</summary>
    [JSInvokable]
    public async Task OnKey(string key)
    {
        switch (key)
        {
            case "?":
                await ShowKeysAsync();
                break;
            case "/":
                await Browser.FocusAsync("[data-filter]");
                break;
            case "j" or "k":
                await Browser.MoveAsync(key == "j" ? 1 : -1);
                break;
            case "g o" or "g a" or "g f" or "g z":
                Navigation.NavigateTo(key[2] switch { 'a' => "approvals", 'f' => "feeds", 'z' => "freezes", _ => "" });
                break;
            case "t":
                await TurnAsync();
                break;
        }

        StateHasChanged();
    }

    /// <summary>The system has turned dark or light, and the page goes with it.</summary>
    [JSInvokable]
    public void OnSystemTheme(bool dark)
    {
        _dark = dark;
        StateHasChanged();
    }

    public void Dispose()
    {
        Session.Changed -= OnSession;
        _leaving.Cancel();
        _leaving.Dispose();
        _self?.Dispose();
        Feed.Stop();
    }

    protected override async Task OnInitializedAsync()
    {
        Session.Changed += OnSession;
        _dark = await Browser.IsDarkAsync();
        await AskAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await Browser.ListenAsync(_self);
        }
    }

    // A controller that is just starting answers in a moment; the page does not have to be loaded again for it.
    private async Task AskAsync()
    {
        for (var failures = 1; !Session.IsKnown && !_leaving.IsCancellationRequested; failures++)
        {
            if (await Client.WhoAsync(_leaving.Token) is { Complaint: { } problem } && !Session.IsKnown)
            {
                if (_problem != problem)
                {
                    _problem = problem;
                    StateHasChanged();
                }

                await Task.Delay(Backoff.After(failures), Time, _leaving.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private void OnSession()
    {
        if (Session.User is null)
        {
            Feed.Stop();
        }
        else
        {
            Feed.Start();
        }

        StateHasChanged();
    }

    private async Task TurnAsync()
    {
        _dark = !_dark;
        await Browser.SetDarkAsync(_dark);
    }

    private Task<IDialogReference> ShowKeysAsync() => Dialogs.ShowAsync<KeysDialog>("Keys", new DialogOptions { CloseOnEscapeKey = true, MaxWidth = MaxWidth.ExtraSmall, FullWidth = true });

    private Task SignOutAsync() => Client.SignOutAsync(_leaving.Token);
}
