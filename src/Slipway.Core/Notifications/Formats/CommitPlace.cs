using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>Which commit an image was built of, as the Notifier's templates say it.</summary>
/// <param name="Revision">A whole commit, or a name that the server resolves.</param>
internal sealed partial record CommitPlace(string Repository, string Revision, string Environment)
{
    /// <summary>Whether it needs no resolving.</summary>
    public bool IsCommit => Commit.IsMatch(Revision);

    /// <summary>Null where the templates come to nothing here.</summary>
    public static CommitPlace? Of(Notification notification, CommitEndpoint endpoint)
    {
        var repository = MessageTemplate.Render(endpoint.Repository ?? "", notification);
        var revision = MessageTemplate.Render(string.IsNullOrEmpty(endpoint.Revision) ? "{{ version }}" : endpoint.Revision, notification);
        var environment = MessageTemplate.Render(string.IsNullOrEmpty(endpoint.Environment) ? "{{ namespace }}" : endpoint.Environment, notification);
        return repository.Length == 0 || revision.Length == 0 || repository.Split('/').Any(part => part is "" or "." or "..") ? null : new CommitPlace(repository, revision, environment);
    }

    /// <summary>A text of an answer.</summary>
    public static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit { get; }
}
