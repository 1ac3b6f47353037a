using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Sandbox.Registry;

namespace Slipway.EndToEnd.Harness;

/// <summary>Builds real images of the test program and pushes them to the real registry.</summary>
internal sealed class Shipyard(string registry, RegistryLogin? login, ReadOnlyMemory<byte> program) : IDisposable
{
    private readonly RegistryConnection _connection = new(new Uri($"http://{registry}"), login);

    public string Registry => registry;

    /// <summary>Compiles the program of the images, statically, so that an image needs nothing else.</summary>
    public static async Task<ReadOnlyMemory<byte>> CompileAsync()
    {
        var output = Path.Combine(Path.GetTempPath(), $"slipway-shop-{Environment.ProcessId}");
        var source = Path.Combine(AppContext.BaseDirectory, "Workload", "shop.c");
        var (exit, said) = await RunningProcess.RunAsync("gcc", ["-static", "-O2", "-Wall", "-Werror", "-s", "-o", output, source]);
        if (exit != 0)
        {
            throw new InvalidOperationException($"{source} does not compile:\n{said}");
        }

        var program = await File.ReadAllBytesAsync(output);
        File.Delete(output);
        return program;
    }

    /// <summary>Pushes a version that runs, or one that ends at once; returns its digest.</summary>
    public Task<string> PushAsync(string repository, string version, bool crashes = false, params string[] alsoAs) =>
        new ImagePusher(_connection).PushAsync(repository, Build(version, crashes), CancellationToken.None, [version, .. alsoAs]);

    /// <param name="errorPercent">So many of a hundred requests does it answer with an error, wherever it runs.</param>
    public BuiltImage Build(string version, bool crashes = false, int errorPercent = 0)
    {
        var env = ImmutableSortedDictionary<string, string>.Empty.Add("VERSION", version);
        return new ImageBuilder { Entrypoint = ["/shop"], Env = crashes ? env.Add("CRASH", "1") : env }
            .WithLayer(new LayerFile("shop", program, LayerFile.Executable))
            .WithLayer(new LayerFile("error-percent", Encoding.ASCII.GetBytes(errorPercent.ToString(CultureInfo.InvariantCulture))))
            .Build();
    }

    public Task<string> PushAsync(string repository, BuiltImage image, params string[] tags) =>
        new ImagePusher(_connection).PushAsync(repository, image, CancellationToken.None, tags);

    public void Dispose() => _connection.Dispose();
}
