using System.Diagnostics;
using System.Diagnostics.Metrics;
using Slipway.History;
using Slipway.Rollouts;

namespace Slipway.Telemetry;

/// <summary>What rollouts take, and how they end.</summary>
public sealed class RolloutMetrics
{
    private readonly LabelledHistogram _pushToLive;
    private readonly LabelledHistogram _wait;
    private readonly LabelledHistogram _duration;
    private readonly LabelledCounter _starts;
    private readonly LabelledCounter _ends;

    internal RolloutMetrics(Meter meter)
    {
        _pushToLive = new(meter, Instruments.PushToLive);
        _wait = new(meter, Instruments.RolloutWait);
        _duration = new(meter, Instruments.RolloutDuration);
        _starts = new(meter, Instruments.RolloutStarts);
        _ends = new(meter, Instruments.RolloutEnds);
    }

    /// <summary>To be told once, after the move was stored.</summary>
    public void Reached(Milestone milestone)
    {
        switch (milestone)
        {
            case Milestone.Started started:
                _starts.Add(1, Name(started.Strategy));
                if (started.Waited is { } waited)
                {
                    _wait.Record(waited);
                }

                break;

            case Milestone.Ended ended:
                _ends.Add(1, Name(ended.Outcome));
                _duration.Record(ended.Took);
                if (ended.SinceSeen is { } sinceSeen)
                {
                    _pushToLive.Record(sinceSeen);
                }

                break;

            default:
                throw new UnreachableException();
        }
    }

    private static string Name(StrategyKind strategy) => strategy switch
    {
        StrategyKind.Canary => "canary",
        StrategyKind.BlueGreen => "blue_green",
        _ => "rolling",
    };

    private static string Name(string outcome) => outcome switch
    {
        Outcomes.Succeeded => "succeeded",
        Outcomes.RolledBack => "rolled_back",
        Outcomes.Failed => "failed",
        Outcomes.Superseded => "superseded",
        Outcomes.Exposed => "exposed",
        _ => throw new UnreachableException($"{outcome} is no end of a rollout"),
    };
}
