using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Output;
using Slipway.Cli.Verbs;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Explanations;
using Slipway.History;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Cli.Demo;

/// <summary>
/// A good version, a bad one, and what Slipway makes of them. The script pushes and applies; everything that is told about what came of it
/// was seen through the API.
/// </summary>
internal sealed class Story(Stage stage, Witness witness, Teller teller, DemoOptions options, TimeProvider time)
{
    private const string Name = "shop";

    private static readonly ImmutableArray<(string Tag, string Outcome)> AsTold =
        [("1.0.0", Outcomes.Succeeded), ("1.1.0", Outcomes.Succeeded), ("1.2.0", Outcomes.RolledBack)];

    private readonly Queue<Line> _early = new();
    private string _pushed = "";

    public async Task<bool> TellAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await FollowAsync(cancellationToken);
        await ShipAsync(cancellationToken);
        await RollBackAsync(cancellationToken);
        return Conclude();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        Headline("1. A cluster and a registry, in this process; nothing outside of it is touched");
        var (api, registry) = (stage.Cluster.Api.Url.GetLeftPart(UriPartial.Authority), stage.Cluster.Registry.Address);
        teller.Tell(new Line("cluster", "cluster", $"serves at {api}", new JsonObject { ["api"] = api, ["kubeconfig"] = stage.Kubeconfig.FullPath }));
        teller.Tell(new Line("registry", "registry", $"serves at {registry}", new JsonObject { ["registry"] = registry }));
        await PushAsync("1.0.0", cancellationToken);
        Do("apply", $"apply a Deployment {Name} of three pods that runs {Name}:1.0.0", new JsonObject { ["kind"] = "Deployment", ["name"] = Name });
        await stage.ApplyAsync(ResourceTypes.Deployments, Deployment(), cancellationToken);
        await UntilAsync(scene => scene.Workload?.IsSettled == true, "three pods that run 1.0.0", cancellationToken);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        Headline("2. Slipway is told what to follow, and takes over what runs without touching it");
        var address = await stage.RunControllerAsync(options.Listen, cancellationToken);
        var running = $"runs; the registry tells it of pushes at {address}webhooks/distribution";
        teller.Tell(new Line("controller", "slipway", running, new JsonObject { ["listen"] = address.AbsoluteUri }));
        Do("apply", $"apply a Delivery {Name} that follows the highest version in '>=1.0'", new JsonObject { ["kind"] = "Delivery", ["name"] = Name });
        await stage.ApplyAsync(ResourceTypes.Deliveries, Delivery(), cancellationToken);
        await UntilAsync(scene => IsCalm(scene, "1.0.0") && scene.Delivery?.Status?.Candidate is not null && scene.IsAnnounced(Reasons.Adopted), "1.0.0 taken over", cancellationToken);
    }

    private async Task ShipAsync(CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        Headline("3. 1.1.0 is pushed, and nobody does anything else");
        await PushAsync("1.1.0", cancellationToken);
        await UntilAsync(scene => IsCalm(scene, "1.1.0") && Ended(scene, "1.1.0") && scene.IsAnnounced(Reasons.Succeeded), "1.1.0 shipped", cancellationToken);
    }

    private async Task RollBackAsync(CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        Headline("4. 1.2.0 is pushed, and it is bad: it ends as soon as it starts");
        await PushAsync("1.2.0", cancellationToken, (ImageBehaviour.CrashLabel, "exit 1"));
        await UntilAsync(scene => IsCalm(scene, "1.1.0") && Ended(scene, "1.2.0") && scene.IsAnnounced(Reasons.RolledBack), "1.2.0 rolled back", cancellationToken);
    }

    private bool Conclude()
    {
        var (releases, workload) = (witness.Scene.Releases.Values.ToArray(), witness.Scene.Workload!);
        Headline("The history, as the cluster has it ('slipway history shop')");
        teller.Show((writer, palette) => HistoryVerb.TableOf(releases, time.GetUtcNow()).Write(writer, palette));
        var asTold = workload.Tag == "1.1.0" && releases.Select(release => (release.Spec.Tag ?? "", release.Status?.Outcome ?? "")).SequenceEqual(AsTold);
        teller.Show((writer, palette) => writer.WriteLine(palette.Paint($"\nRunning: {workload.Image}", asTold ? Tone.Good : Tone.Bad)));
        teller.Conclude(new JsonObject
        {
            ["type"] = "summary",
            ["releases"] = new JsonArray([.. releases.Select(Summary)]),
            ["running"] = new JsonObject { ["tag"] = workload.Tag, ["digest"] = workload.Digest },
        });
        return asTold;
    }

    private static JsonObject Summary(Release release) => new()
    {
        ["number"] = release.Spec.Number,
        ["tag"] = release.Spec.Tag,
        ["digest"] = release.Spec.Digest,
        ["outcome"] = release.Status?.Outcome,
        ["reason"] = release.Status?.Reason,
        ["message"] = release.Status?.Message,
        ["cause"] = release.Spec.Cause,
        ["startedAt"] = release.Spec.StartedAt,
        ["finishedAt"] = release.Status?.FinishedAt,
    };

    // Slipway has nothing under way, says that this version is current, and the pods agree.
    private static bool IsCalm(Scene scene, string tag) =>
        scene is { Workload: { IsSettled: true } workload, Delivery.Status: { Rollout: null or RolloutState.Idle, Current.Tag: { } current } }
        && current == tag
        && workload.Tag == tag;

    private static bool Ended(Scene scene, string tag) =>
        scene.Releases.Values.Any(release => release.Spec.Tag == tag && release.Status?.Outcome is not (null or "" or Outcomes.Running));

    private async Task PushAsync(string tag, CancellationToken cancellationToken, params ImmutableArray<(string Label, string Value)> labels)
    {
        var pace = (ImageBehaviour.ReadyAfterLabel, DurationText.Write(options.ReadyAfter));
        var digest = await stage.Cluster.PushAsync(Name, tag, cancellationToken, [pace, .. labels]);
        _pushed = tag;
        Do("push", $"push {Name}:{tag} ({Words.ShortDigest(digest)})", new JsonObject { ["repository"] = Name, ["tag"] = tag, ["digest"] = digest });
    }

    private Task UntilAsync(Func<Scene, bool> so, string what, CancellationToken cancellationToken) => witness.UntilAsync(so, what, Tell, stage.Controller, cancellationToken);

    // Events and the Delivery come on two watches. That something started is told after it was seen, whichever came first.
    private void Tell(Scene before, Sight sight)
    {
        if (Narration.Of(before, sight) is { } line)
        {
            if (sight is Sight.OfEvent && before.Delivery?.Status?.Candidate?.Tag != _pushed)
            {
                _early.Enqueue(line);
                return;
            }

            teller.Tell(line);
        }

        if (before.With(sight).Delivery?.Status?.Candidate?.Tag == _pushed)
        {
            while (_early.TryDequeue(out var held))
            {
                teller.Tell(held);
            }
        }
    }

    private void Headline(string text) => teller.Tell(new Line("act", "", text, new JsonObject { ["title"] = text }));

    private void Do(string type, string text, JsonObject facts) => teller.Tell(new Line(type, "you", text, facts, Tone.Notable));

    private Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(options.Pause, time, cancellationToken);

    private JsonObject Deployment() => JsonNode.Parse(
        $$"""
        {
          "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "{{Name}}"},
          "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"app": "{{Name}}"} },
            "template": {
              "metadata": {"labels": {"app": "{{Name}}"} },
              "spec": {"containers": [{"name": "web", "image": "{{stage.Cluster.Image(Name, "1.0.0")}}"}]}
            }
          }
        }
        """)!.AsObject();

    private JsonObject Delivery() => JsonNode.Parse(
        $$"""
        {
          "apiVersion": "{{ApiNames.ApiVersion}}", "kind": "Delivery", "metadata": {"name": "{{Name}}"},
          "spec": {
            "targets": [{"kind": "Deployment", "name": "{{Name}}"}],
            "source": {"follow": {"semver": {"range": ">=1.0"} } },
            "strategy": {"rolling": {"hold": "{{DurationText.Write(options.Hold)}}"} }
          }
        }
        """)!.AsObject();
}
