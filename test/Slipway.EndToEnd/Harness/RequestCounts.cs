using System.Text.Json;

namespace Slipway.EndToEnd.Harness;

/// <summary>What the API server wrote down about the requests of one user: its audit log, one JSON object a line.</summary>
internal static class AuditLog
{
    /// <param name="Resource">With its subresource: <c>deployments/scale</c>.</param>
    /// <param name="Body">What was sent, where the policy keeps it: the controller's writes to workloads.</param>
    public sealed record Request(string User, string Verb, string Resource, string Path, int Code, DateTimeOffset At, string? Body)
    {
        public bool Writes => Verb is not ("get" or "list" or "watch");
    }

    /// <summary>Finished requests of the user after the position; a watch counts when it ends.</summary>
    public static IReadOnlyList<Request> Since(string path, long position, string user)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = position;
        using var lines = new StreamReader(file);
        List<Request> found = [];
        while (lines.ReadLine() is { } line)
        {
            if (line.EndsWith('}') && line.Contains(user, StringComparison.Ordinal) && Read(line) is { } request && request.User == user)
            {
                found.Add(request);
            }
        }

        return found;
    }

    public static long End(string path) => new FileInfo(path).Length;

    private static Request? Read(string line)
    {
        using var entry = JsonDocument.Parse(line);
        var root = entry.RootElement;
        return root.GetProperty("stage").GetString() != "ResponseComplete" ? null : new Request(
            root.GetProperty("user").GetProperty("username").GetString()!,
            root.GetProperty("verb").GetString()!,
            root.TryGetProperty("objectRef", out var of) && of.TryGetProperty("resource", out var resource)
                ? of.TryGetProperty("subresource", out var sub) ? $"{resource.GetString()}/{sub.GetString()}" : resource.GetString()! : "",
            root.GetProperty("requestURI").GetString()!,
            root.GetProperty("responseStatus").GetProperty("code").GetInt32(),
            root.GetProperty("stageTimestamp").GetDateTimeOffset(),
            root.TryGetProperty("requestObject", out var body) ? body.GetRawText() : null);
    }
}

/// <summary>The registry's access log: one line for each request.</summary>
internal static class AccessLog
{
    public static long End(string path) => new FileInfo(path).Length;

    /// <summary>Requests after the position whose line has this text (the repository, the user agent).</summary>
    public static IReadOnlyList<string> Since(string path, long position, string text)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = position;
        using var lines = new StreamReader(file);
        List<string> found = [];
        while (lines.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                found.Add(line);
            }
        }

        return found;
    }
}
