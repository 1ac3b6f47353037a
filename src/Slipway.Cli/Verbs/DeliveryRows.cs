using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.Cluster;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.Kube;
using Slipway.Rollouts;

namespace Slipway.Cli.Verbs;

/// <summary>Deliveries a row each, and as they change: what <c>get</c> shows.</summary>
internal sealed class DeliveryRows(Surroundings surroundings, OutputFlag output, ParseResult parse, bool all)
{
    /// <summary>Shows <paramref name="found"/>, then each one that changes, until it is stopped.</summary>
    public async Task FollowAsync(DeliverySight sight, IReadOnlyList<Fetched<Delivery>> found, CancellationToken cancellationToken)
    {
        var widths = Show([], found, output.Headings(parse));
        await foreach (var change in sight.ChangesAsync(cancellationToken))
        {
            switch (change)
            {
                case WatchEvent<Fetched<Delivery>>.Applied applied:
                    widths = Show(widths, [applied.Item.Value], headings: false);
                    break;
                case WatchEvent<Fetched<Delivery>>.Deleted deleted when output.IsTable(parse):
                    surroundings.Error.WriteLine($"Delivery {deleted.Key} is gone: deleted, or no longer labelled so");
                    break;
            }
        }
    }

    private int[] Show(int[] widths, IReadOnlyList<Fetched<Delivery>> items, bool headings)
    {
        if (output.IsTable(parse))
        {
            return TableOf(items.Select(item => item.Value), all, output.IsWide(parse), surroundings.Time.GetUtcNow()).Continue(surroundings.Out, surroundings.Palette, widths, headings);
        }

        foreach (var item in items)
        {
            surroundings.Out.Write(output.Read(parse) switch
            {
                OutputFormat.Json => JsonText.LineOf(item.Raw) + "\n",
                OutputFormat.Yaml => YamlText.OfMany([item.Raw]),
                _ => output.Text(parse, item.Raw),
            });
        }

        return widths;
    }

    public static Table TableOf(IEnumerable<Delivery> deliveries, bool all, bool wide, DateTimeOffset now)
    {
        string[] headings =
        [
            .. all ? ["NAMESPACE"] : Array.Empty<string>(),
            "NAME", "VERSION", "CANDIDATE", "READY", "STATUS", "AGE",
            .. wide ? ["DIGEST", "RELEASE", "STRATEGY", "STEP", "TARGETS", "REPOSITORY"] : Array.Empty<string>(),
        ];
        var table = new Table(headings);
        foreach (var delivery in deliveries)
        {
            table.Add([.. all ? [delivery.Metadata.Namespace] : Array.Empty<Cell>(), .. Row(delivery, now), .. wide ? More(delivery) : []]);
        }

        return table;
    }

    private static Cell[] Row(Delivery delivery, DateTimeOffset now)
    {
        var status = delivery.Status ?? new DeliveryStatus();
        var ready = status.Conditions?.FirstOrDefault(condition => condition.Type == DeliveryConditions.Ready);
        return
        [
            delivery.Metadata.Name,
            status.Current is { } current ? Words.Version(current.Tag, current.Digest) : null,
            status.Candidate is { } candidate ? Words.Version(candidate.Tag, candidate.Digest) : null,
            new Cell(ready?.Status ?? "Unknown", ready?.Status switch { "True" => Tone.Good, "False" => Tone.Bad, _ => Tone.Notable }),
            status.Held?.Reason ?? ready?.Reason,
            delivery.Metadata.CreationTimestamp is { } created ? Words.Age(now - created) : null,
        ];
    }

    private static Cell[] More(Delivery delivery)
    {
        var (spec, status) = (delivery.Spec ?? new DeliverySpec(), delivery.Status ?? new DeliveryStatus());
        return
        [
            status.Current is { } current ? Words.ShortDigest(current.Digest) : null,
            status.LastRelease > 0 ? $"{status.LastRelease}" : null,
            spec.Strategy switch { { Canary: not null } => "Canary", { BlueGreen: not null } => "BlueGreen", _ => "Rolling" },
            status.Rollout is RolloutState.Stepping { Attempt.Plan: { } plan } at ? $"{at.Step + 1}/{plan.Steps.Count}" : null,
            string.Join(",", (spec.Targets ?? []).Select(target => $"{target.Kind ?? "Deployment"}/{target.Name ?? "*"}")),
            spec.Source?.Repository,
        ];
    }
}
