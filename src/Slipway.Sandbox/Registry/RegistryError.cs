using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>Error bodies and codes of the OCI distribution spec 1.1 ("Error Codes"), with the statuses that docker-registry gives them.</summary>
internal static class RegistryError
{
    public static RegistryAnswer BlobUnknown(string digest) => Of(404, "BLOB_UNKNOWN", "blob unknown to registry", digest);

    public static RegistryAnswer BlobUploadUnknown(string session) => Of(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", session);

    public static RegistryAnswer BlobUploadOutOfOrder(string why) => Of(416, "BLOB_UPLOAD_INVALID", "blob upload invalid", why);

    public static RegistryAnswer DigestInvalid(string why) => Of(400, "DIGEST_INVALID", "provided digest did not match uploaded content", why);

    public static RegistryAnswer ManifestBlobUnknown(string digest) => Of(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry", digest);

    public static RegistryAnswer ManifestInvalid(string why) => Of(400, "MANIFEST_INVALID", "manifest invalid", why);

    public static RegistryAnswer ManifestTooLarge(int limit) => Of(413, "SIZE_INVALID", "manifest too large", $"at most {limit} bytes");

    public static RegistryAnswer ManifestUnknown(string reference, string message = "manifest unknown") => Of(404, "MANIFEST_UNKNOWN", message, reference);

    public static RegistryAnswer NameInvalid(string name) => Of(400, "NAME_INVALID", "invalid repository name", name);

    public static RegistryAnswer NameUnknown(string name) => Of(404, "NAME_UNKNOWN", "repository name not known to registry", name);

    public static RegistryAnswer PageSizeInvalid(string n) => Of(400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested", n);

    public static RegistryAnswer TagInvalid(string tag) => Of(400, "TAG_INVALID", "manifest tag did not match URI", tag);

    public static RegistryAnswer TooManyRequests(string message) => Of(429, "TOOMANYREQUESTS", message);

    public static RegistryAnswer Unauthorized(string challenge) => Of(401, "UNAUTHORIZED", "authentication required").With("WWW-Authenticate", challenge);

    public static RegistryAnswer Unsupported(string method) => Of(405, "UNSUPPORTED", "the operation is unsupported", method);

    public static RegistryAnswer PageNotFound() => new(404) { ContentType = "text/plain; charset=utf-8", Body = "404 page not found\n"u8.ToArray() };

    public static RegistryAnswer Of(int status, string code, string message, string? detail = null) => RegistryAnswer.Json(status, new JsonObject
    {
        ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message, ["detail"] = detail }),
    });
}
