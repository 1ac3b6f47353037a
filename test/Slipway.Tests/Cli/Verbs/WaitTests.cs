using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Verbs;

/// <summary>What --wait waits for, with a controller that does as the test says.</summary>
public sealed class WaitTests
{
    private static FakeCluster Cluster(string delivery, params Action<JsonObject>[] steps) => new FakeCluster { AfterPatch = steps }.With("deliveries", delivery).WithHistory().WithFailure();

    private static Action<JsonObject> Handled(string request) => delivery =>
        delivery["status"]!["handled"] = new JsonObject { [request] = (string?)delivery["metadata"]!["annotations"]![$"slipway.dev/{request}"] };

    private static Action<JsonObject> Advancing(long number, string tag, string digest, string cause) => delivery => Samples.Advance(delivery, number, tag, digest, cause);

    private static Action<JsonObject> Both(params Action<JsonObject>[] steps) => delivery =>
    {
        foreach (var step in steps)
        {
            step(delivery);
        }
    };

    private static void BackTo100(JsonObject delivery)
    {
        Samples.Settle(delivery, new JsonObject { ["phase"] = "Held", ["reason"] = "ManualRollback", ["message"] = "by hand", ["since"] = "2026-03-01T12:00:00Z" });
        delivery["status"]!["held"] = new JsonObject { ["reason"] = "ManualRollback", ["message"] = "by hand" };
    }

    [Fact]
    public async Task A_rollback_is_waited_for_until_its_Release_has_succeeded()
    {
        var cluster = Cluster(Samples.Calm(), Both(Handled("rollback"), Advancing(4, "1.0.0", Samples.Digest100, "Rollback")), BackTo100)
            .With("releases", Samples.Release(4, "1.0.0", Samples.Digest100, "Succeeded", message: "1.0.0 is healthy on every target", cause: "Rollback"));

        var run = await CliRun.OfAsync(["rollback", "shop", "--wait"], connect: cluster.Connect);

        Assert.Equal(0, run.Code);
        Assert.EndsWith("  release 4 (1.0.0): Succeeded: 1.0.0 is healthy on every target\n", run.Out, StringComparison.Ordinal);
        Assert.Equal("  waiting for the controller to take it up\n  release 4: 1.0.0, 1 pods available\n", run.Error);
    }

    [Fact]
    public async Task A_rollback_that_fails_ends_with_1_and_its_reason()
    {
        var cluster = Cluster(Samples.Calm(), Both(Handled("rollback"), Advancing(4, "1.0.0", Samples.Digest100, "Rollback")), BackTo100)
            .With("releases", Samples.Release(4, "1.0.0", Samples.Digest100, "RolledBack", "ImagePullBackOff", "the image is gone", "Rollback"));

        var run = await CliRun.OfAsync(["rollback", "shop", "--wait=1m"], connect: cluster.Connect);

        Assert.Equal(1, run.Code);
        Assert.Contains("release 4 (1.0.0): RolledBack: the image is gone", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_end_what_is_under_way_is_a_success_when_it_is_ended()
    {
        static void Revert(JsonObject delivery) => delivery["status"]!["rollout"] = new JsonObject
        {
            ["phase"] = "Reverting", ["attempt"] = Samples.Attempt(3, "1.2.0", Samples.Digest120, "NewImage"), ["reason"] = "Aborted", ["message"] = "1.2.0 was ended by ada", ["deadline"] = "2026-03-01T12:08:00Z",
        };
        var cluster = Cluster(Samples.Advancing(), Both(Handled("rollback"), Revert), BackTo100)
            .With("releases", Samples.Release(3, "1.2.0", Samples.Digest120, "RolledBack", "Aborted", "1.2.0 was ended by ada"));

        var run = await CliRun.OfAsync(["rollback", "shop", "--wait"], connect: cluster.Connect);

        Assert.Equal(0, run.Code);
        Assert.Contains("1.2.0 was ended by ada", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_controllers_words()
    {
        var cluster = Cluster(Samples.Calm(), Handled("rollback"))
            .With("events", Samples.Event("e5", "RequestRefused", "rollback: not now", "2026-03-01T12:00:00Z", "Warning"));

        var run = await CliRun.OfAsync(["rollback", "shop", "--wait"], connect: cluster.Connect);

        Assert.Equal(1, run.Code);
        Assert.Contains("the controller refused: rollback: not now", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_is_not_done_in_the_moment_before_it_starts()
    {
        static void Cleared(JsonObject delivery)
        {
            delivery["status"]!.AsObject().Remove("held");
            delivery["status"]!.AsObject().Remove("rejected");
            Samples.SetReady(delivery, "True", "UpToDate", "1.1.0 runs");
        }

        static void Passed(JsonObject delivery)
        {
            Samples.Settle(delivery);
            delivery["status"]!["current"] = new JsonObject { ["tag"] = "1.2.0", ["digest"] = Samples.Digest120, ["release"] = 4 };
        }

        var cluster = Cluster(Samples.RolledBack(), Both(Handled("retry"), Cleared), Advancing(4, "1.2.0", Samples.Digest120, "NewImage"), Passed)
            .With("releases", Samples.Release(4, "1.2.0", Samples.Digest120, "Succeeded", message: "1.2.0 is healthy on every target"));

        var run = await CliRun.OfAsync(["retry", "shop", "--wait"], connect: cluster.Connect);

        Assert.Equal(0, run.Code);
        Assert.Contains("  1.2.0 is about to start\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("release 4 (1.2.0): Succeeded", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_suspend_is_done_when_the_controller_has_seen_it()
    {
        var cluster = Cluster(Samples.Advancing(), delivery => delivery["metadata"]!["generation"] = 3, delivery => delivery["status"]!["observedGeneration"] = 3);

        var run = await CliRun.OfAsync(["suspend", "shop", "--wait"], connect: cluster.Connect);

        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task A_Delivery_that_is_stuck_is_not_waited_for_to_the_end()
    {
        static void Stuck(JsonObject delivery)
        {
            Samples.SetReady(delivery, "False", "TargetNotFound", "spec.targets[0]: there is no Deployment shop");
            Samples.AddCondition(delivery, "Stalled", "True", "TargetNotFound", "spec.targets[0]: there is no Deployment shop");
        }

        var cluster = Cluster(Samples.Calm(), Both(Handled("check"), Stuck));

        var run = await CliRun.OfAsync(["check", "shop", "--wait"], connect: cluster.Connect);

        Assert.Equal(1, run.Code);
        Assert.Contains("TargetNotFound", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_takes_up_ends_with_5_and_says_what_to_look_at()
    {
        var run = await CliRun.OfAsync(["check", "shop", "--wait=50ms"], connect: Cluster(Samples.Calm()).Connect);

        Assert.Equal(5, run.Code);
        Assert.Contains("see whether the controller runs", run.Error, StringComparison.Ordinal);
    }
}
