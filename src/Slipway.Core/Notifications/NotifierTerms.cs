using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Images;
using Slipway.Webhooks.Receivers;
using Slipway.Workloads;

namespace Slipway.Notifications;

/// <summary>A Notifier that was read. One that cannot be read tells nothing, and says why in its status.</summary>
public sealed record NotifierTerms
{
    private const int LongestTemplate = 2000;

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>What it tells: slack, webhook, ….</summary>
    public string Format { get; init; } = "";

    public required Route Route { get; init; }

    public required NotifierSpec Spec { get; init; }

    /// <summary>The entry that is read when something is to be told; null where nothing secret is needed.</summary>
    public ObjectKeyReference? Secret { get; init; }

    /// <summary>What cannot be read; null when all can.</summary>
    public SpecProblem? Problem { get; init; }

    /// <param name="home">The controller's own namespace, whose Notifiers may speak for others.</param>
    /// <param name="links">Whether the controller can make links.</param>
    public static NotifierTerms Read(Notifier notifier, string? home, bool links = false)
    {
        var spec = notifier.Spec ?? new();
        var ns = notifier.Metadata.Namespace ?? "";
        var endpoints = EndpointsOf(spec).Where(endpoint => endpoint.Is).ToArray();
        var problem = endpoints.Length switch
        {
            0 => new SpecProblem("spec", $"it names no place to tell: write one of {string.Join(", ", EndpointsOf(spec).Select(endpoint => endpoint.Name))}"),
            1 => EndpointReader.Problem(spec, endpoints[0].Name, endpoints[0].Secret),
            _ => new SpecProblem("spec", $"it names {string.Join(" and ", endpoints.Select(endpoint => endpoint.Name))}: keep one, and write another Notifier for the other"),
        };
        var events = (spec.Events ?? []).Select(name => Enum.GetNames<NotificationEvent>().Contains(name) ? Enum.Parse<NotificationEvent>(name) : (NotificationEvent?)null).ToArray();
        problem ??= spec.ApprovalLinks == true && !links ? NoLinks : null;
        problem ??= RouteProblem(spec, events, ns, home) ?? TemplateProblem("spec.title", spec.Title) ?? TemplateProblem("spec.text", spec.Text);
        return new NotifierTerms
        {
            Namespace = ns,
            Name = notifier.Metadata.Name,
            Format = endpoints.FirstOrDefault().Name ?? "",
            Spec = spec,
            Secret = endpoints.FirstOrDefault().Secret,
            Problem = problem,
            Route = new Route(
                events is [] ? Route.Usual : [.. events.OfType<NotificationEvent>()],
                Enum.TryParse<NotificationSeverity>(spec.Severity, out var least) ? least : NotificationSeverity.Info,
                spec.Namespaces is { Count: > 0 } globs && ns == home ? [.. globs.Select(glob => new NameGlob(glob))] : [new NameGlob(ns)],
                problem is null && !LabelSelectors.IsEmpty(spec.Selector) ? spec.Selector : null)
            {
                EndsIncidents = spec.PagerDuty is not null || spec.Opsgenie is not null,
            },
        };
    }

    private static SpecProblem NoLinks =>
        new("spec.approvalLinks", "the controller can make none: whoever runs it sets api.publicAddress and api.sessionKeyFile in its configuration; or leave it out");

    private static SpecProblem? RouteProblem(NotifierSpec spec, NotificationEvent?[] events, string ns, string? home) => spec switch
    {
        _ when Array.IndexOf(events, null) is >= 0 and var at => new($"spec.events[{at}]", $"{UntrustedText.Quote(spec.Events![at])} is no event: there are {string.Join(", ", Enum.GetNames<NotificationEvent>())}"),
        { Severity: { Length: > 0 } severity } when !Enum.GetNames<NotificationSeverity>().Contains(severity) => new("spec.severity", $"{UntrustedText.Quote(severity)} is no severity: write Info, Warning or Error"),
        { Namespaces.Count: > 0 } when ns != home => new("spec.namespaces", $"only a Notifier in the controller's own namespace ({home ?? "unknown"}) may speak for others: leave it out, or write it there"),
        { Selector: { } selector } when LabelSelectors.Problem(selector) is { } wrong => new("spec.selector", wrong),
        _ => null,
    };

    private static SpecProblem? TemplateProblem(string field, string? template) =>
        template is null ? null
        : template.Length > LongestTemplate ? new(field, $"it has more than {LongestTemplate} letters: make it shorter")
        : MessageTemplate.Problem(template) is { } why ? new(field, why)
        : null;

    private static ImmutableArray<(string Name, bool Is, ObjectKeyReference? Secret)> EndpointsOf(NotifierSpec spec) =>
    [
        ("slack", spec.Slack is not null, spec.Slack?.SecretRef),
        ("teams", spec.Teams is not null, spec.Teams?.SecretRef),
        ("mattermost", spec.Mattermost is not null, spec.Mattermost?.SecretRef),
        ("discord", spec.Discord is not null, spec.Discord?.SecretRef),
        ("googleChat", spec.GoogleChat is not null, spec.GoogleChat?.SecretRef),
        ("pagerDuty", spec.PagerDuty is not null, spec.PagerDuty?.SecretRef),
        ("opsgenie", spec.Opsgenie is not null, spec.Opsgenie?.SecretRef),
        ("github", spec.Github is not null, spec.Github?.SecretRef),
        ("gitlab", spec.Gitlab is not null, spec.Gitlab?.SecretRef),
        ("webhook", spec.Webhook is not null, spec.Webhook?.SecretRef),
        ("cloudEvents", spec.CloudEvents is not null, spec.CloudEvents?.SecretRef),
        ("cdEvents", spec.CdEvents is not null, spec.CdEvents?.SecretRef),
        ("email", spec.Email is not null, spec.Email?.SecretRef),
    ];
}
