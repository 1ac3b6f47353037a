namespace Slipway.Api;

/// <summary>Who is told of what Deliveries do, and where.</summary>
public sealed record Notifier
{
    public string ApiVersion { get; init; } = ApiNames.ApiVersion;

    public string Kind { get; init; } = ApiNames.NotifierKind;

    public ObjectMeta Metadata { get; init; } = new();

    public NotifierSpec? Spec { get; init; }

    public NotifierStatus? Status { get; init; }
}

/// <summary>What the API server answers to a list of Notifiers.</summary>
public sealed record NotifierList(ListMeta? Metadata, IReadOnlyList<Notifier>? Items, string ApiVersion = ApiNames.ApiVersion, string Kind = "NotifierList");

/// <summary>What a user writes: exactly one place to tell, and what is told. As in a <see cref="DeliverySpec"/>, nothing here is trusted.</summary>
public sealed record NotifierSpec
{
    /// <summary>Names of events; default: all but Stepping, Advancing and Draining.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Info (default), Warning or Error: what is less is not told.</summary>
    public string? Severity { get; init; }

    /// <summary>Labels of Deliveries; default: all.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary>Names of namespaces, with * for any letters: only in the controller's own namespace. Default: the Notifier's own.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>The heading, with placeholders.</summary>
    public string? Title { get; init; }

    /// <summary>What stands below it, with placeholders.</summary>
    public string? Text { get; init; }

    /// <summary>Whether a message that somebody is waited for has a link by which whoever reads it may answer. Default: false.</summary>
    public bool? ApprovalLinks { get; init; }

    public ChatEndpoint? Slack { get; init; }

    public HookEndpoint? Teams { get; init; }

    public ChatEndpoint? Mattermost { get; init; }

    public HookEndpoint? Discord { get; init; }

    public HookEndpoint? GoogleChat { get; init; }

    public IncidentEndpoint? PagerDuty { get; init; }

    public IncidentEndpoint? Opsgenie { get; init; }

    public CommitEndpoint? Github { get; init; }

    public CommitEndpoint? Gitlab { get; init; }

    public WebhookEndpoint? Webhook { get; init; }

    public EventEndpoint? CloudEvents { get; init; }

    public EventEndpoint? CdEvents { get; init; }

    public EmailEndpoint? Email { get; init; }
}

/// <summary>A chat: the entry of the Secret is the address of its webhook or, for Slack with a channel, the token of a bot.</summary>
public sealed record ChatEndpoint(ObjectKeyReference? SecretRef = null, string? Channel = null);

/// <summary>A webhook whose address is itself the secret.</summary>
public sealed record HookEndpoint(ObjectKeyReference? SecretRef = null);

/// <summary>Who is woken: the entry of the Secret is the key of an integration.</summary>
/// <param name="Address">Another region than the usual one.</param>
public sealed record IncidentEndpoint(ObjectKeyReference? SecretRef = null, string? Address = null);

/// <summary>The commit that was built into the image; the entry of the Secret is a token.</summary>
/// <param name="Repository">Its path, such as acme/shop, with placeholders.</param>
/// <param name="Revision">A commit, a tag or a branch, with placeholders; default: the version.</param>
/// <param name="Environment">With placeholders; default: the namespace.</param>
/// <param name="Deployments">Whether deployments are told beside the status of the commit.</param>
public sealed record CommitEndpoint(
    ObjectKeyReference? SecretRef = null, string? Address = null, string? Repository = null, string? Revision = null, string? Environment = null, bool? Deployments = null);

/// <summary>Any server; the entry of the Secret is the key by which the requests are signed.</summary>
public sealed record WebhookEndpoint(ObjectKeyReference? SecretRef = null, string? Address = null);

/// <summary>A receiver of CloudEvents; the entry of the Secret is a token.</summary>
/// <param name="Mode">Structured (default) or Binary.</param>
/// <param name="Environment">Of CDEvents; default: the namespace.</param>
public sealed record EventEndpoint(ObjectKeyReference? SecretRef = null, string? Address = null, string? Mode = null, string? Environment = null);

/// <summary>A mail server that takes mail for others; the entry of the Secret is the password of <paramref name="User"/>.</summary>
/// <param name="Address">smtp://HOST:PORT, with STARTTLS where there is a password, or smtps://HOST:PORT.</param>
public sealed record EmailEndpoint(ObjectKeyReference? SecretRef = null, string? Address = null, string? User = null, string? From = null, IReadOnlyList<string>? To = null);

/// <summary>How telling goes.</summary>
public sealed record NotifierStatus
{
    public long ObservedGeneration { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>When something was told last.</summary>
    public DateTimeOffset? LastDelivered { get; init; }

    /// <summary>Messages that were given up: refused for good, or too old.</summary>
    public long Failures { get; init; }

    /// <summary>Messages that had no room while others waited.</summary>
    public long Dropped { get; init; }

    /// <summary>Whether storing <paramref name="other"/> instead would change anything.</summary>
    public bool SameAs(NotifierStatus other) => this with { Conditions = null } == other with { Conditions = null } && (Conditions ?? []).SequenceEqual(other.Conditions ?? []);
}
