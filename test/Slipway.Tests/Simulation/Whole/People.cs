using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Sandbox.Api;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>Brings about what happens, in the name of whoever does such things.</summary>
internal sealed class People(WholeWorld world)
{
    private static readonly ObjectKey Shop = WholeObjects.Shop;

    private int _asked;

    private WholeSchedule Schedule => world.Schedule;

    private ResourceClient<JsonObject> Workloads => world.Any(WholeObjects.WorkloadOf(Schedule.Way));

    public void Apply(Happening happening)
    {
        if (happening is not Happening.Wait)
        {
            world.Log.Note($"*** {happening}");
        }

        switch (happening)
        {
            case Happening.Wait wait: world.Advance(wait.Seconds); break;
            case Happening.Push push: world.Push(SharedImages.Tag(push.Version, push.Fate)); break;
            case Happening.Scale scale: Merge(Workloads, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = scale.Replicas } }, "horizontal-pod-autoscaler"); break;
            case Happening.Edit edit: Edit(edit); break;
            case Happening.SetImage set: SetImage(set); break;
            case Happening.Ask ask: Ask(ask.What); break;
            case Happening.Suspend suspend: Suspend(suspend.On); break;
            case Happening.RouteReverted: RevertRoute(); break;
            case Happening.Crash crash: world.At(crash.Replica)?.DieAt(crash.Write, crash.Done, crash.DownFor); break;
            case Happening.Restart restart: world.Kill(restart.Replica, 0); break;
            case Happening.LeaseCut cut when world.At(cut.Replica) is { } process: (process.LeaseCutUntil, process.Hangs) = (In(cut.Seconds), cut.Hangs); break;
            case Happening.Partitioned cut when world.At(cut.Replica) is { } process: (process.CutUntil, process.Hangs) = (In(cut.Seconds), false); break;
            case Happening.ClockSet set: world.At(set.Replica)?.Clock.Set(TimeSpan.FromSeconds(set.Seconds)); break;
            case Happening.Begin begin: Begin(begin); break;
        }
    }

    public void Suspend(bool on) => Merge(world.Any(ResourceTypes.Deliveries), new JsonObject { ["spec"] = new JsonObject { ["suspend"] = on } }, "kubectl-patch");

    private DateTimeOffset In(int seconds) => world.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);

    private static void Merge(ResourceClient<JsonObject> client, JsonObject patch, string manager) => WholeWorld.Do(client.MergePatchAsync(Shop, patch, default, manager: manager));

    private void Edit(Happening.Edit edit)
    {
        if (edit.Env)
        {
            Image("env", edit.Value);
            return;
        }

        Merge(Workloads, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["team"] = $"t{edit.Value}" } } }, "kubectl-label");
    }

    private void Image(string what, int value)
    {
        var live = Workloads.GetAsync(Shop, default).GetAwaiter().GetResult()!.Value;
        var containers = live["spec"]!["template"]!["spec"]!["containers"]!.DeepClone();
        if (what == "env")
        {
            containers[0]!["env"]![0]!["value"] = $"{value}";
        }
        else
        {
            containers[0]!["image"] = world.Images.Named(SharedImages.Tag(value, Fate.Good));
        }

        var template = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } };
        Merge(Workloads, new JsonObject { ["spec"] = new JsonObject { ["template"] = template } }, "kubectl-edit");
    }

    private void SetImage(Happening.SetImage set)
    {
        world.Witness.ImageSetByOthers();
        if (set.ByPerson)
        {
            Image("image", set.Version);
            return;
        }

        // The tool has one manifest, and applies it again.
        var replicas = (int)Workloads.GetAsync(Shop, default).GetAwaiter().GetResult()!.Value["spec"]!["replicas"]!;
        var manifest = WholeObjects.Workload(Schedule.Way, world.Images.Named(SharedImages.Tag(1, Fate.Good)), replicas);
        WholeWorld.Do(Workloads.ApplyAsync(Shop, manifest, null, default, manager: "kubectl"));
    }

    private void Ask(string what)
    {
        world.Witness.Asked(what);
        var words = what.Split(' ', 2);
        var value = $"{world.Time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {(words.Length > 1 ? words[1] : "")} by ann{_asked++}";
        Merge(world.Any(ResourceTypes.Deliveries), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [$"{ApiNames.Group}/{words[0]}"] = value } } }, "kubectl-annotate");
    }

    private void RevertRoute()
    {
        if (Schedule.Way == Way.CanaryByRoute)
        {
            Merge(world.Any(WholeObjects.Routes), WholeObjects.Route(), "argocd-controller");
        }
        else if (Schedule.Way == Way.BlueGreen)
        {
            WholeWorld.Do(world.Any(ResourceTypes.Services).ApplyAsync(Shop, WholeObjects.Service(), null, default, manager: "kubectl"));
        }
    }

    private void Begin(Happening.Begin begin)
    {
        var until = In(begin.Seconds);
        if (begin.Trouble == Trouble.Timeouts)
        {
            world.Slow(until);
            return;
        }

        var plan = new FaultPlan { Seed = Schedule.Seed + begin.Seconds, Only = request => request.User.StartsWith("slipway-", StringComparison.Ordinal) };
        world.Cause(begin.Trouble switch
        {
            Trouble.Conflicts => plan with { Conflict = 0.5 },
            Trouble.TooManyRequests => plan with { TooManyRequests = 0.4 },
            Trouble.Errors => plan with { ErrorBefore = 0.4 },
            Trouble.AnswersLost => plan with { ErrorAfter = 0.5 },
            Trouble.WatchesClosed => plan with { WatchClosed = 0.4 },
            Trouble.WatchesExpired => plan with { WatchExpired = 0.4 },
            Trouble.WatchesSilent => plan with { WatchSilent = 0.2 },
            Trouble.EventsLate => plan with { EventDelayed = 0.6, Delay = TimeSpan.FromSeconds(1 + (begin.Seconds % 20)) },
            _ => plan with { EventDuplicated = 0.6 },
        }, until);
    }
}
