using Slipway.Api;
using Slipway.Checks;
using Slipway.Kube;

namespace Slipway.CheckSources;

/// <summary>Makes measurements, whatever their source.</summary>
public sealed class Measuring : IDisposable
{
    private readonly CheckTransport _transport;
    private readonly PrometheusSource _prometheus;
    private readonly WebSource _web;
    private readonly HttpSource _http;
    private readonly JobSource _jobs;
    private readonly TimeProvider _time;

    public Measuring(ClusterConnection cluster, CheckConfiguration? configuration, TimeProvider time)
    {
        var secrets = new CheckSecrets(cluster);
        _time = time;
        _transport = new CheckTransport(configuration?.Reach ?? ReachRule.Open, time);
        _prometheus = new PrometheusSource(_transport, secrets, configuration?.Prometheus, time);
        _web = new WebSource(_transport, secrets, time);
        _http = new HttpSource(_transport, secrets, new CandidatePods(cluster), time);
        _jobs = new JobSource(cluster, time);
    }

    /// <summary>Never throws for what the source, the network or the API server do: that is a measurement too.</summary>
    public async Task<Measurement> MeasureAsync(MeasureWish wish, CancellationToken cancellationToken)
    {
        try
        {
            return wish.Plan.Source switch
            {
                CheckSource.Prometheus prometheus => await _prometheus.MeasureAsync(wish, prometheus, cancellationToken),
                CheckSource.Web web => await _web.MeasureAsync(wish, web, cancellationToken),
                CheckSource.Http http => await _http.MeasureAsync(wish, http, cancellationToken),
                CheckSource.Job job => await _jobs.MeasureAsync(wish, job, cancellationToken),
                _ => Error("its plan has no source"),
            };
        }
        catch (Exception e) when (e is KubeException or IOException or UnauthorizedAccessException)
        {
            return Error(e.Message);
        }
    }

    /// <summary>Takes away what a measurement that nobody waits for has left in the cluster.</summary>
    /// <exception cref="KubeException"/>
    public Task AbandonAsync(MeasureWish wish, CancellationToken cancellationToken) =>
        wish.Plan.Source is CheckSource.Job ? _jobs.AbandonAsync(wish, cancellationToken) : Task.CompletedTask;

    public void Dispose() => _transport.Dispose();

    private Measurement Error(string why) => new(MeasuredAs.Error, Instant.Of(_time.GetUtcNow()), null, Workloads.BoundedText.Of(why, 240));
}
