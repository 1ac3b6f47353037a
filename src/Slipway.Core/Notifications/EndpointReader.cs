using Slipway.Api;
using Slipway.Images;
using Slipway.Notifications.Formats;

namespace Slipway.Notifications;

/// <summary>Finds out what is wrong with the one place that a Notifier tells.</summary>
internal static class EndpointReader
{
    private const int MostRecipients = 50;

    // Of these the address comes from the user, and a login is a choice.
    private static readonly string[] ByAddress = ["webhook", "cloudEvents", "cdEvents", "email"];

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
                "email" => Email(place, spec.Email!),
                "gitlab" => Commit(place, spec.Gitlab!, parts: null),
                _ => null,
            };
    }

    private static SpecProblem? Email(string place, EmailEndpoint endpoint) => endpoint switch
    {
        _ when EmailFormat.ServerOf(endpoint.Address) is null => new($"{place}.address", "it must be the address of a mail server, such as smtp://mail.example.com:587 or smtps://mail.example.com:465, without a login"),
        _ when string.IsNullOrEmpty(endpoint.User) != (endpoint.SecretRef is null) => new($"{place}.user", "a name and secretRef, the password, are given together, or neither where the server asks for none"),
        _ when !IsMailbox(endpoint.From) => new($"{place}.from", "it must be the address of a mailbox, such as slipway@example.com"),
        { To: null or [] } => new($"{place}.to", "it must name who is told: addresses of mailboxes"),
        { To.Count: > MostRecipients } => new($"{place}.to", $"it has more than {MostRecipients} addresses: write to a list of your mail server"),
        { To: var to } when to.FirstOrDefault(one => !IsMailbox(one)) is { } wrong => new($"{place}.to", $"{UntrustedText.Quote(wrong)} is no address of a mailbox: write for example team@example.com"),
        _ => null,
    };

    // The whole grammar (RFC 5322, section 3.4.1) allows what no server takes; the server has the last word.
    private static bool IsMailbox(string? text) =>
        text is { Length: > 2 and <= 254 } && text.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !text.Any(letter => letter is <= ' ' or '<' or '>' or ',' or ';' or '"' or '\\' or '\u007f');

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
