using Slipway.Kube;

namespace Slipway.Tests.Leadership;

/// <summary>
/// Several electors with clocks of their own rates, one Lease that is written by compare-and-swap, and a network that delays and loses
/// requests and answers. One seed, one run. Time is the server's, in seconds.
/// </summary>
public sealed class ElectionSimulation
{
    private readonly Random _random;
    private readonly PriorityQueue<Action, (double At, long Order)> _events = new();
    private readonly List<Elector> _electors = [];
    private readonly double _drift;
    private LeaseRecord? _lease;
    private long _versions;
    private long _order;
    private int _born;

    public ElectionSimulation(int seed, int electors, double drift = 1.15)
    {
        _random = new Random(seed);
        _drift = drift;
        for (var i = 0; i < electors; i++)
        {
            Birth();
        }
    }

    public double Now { get; private set; }

    /// <summary>Probability that a request, and that an answer, is lost.</summary>
    public double Loss { get; set; } = 0.15;

    /// <summary>Longest way of a request, and of an answer.</summary>
    public double Delay { get; set; } = 4;

    /// <summary>Probability, for each second, that some process dies and another starts, or stops in good order.</summary>
    public double Deaths { get; set; } = 0.02;

    /// <summary>Probability, for each second, that a process is cut off for up to 40 seconds.</summary>
    public double Cuts { get; set; } = 0.02;

    public int Terms { get; private set; }

    public List<string> Violations { get; } = [];

    public int Leaders => _electors.Count(elector => elector.Leads);

    public void Run(double seconds)
    {
        var until = Now + seconds;
        while (_events.TryPeek(out _, out var next) && next.At <= until)
        {
            var act = _events.Dequeue();
            Now = next.At;
            act();
            var leaders = _electors.Where(elector => elector.Leads).ToList();
            if (leaders.Count > 1)
            {
                Violations.Add($"at {Now:0.000}: {string.Join(" and ", leaders.Select(elector => elector.Name))}");
            }
        }

        Now = until;
    }

    private void At(double time, Action act) => _events.Enqueue(act, (time, _order++));

    private void Birth()
    {
        // The fastest and the slowest of clocks are the interesting ones.
        var elector = new Elector(this, $"p{_born++}", _random.Next(2) == 0 ? _drift : 1 / _drift);
        _electors.Add(elector);
        At(Now + _random.NextDouble(), elector.Wake);
        At(Now + 1, () => Fate(elector));
    }

    private void Fate(Elector elector)
    {
        if (_random.NextDouble() < Cuts)
        {
            elector.CutUntil = Now + (_random.NextDouble() * 40);
        }

        if (_random.NextDouble() >= Deaths)
        {
            At(Now + 1, () => Fate(elector));
            return;
        }

        if (_random.Next(2) == 0)
        {
            elector.GiveBack();
        }

        _electors.Remove(elector);
        elector.Alive = false;
        Birth();
    }

    private (int Code, LeaseRecord? Record) Serve(LeaseAction action, string name) => action switch
    {
        LeaseAction.Read => (200, _lease),
        LeaseAction.Create when _lease is null => Store(name, null),
        LeaseAction.TakeOver take when _lease?.ResourceVersion == take.From.ResourceVersion => Store(name, _lease),
        LeaseAction.Renew renew when _lease?.ResourceVersion == renew.Held.ResourceVersion => Store(name, _lease),
        _ => (409, null),
    };

    private (int, LeaseRecord) Store(string name, LeaseRecord? before)
    {
        Terms += before?.Holder == name ? 0 : 1;
        var version = $"{++_versions}";
        _lease = new LeaseRecord(version, name, TimeSpan.FromSeconds(15), "a", $"r{version}", Terms);
        return (200, _lease);
    }

    private sealed class Elector(ElectionSimulation world, string name, double rate)
    {
        private readonly LeaseTerms _terms = LeaseTerms.Default(name);

        // Some are far from the server and some are near: a slow leader beside a quick follower is where it hurts.
        private readonly double _distance = world._random.Next(2) == 0 ? 1 : 0.02;
        private readonly double _offset = world._random.NextDouble() * 1000;
        private LeaseState _state = new LeaseState.Unread();
        private long _request;

        public string Name => name;

        public bool Alive { get; set; } = true;

        public double CutUntil { get; set; }

        /// <summary>What the fence would say: by the elector's own clock.</summary>
        public bool Leads => Alive && LeaseMachine.LeaderUntil(_state, _terms) is { } until && Clock < until;

        private TimeSpan Clock => TimeSpan.FromSeconds(_offset + (world.Now * rate));

        public void Wake() => Hear(new LeaseSignal.Tick());

        public void GiveBack()
        {
            if (Leads && world._lease is { } lease && lease.Holder == name)
            {
                world._lease = lease with { Holder = "", ResourceVersion = $"{++world._versions}" };
            }
        }

        private void Hear(LeaseSignal signal)
        {
            if (!Alive)
            {
                return;
            }

            _state = LeaseMachine.Next(_state, signal, _terms, Clock, world._random.NextDouble());
            var action = LeaseMachine.Act(_state, _terms, Clock);
            if (action is LeaseAction.Sleep sleep)
            {
                world.At(world.Now + Math.Max(0.001, (sleep.Until - Clock).TotalSeconds / rate), Wake);
                return;
            }

            Send(action);
        }

        private void Send(LeaseAction action)
        {
            var (request, sentAt) = (++_request, Clock);

            // The client's own patience, as the elector's.
            world.At(world.Now + (5 / rate), () => Answer(request, new LeaseSignal.Failed()));
            if (IsLost())
            {
                return;
            }

            world.At(world.Now + Way(), () =>
            {
                var (code, record) = world.Serve(action, name);
                LeaseSignal signal = (code, action) switch
                {
                    (409, _) => new LeaseSignal.Refused(),
                    (_, LeaseAction.Read) => new LeaseSignal.Found(record),
                    _ => new LeaseSignal.Written(record!, sentAt),
                };
                if (!IsLost())
                {
                    world.At(world.Now + Way(), () => Answer(request, signal));
                }
            });
        }

        private double Way() => world._random.NextDouble() * world.Delay * _distance;

        private bool IsLost() => world.Now < CutUntil || world._random.NextDouble() < world.Loss;

        // One request at a time: the first word on it counts, be it the answer or the end of patience.
        private void Answer(long request, LeaseSignal signal)
        {
            if (request == _request)
            {
                _request++;
                Hear(signal);
            }
        }
    }
}
