using System.Globalization;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Reads resourceVersion and resourceVersionMatch ("Resource versions" of the Kubernetes API concepts).</summary>
internal static class VersionQuery
{
    /// <returns>Null when none is given; 0 stands for "any".</returns>
    /// <exception cref="StatusException">BadRequest, when it is no version.</exception>
    public static long? Read(ApiRequest request)
    {
        var text = request.Query("resourceVersion");
        if (text.Length == 0)
        {
            return null;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiStatus.BadRequest($"resourceVersion: Invalid value: \"{text}\": must be a version that the server gave").Thrown();
    }

    /// <exception cref="StatusException">Timeout, when the version is not there yet.</exception>
    public static void RequireReached(long version, long current)
    {
        if (version > current)
        {
            throw new ApiStatus(504, "Timeout", $"Too large resource version: {version}, current: {current}")
            {
                RetryAfterSeconds = 1,
                Causes = [new("ResourceVersionTooLarge", "Too large resource version", "")],
            }.Thrown();
        }
    }

    /// <returns>Whether exactly the given version is wanted.</returns>
    public static bool IsExact(ApiRequest request, long? version)
    {
        var match = request.Query("resourceVersionMatch");
        if (match.Length > 0 && version is null && !request.Flag("sendInitialEvents"))
        {
            throw Refused("FieldValueForbidden", "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        return match switch
        {
            "" or "NotOlderThan" => false,
            "Exact" when version == 0 =>
                throw Refused("FieldValueForbidden", "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""),
            "Exact" => true,
            _ => throw Refused("FieldValueNotSupported", $"Unsupported value: \"{match}\": supported values: \"Exact\", \"NotOlderThan\""),
        };
    }

    public static StatusException Refused(string reason, string message) => ApiRequest.Invalid("resourceVersionMatch", reason, message).Thrown();
}
