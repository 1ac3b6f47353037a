using System.Text;

namespace Slipway.Controller.Webhooks;

/// <summary>A mounted Secret. It changes under its name, and no cache is as right as the file, so it is read when it is needed: a few bytes of memory to the kernel.</summary>
internal static class SecretFile
{
    private const int Longest = 4096;

    /// <param name="shortest">Characters; what a person makes up is shorter, and is guessed.</param>
    /// <param name="why">That there is no secret, and what to do; empty where there is one.</param>
    public static bool TryRead(string path, int shortest, out string text, out string why)
    {
        (text, why) = ("", "");
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[Longest + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

            // Editors and "echo" end a file with a line feed, and nobody means it.
            text = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
            why = length > Longest ? $"{path} is longer than {Longest} bytes, so it is not the secret alone"
                : text.Length < shortest ? $"the secret in {path} has under {shortest} characters; make one with 'openssl rand -hex 32'"
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = $"{path} cannot be read ({e.Message}); mount the Secret that it is of";
        }

        return why.Length == 0;
    }
}
