using System.Text;

namespace Slipway.Registry;

/// <summary>
/// What a docker credential helper answers to <c>get</c> (docker-credential-helpers, "Development"): on stdin a server, on stdout
/// <c>{"ServerURL","Username","Secret"}</c>, or a message and an exit code that is not 0.
/// </summary>
public static class HelperAnswer
{
    // credentials/error.go: how helpers say that they simply have none.
    private const string NotFound = "credentials not found in native keychain";

    // docker/cli, credentials/native_store.go: the name by which a helper says that the secret is an identity token.
    private const string TokenUser = "<token>";

    /// <returns>Null without a reason where the helper has nothing for this server; null with one where it failed. No reason has the helper's own words.</returns>
    public static RegistryCredential? Read(int exitCode, ReadOnlyMemory<byte> stdout, out string? why)
    {
        why = null;
        if (exitCode != 0)
        {
            why = Encoding.UTF8.GetString(stdout.Span).Trim() == NotFound ? null : $"it ends with exit code {exitCode}";
            return null;
        }

        var credential = CloudJson.Read(stdout, root => (root.Text("Username") ?? "", root.Text("Secret")) switch
        {
            (TokenUser, { } token) => new RegistryCredential("", "", IdentityToken: token),
            ({ Length: > 0 } username, { } secret) => new RegistryCredential(username, secret),
            _ => null,
        });
        why = credential is null ? "it answers with no Username and Secret" : null;
        return credential;
    }
}
