using Slipway.Api;
using Slipway.Images;

namespace Slipway.Notifications;

/// <summary>Finds out what is wrong with the one place that a Notifier tells.</summary>
internal static class EndpointReader
{
    // Of these the address comes from the user, and a login is a choice.
    private static readonly string[] ByAddress = ["webhook", "cloudEvents", "cdEvents"];

    public static SpecProblem? Problem(NotifierSpec spec, string format, ObjectKeyReference? secret)
    {
        var place = $"spec.{format}";
        return secret is null && !ByAddress.Contains(format) ? new($"{place}.secretRef", "it must be given: name and key of an entry of a Secret in the namespace of the Notifier")
            : secret is { Name: null or "" } or { Key: null or "" } ? new($"{place}.secretRef", "it needs name and key of an entry of a Secret in the namespace of the Notifier")
            : format switch
            {
                "webhook" => Address(place, spec.Webhook!.Address, required: true),
                "cloudEvents" => Events(place, spec.CloudEvents!),
                "cdEvents" => Events(place, spec.CdEvents!),
                "pagerDuty" => Address(place, spec.PagerDuty!.Address, required: false),
                "opsgenie" => Address(place, spec.Opsgenie!.Address, required: false),
                "github" => Commit(place, spec.Github!, parts: 2),
                "gitlab" => Commit(place, spec.Gitlab!, parts: null),
                _ => null,
            };
    }

    private static SpecProblem? Events(string place, EventEndpoint endpoint) =>
        Address(place, endpoint.Address, required: true)
        ?? (endpoint.Mode is null or "" or "Structured" or "Binary" ? null : new($"{place}.mode", $"{UntrustedText.Quote(endpoint.Mode)} is no mode: write Structured or Binary"));

    private static SpecProblem? Commit(string place, CommitEndpoint endpoint, int? parts) =>
        Address(place, endpoint.Address, required: false) ?? Repository($"{place}.repository", endpoint.Repository, parts)
        ?? Template($"{place}.repository", endpoint.Repository) ?? Template($"{place}.revision", endpoint.Revision) ?? Template($"{place}.environment", endpoint.Environment);

    private static SpecProblem? Repository(string field, string? repository, int? parts) =>
        string.IsNullOrEmpty(repository) ? new(field, "it must be given, such as acme/shop")
        : parts is { } exactly && repository.Split('/').Length != exactly ? new(field, $"{UntrustedText.Quote(repository)} is no repository: write owner and name, such as acme/shop")
        : null;

    private static SpecProblem? Template(string field, string? text) => text is not null && MessageTemplate.Problem(text) is { } why ? new(field, why) : null;

    private static SpecProblem? Address(string place, string? address, bool required) =>
        string.IsNullOrEmpty(address) ? required ? new($"{place}.address", "it must be given, such as https://hooks.example.com/slipway") : null
        : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? null
        : new($"{place}.address", "it is no address with http or https and without a login: write for example https://hooks.example.com/slipway, and the login into a Secret");
}
