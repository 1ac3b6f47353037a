using Microsoft.AspNetCore.Components;
using Slipway.Dashboard.Live;
using Slipway.Views;

namespace Slipway.Dashboard.Deliveries;

/// <summary>One Delivery, which is read again when an event names it, and while something is under way every few seconds: pods move without an event.</summary>
public sealed partial class DeliveryPage
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _leaving = new();
    private ITimer? _ticker;
    private Coalescer? _coalescer;
    private DeliveryView? _view;
    private IReadOnlyList<ReleaseView>? _releases;
    private IReadOnlyList<string>? _allowed;
    private string? _problem;
    private bool _reading;

    [Parameter] public string Ns { get; set; } = "";

    [Parameter] public string Name { get; set; } = "";

    private RowKey Key => new(Ns, Name);

    public void Dispose()
    {
        Feed.RowChanged -= OnRow;
        _ticker?.Dispose();
        _coalescer?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override void OnInitialized()
    {
        Feed.RowChanged += OnRow;
        _coalescer = new(Frame, () => _ = LoadAsync(), Time);
        _ticker = Time.CreateTimer(_ => OnTick(), null, Look, Look);
    }

    protected override async Task OnParametersSetAsync()
    {
        (_view, _releases, _allowed, _problem) = (null, null, null, null);
        await LoadAsync();
    }

    private void OnRow(RowKey key)
    {
        if (key == Key)
        {
            _coalescer!.Signal();
        }
    }

    private void OnTick()
    {
        if (_view is null or { Rollout: not null } || Feed.State is not LiveState.Live)
        {
            _coalescer!.Signal();
        }

        StateHasChanged();
    }

    // What was read stays while the controller is away: the banner says that it is old.
    private async Task LoadAsync()
    {
        if (_reading || _leaving.IsCancellationRequested)
        {
            return;
        }

        _reading = true;
        var (key, leaving) = (Key, _leaving.Token);
        try
        {
            var view = await Client.DeliveryAsync(key, leaving);
            var releases = await Client.ReleasesAsync(key, leaving);
            _allowed ??= (await Client.PermissionsAsync(key.Namespace, leaving)).ValueOrDefault?.Actions;
            if (key == Key)
            {
                (_view, _releases) = (view.ValueOrDefault ?? (view is ApiResult<DeliveryView>.Refused ? null : _view), releases.ValueOrDefault?.Items ?? _releases);
                _problem = view.Complaint ?? releases.Complaint;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The page was left: nobody reads the answer.
        }
        finally
        {
            _reading = false;
        }
    }
}
