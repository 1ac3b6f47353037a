using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Registry;

/// <param name="Stdout">May hold a secret.</param>
/// <param name="Problem">Why there is no answer; null where the program came to its end.</param>
internal sealed record ProgramResult(int ExitCode, ReadOnlyMemory<byte> Stdout, string? Problem = null);

/// <summary>
/// Runs a program that gives credentials: no shell, one question on stdin, one answer on stdout, bounded in time and size. What it writes to
/// stderr is dropped, for it may tell of secrets.
/// </summary>
internal static class ProgramRun
{
    private const int MaxBytes = 1024 * 1024;

    // The kubelet gives its plugins a minute as well (pkg/credentialprovider/plugin).
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <param name="path">Absolute.</param>
    /// <param name="variables">Beside those of this process, but for its own (<c>SLIPWAY_…</c>), which are nobody else's business.</param>
    public static async Task<ProgramResult> RunAsync(
        string path, IEnumerable<string> args, IEnumerable<KeyValuePair<string, string>> variables, ReadOnlyMemory<byte> stdin, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = new Process { StartInfo = Start(path, args, variables) };
        try
        {
            if (!process.Start())
            {
                return Failed("it cannot be started");
            }
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return Failed(File.Exists(path) ? "it cannot be started" : $"there is no program {path}");
        }

        try
        {
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, either.Token);
            await WriteAsync(process.StandardInput, stdin, either.Token);
            if (await ReadAsync(process.StandardOutput.BaseStream, either.Token) is not { } stdout)
            {
                return Failed($"it answers with more than {MaxBytes / 1024} KiB");
            }

            await errors;
            await process.WaitForExitAsync(either.Token);
            return new ProgramResult(process.ExitCode, stdout);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"it gives no answer within {Timeout.TotalSeconds:0} s");
        }
        finally
        {
            End(process);
        }
    }

    /// <summary>The file of a program on the search path; null where there is none. Never one of the working directory.</summary>
    public static string? Find(string name, string? searchPath) =>
        (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static ProcessStartInfo Start(string path, IEnumerable<string> args, IEnumerable<KeyValuePair<string, string>> variables)
    {
        var start = new ProcessStartInfo(path, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var own in start.Environment.Keys.Where(name => name.StartsWith("SLIPWAY_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(own);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task WriteAsync(StreamWriter stdin, ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        try
        {
            await stdin.BaseStream.WriteAsync(question, cancellationToken);
            stdin.Close();
        }
        catch (IOException)
        {
            // It does not read its question. Its answer, or its end, will tell what that means.
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stdout, CancellationToken cancellationToken)
    {
        var answer = new ArrayBufferWriter<byte>();
        while (answer.WrittenCount <= MaxBytes)
        {
            var read = await stdout.ReadAsync(answer.GetMemory(4096), cancellationToken);
            if (read == 0)
            {
                return answer.WrittenMemory;
            }

            answer.Advance(read);
        }

        return null;
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It has ended already, as it should.
        }
    }

    private static ProgramResult Failed(string why) => new(-1, default, why);
}
