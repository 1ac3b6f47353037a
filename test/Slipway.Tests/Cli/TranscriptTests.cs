using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Cli;

/// <summary>What a terminal shows of whole command lines: all actions, and all that can go wrong, with the exit codes that scripts see.</summary>
public sealed class TranscriptTests
{
    private static readonly string[] Verbs = ["approve", "reject", "promote", "abort", "rollback", "suspend", "resume", "retry", "check"];

    private static readonly string[] Readers = ["get", "describe", "why", "watch", "history", "diff", "events", "logs"];

    private static FakeCluster Cluster(string delivery) => new FakeCluster().With("deliveries", delivery).WithHistory().WithFailure();

    private static string Waiting() => Samples.Changed(delivery =>
    {
        delivery["status"]!["candidate"] = Samples.Candidate120();
        delivery["status"]!["held"] = new JsonObject { ["reason"] = "AwaitingApproval", ["message"] = "1.2.0 waits for a person's yes" };
    });

    [Fact]
    public async Task Each_action_tells_what_was_asked_or_why_not()
    {
        var text = new StringBuilder();
        (string Title, Func<string> Delivery)[] states =
            [("calm", () => Samples.Calm()), ("advancing", Samples.Advancing), ("a canary's second step", () => Midway.Stepping()), ("rolled back", Samples.RolledBack), ("waits for a yes", Waiting), ("suspended", () => Samples.Changed(delivery => delivery["spec"]!["suspend"] = true))];
        foreach (var (title, delivery) in states)
        {
            text.Append($"== {title}\n\n");
            foreach (var verb in Verbs)
            {
                await SayAsync(text, Cluster(delivery()).Connect, verb, "shop");
            }
        }

        await SayAsync(text, Cluster(Waiting()).Connect, "approve", "-A");
        await SayAsync(text, Cluster(Waiting()).Connect, "reject", "-A", "--reason", "not today");
        Golden.Match("transcripts/actions.txt", text.ToString());
    }

    [Fact]
    public async Task Each_mistake_says_the_way_out()
    {
        var text = new StringBuilder();
        foreach (var verb in Readers.Concat(Verbs))
        {
            await SayAsync(text, Cluster(Samples.Calm()).Connect, verb, "nosuch");
        }

        string[][] wrong =
        [
            ["get", "Shop"], ["get", "shop", "-A"], ["get", "-o", "xml"], ["get", "-o", "jsonpath={.a"], ["history", "shop", "-o", "nmae"], ["describe", "shop", "-o", "wide"], ["diff", "shop", "9", "1"],
            ["logs", "shop", "--check", "nosuch"], ["watch", "shop", "--timeout", "soon"], ["rollback", "shop", "--to", "9"], ["rollback", "shop", "--to", "x"], ["promote", "shop", "--to", "1"], ["rollback", "shop", "--wait=soon"], ["check", "shop", "--timeout", "1m"],
            ["approve"], ["approve", "shop", "--digest", "latest"], ["freeze", "sale"], ["unfreeze", "nosuch"], ["doctor", "--timeout", "0s"], ["nosuch"], ["get", "--nosuch"], ["get", "--cluster", "c", "--as-group", "g"],
        ];
        foreach (var args in wrong)
        {
            await SayAsync(text, Cluster(Samples.Calm()).Connect, args);
        }

        Golden.Match("transcripts/mistakes.txt", text.ToString());
    }

    [Fact]
    public async Task A_cluster_that_does_not_let_us_or_is_not_there_is_told_as_such()
    {
        var text = new StringBuilder();
        static FakeCluster Closed() => new() { Fault = _ => FakeCluster.Failure(HttpStatusCode.Forbidden, "Forbidden", "deliveries.slipway.dev is forbidden: User \"ada\" cannot do that") };
        foreach (var args in new string[][] { ["get"], ["why", "shop"], ["rollback", "shop"], ["freeze", "sale", "--reason", "x"] })
        {
            await SayAsync(text, Closed().Connect, args);
        }

        var absent = new FakeCluster { Fault = asked => asked.Path.Contains("slipway.dev", StringComparison.Ordinal) ? FakeCluster.Failure(HttpStatusCode.NotFound, "NotFound", "the server could not find the requested resource") : null };
        await SayAsync(text, absent.Connect, "get");
        await SayAsync(text, _ => throw new ConnectionException("no kubeconfig at /home/ada/.kube/config, and this is not a pod; set KUBECONFIG or pass --kubeconfig"), "get");
        Golden.Match("transcripts/closed.txt", text.ToString());
    }

    private static async Task SayAsync(StringBuilder text, Func<ConnectionOptions, ClusterConnection> connect, params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: connect);
        text.Append($"$ slipway {string.Join(' ', args)}\n{run.Out}{string.Concat(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"! {line}\n"))}exit {run.Code}\n\n");
    }
}
