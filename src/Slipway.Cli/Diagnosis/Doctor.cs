using System.Collections.Immutable;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>Looks at one thing. What it throws of a cluster becomes a finding: not to know is an answer, too.</summary>
internal delegate Task<IReadOnlyList<Finding>> Look(Examination examination, CancellationToken cancellationToken);

/// <summary>All probes, in the order in which they are told: what is needed by all others first.</summary>
internal static class Doctor
{
    public const string ServerSubject = "server";

    private static readonly ImmutableArray<(string Subject, Look Look)> Probes =
    [
        (ServerSubject, ServerProbe.LookAsync),
        ("definitions", DefinitionsProbe.LookAsync),
        ("controller", ControllerProbe.LookAsync),
        ("leader", LeaderProbe.LookAsync),
        ("its rights", RightsProbe.OfControllerAsync),
        ("your rights", RightsProbe.OfCallerAsync),
        ("receivers", ReceiversProbe.LookAsync),
        ("registries", DeliveriesProbe.RegistriesAsync),
        ("notifiers", DeliveriesProbe.NotifiersAsync),
        ("freezes", DeliveriesProbe.FreezesAsync),
        ("deliveries", DeliveriesProbe.LookAsync),
    ];

    /// <param name="patience">For each probe; they look at the same time.</param>
    /// <returns>In the order of the probes. Where the server does not answer, nothing else is there to be told.</returns>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(Examination examination, TimeSpan patience, CancellationToken cancellationToken)
    {
        var server = await OneAsync(ServerSubject, ServerProbe.LookAsync, examination, patience, cancellationToken);
        if (server.Any(finding => finding.Verdict == Verdict.Unknown && finding.Subject == ServerSubject))
        {
            return [.. server.Select(finding => finding.Verdict == Verdict.Unknown ? finding with { Verdict = Verdict.Problem } : finding)];
        }

        var others = await Task.WhenAll(Probes.Skip(1).Select(probe => OneAsync(probe.Subject, probe.Look, examination, patience, cancellationToken)));
        return [.. server, .. others.SelectMany(findings => findings)];
    }

    private static async Task<IReadOnlyList<Finding>> OneAsync(string subject, Look look, Examination examination, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, examination.Connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await look(examination, either.Token);
        }
        catch (KubeException e)
        {
            return [Unknown(subject, e)];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [new Finding(subject, Verdict.Unknown, $"no answer within {patience.TotalSeconds:0.#} s", "try again with a longer --timeout; if that lasts, see how the API server does: kubectl get --raw /readyz")];
        }
    }

    /// <summary>What somebody may not look at is no problem of the cluster's.</summary>
    public static Finding Unknown(string subject, KubeException e) => new(
        subject,
        Verdict.Unknown,
        e.Message,
        e.IsForbidden ? "you may not look at it: ask for the right to, or have somebody run it who may"
            : e.IsNotFound ? "the kind is not there: slipway install | kubectl apply -f -"
            : "see how the API server does: kubectl get --raw /readyz");
}
