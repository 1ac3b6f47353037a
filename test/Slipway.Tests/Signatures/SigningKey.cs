using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

/// <summary>A key pair that <c>openssl</c> made and signs with: what is verified here was never signed by the code that verifies it.</summary>
internal sealed class SigningKey
{
    public static readonly string[] Ec256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    public static readonly string[] Ec384 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
    public static readonly string[] Ed25519 = ["-algorithm", "ED25519"];
    public static readonly string[] Rsa2048 = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];

    private static readonly ConcurrentDictionary<string, Lazy<SigningKey>> Made = new();

    private readonly string _privatePem;

    private SigningKey(string[] algorithm)
    {
        _privatePem = OpenSsl.RunText(["genpkey", .. algorithm]);
        PublicPem = OpenSsl.RunText(["pkey", "-pubout"], _privatePem);
        Public = PemKeys.Read(PublicPem, out _).FirstOrDefault();
        IsEdwards = algorithm == Ed25519;
    }

    /// <summary>The same pair for the same name in the whole run: making an RSA key takes a while.</summary>
    public static SigningKey Named(string name, string[]? algorithm = null) =>
        Made.GetOrAdd($"{name} {string.Join(' ', algorithm ?? Ec256)}", _ => new(() => new SigningKey(algorithm ?? Ec256))).Value;

    public string PublicPem { get; }

    public string PrivatePem => _privatePem;

    /// <summary>Null where the product takes no such keys.</summary>
    public VerificationKey? Public { get; }

    private bool IsEdwards { get; }

    /// <param name="options">Of <c>openssl dgst</c>; it is not what signs with Ed25519, which has no options.</param>
    public byte[] Sign(byte[] message, params string[] options)
    {
        var files = Directory.CreateTempSubdirectory("slipway-sign");
        try
        {
            var (key, input) = (Path.Combine(files.FullName, "key"), Path.Combine(files.FullName, "in"));
            File.WriteAllText(key, _privatePem);
            File.WriteAllBytes(input, message);
            return IsEdwards
                ? OpenSsl.Run(["pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", input])
                : OpenSsl.Run(["dgst", .. options.Length == 0 ? ["-sha256"] : options, "-sign", key, input]);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    public string SignText(byte[] message, params string[] options) => Convert.ToBase64String(Sign(message, options));
}

/// <summary>The command, which .ci/run installs where it is missing.</summary>
internal static class OpenSsl
{
    public static string RunText(string[] arguments, string? input = null) => Encoding.ASCII.GetString(Run(arguments, input));

    public static byte[] Run(string[] arguments, string? input = null)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        var complaint = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {complaint.Result}");
    }
}
