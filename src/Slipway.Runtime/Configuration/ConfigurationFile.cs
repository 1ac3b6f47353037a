using System.Text;
using System.Text.Json;
using Slipway.CheckSources;
using Slipway.Registry;
using Slipway.Signatures;
using Slipway.Webhooks.Receivers;
using YamlDotNet.Core;

namespace Slipway.Configuration;

/// <summary>The configuration file cannot be used, and the controller does not start without it. The message says file, place, reason and way out.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads the file that <c>--config</c> names: YAML, once, at the start. Nothing in it is skipped: what is not understood is refused.</summary>
public static class ConfigurationFile
{
    private const int MaxBytes = 1024 * 1024;

    private const string HowToName = "name another file with --config or SLIPWAY_CONFIG";

    /// <exception cref="ConfigurationException">There is no such file, or something in it is not understood.</exception>
    public static SlipwayConfiguration Read(string path) => Parse(path, TextOf(path));

    /// <param name="path">For messages.</param>
    /// <exception cref="ConfigurationException"/>
    public static SlipwayConfiguration Parse(string path, string yaml)
    {
        var document = Document(path, yaml);
        try
        {
            var configuration = document.Root?.Deserialize(ConfigurationJson.Default.SlipwayConfiguration) ?? SlipwayConfiguration.Empty;
            return Checked(configuration) is { } problem ? throw Wrong(path, document, problem.Field, problem.Why) : configuration;
        }
        catch (JsonException e)
        {
            throw Wrong(path, document, e.Path ?? "$", Words(e), e);
        }
    }

    /// <summary>The first thing that is wrong with a section, by its place (<c>$.registries[0].host</c>); null where all is well.</summary>
    private static ConfigurationProblem? Checked(SlipwayConfiguration configuration) =>
        RegistryConfiguration.Check(configuration.Registries ?? [])
        ?? (ReceiverReader.Check(configuration.Receivers ?? []) is var (place, why) ? new ConfigurationProblem($"$.receivers{place}", why) : null)
        ?? ImagePolicyConfiguration.Check(configuration.ImagePolicies ?? [])
        ?? ConcurrencyConfiguration.Check(configuration.Concurrency)
        ?? CheckConfiguration.Check(configuration.Checks)
        ?? ApiConfiguration.Check(configuration.Api);

    private static YamlDocument Document(string path, string yaml)
    {
        try
        {
            return YamlReader.Read(yaml);
        }
        catch (YamlException e)
        {
            throw new ConfigurationException($"{path}: line {e.Start.Line}: {e.Message}", e);
        }
    }

    private static string TextOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.Length > MaxBytes
                ? throw new ConfigurationException($"{path}: it has more than {MaxBytes / 1024} KiB, which no configuration has; {HowToName}")
                : new StreamReader(file, Encoding.UTF8).ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationException($"cannot read the configuration {path}: {e.Message}; {HowToName}", e);
        }
    }

    private static ConfigurationException Wrong(string path, YamlDocument document, string field, string why, Exception? inner = null) =>
        new($"{path}: {(document.LineOf(field) is { } line ? $"line {line}: " : "")}{(field == "$" ? "" : $"{field.TrimStart('$', '.')}: ")}{why}", inner);

    // The serializer's own words name types of ours. What it found is told by where it was, and by what kind of complaint it has.
    private static string Words(JsonException e) =>
        e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "there is no such field; correct its name, or remove it"
        : e.Message.Contains("missing required", StringComparison.Ordinal) ? $"a field is missing: {Missing(e.Message)}"
        : "this is not the kind of value that belongs here (text, number, true or false, list, fields); numbers and words such as true become text in quotes";

    // "... was missing required properties including: 'host', ..."
    private static string Missing(string message) => message.Split("including:").Last().Split(". Path").First().Trim().TrimEnd('.');
}

/// <summary>A value that can be read and makes no sense.</summary>
/// <param name="Field">Its place: <c>$.registries[0].host</c>.</param>
public sealed record ConfigurationProblem(string Field, string Why);
